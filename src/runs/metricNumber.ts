import { type JsonNumber, toJsonNumber } from '../core/version';

const missing = new Set(['', 'na', 'n/a', 'null', 'none', '-', '--', '<na>']);
const plain = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/**
 * The number that a cell or a text stands for: decimals, and `nan`, `inf`, `Infinity` in any case
 * with a sign. `null` for a cell that was left blank (`NA`, `null`, `None`, `-`), `undefined` for
 * anything else.
 */
export function metricNumber(text: string): JsonNumber | null | undefined {
  const cell = text.trim();
  if (plain.test(cell)) return toJsonNumber(Number(cell));
  const lower = cell.toLowerCase();
  if (missing.has(lower)) return null;
  if (/^[-+]?nan$/.test(lower)) return 'NaN';
  const infinite = /^([-+]?)inf(?:inity)?$/.exec(lower);
  if (infinite === null) return undefined;
  return infinite[1] === '-' ? '-Infinity' : 'Infinity';
}

/** The number of a JSON value: numbers, and texts that name what JSON cannot hold. */
export function metricValue(value: unknown): JsonNumber | null | undefined {
  if (typeof value === 'number') return toJsonNumber(value);
  if (value === null) return null;
  if (typeof value !== 'string') return undefined;
  const number = metricNumber(value);
  return typeof number === 'string' ? number : undefined;
}
