import type { ParameterValue } from './parameters';
import { fromJsonNumber, type JsonNumber } from './version';

/** A metric's value with four significant digits: `0.951`, `0.9513`, `12346`, `1.2e-7`, `NaN`. */
export function figure(value: JsonNumber): string {
  return withDigits(fromJsonNumber(value), 4);
}

/** Whole numbers stay whole: a seed or a count is wrong when it is rounded. */
function withDigits(number: number, digits: number): string {
  if (!Number.isFinite(number)) return String(number);
  if (Number.isInteger(number) && Math.abs(number) < 1e15) return String(number);
  // Beyond that JavaScript itself writes an exponent, behind every digit.
  const isPlain = Math.abs(number) < 1e21;
  if (isPlain && Math.abs(number) >= 10 ** digits) return String(Math.round(number));
  return String(Number(number.toPrecision(digits)));
}

/**
 * A parameter's value on one line: numbers with at most six significant digits, a text as it is, a
 * list with its items in brackets; cut with `…` when it is longer than `most` characters.
 */
export function parameterFigure(value: ParameterValue, most = 40): string {
  const line = valueText(value).replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length <= most ? line : `${letters.slice(0, most - 1).join('')}…`;
}

function valueText(value: ParameterValue): string {
  if (typeof value === 'number') return withDigits(value, 6);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  return String(value);
}

/** What a commit says that made no version, and put back what was damaged in the store, or gone. */
export function mendedText(bytes: number): string {
  return `The store had lost ${bytesText(bytes)} of its files, and has them again.`;
}

/** A size in decimal units with at most one digit behind the point: `512 B`, `12.3 MB`, `4 GB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${units[unit]}`;
}

/** A tensor's shape: `64 × 32`; `scalar` without dimensions. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join(' × ');
}
