import type { ParameterValue } from '../core/parameters';
import { findLiterals } from './literals';
import type { ParameterLanguage } from './parameterFinder';

/** How a value is to look: as the literal did that it takes the place of. */
interface Style {
  /** Whole numbers get `.0`. */
  readonly float: boolean;
  readonly quote: '"' | "'";
  readonly brackets: 'list' | 'tuple' | 'bare';
  /** The literal there was a number, so that a text of digits is one too. */
  readonly number: boolean;
}

const plain: Style = { float: false, quote: '"', brackets: 'list', number: false };

/** A value as Python writes it: `1e-7`, `"adam"`, `True`, `None`, `[64, 32]`. */
export function formatPython(value: ParameterValue): string {
  return format(value, plain);
}

/**
 * The text with the literal of this name (the last one, which counts) replaced by the value, and
 * everything else as it is; a float stays a float, a tuple a tuple, quotes the same quotes.
 * `null` where `findLiterals` finds no such name.
 */
export function replaceLiteral(text: string, name: string, value: ParameterValue): string | null {
  const literal = findLiterals(text).findLast((found) => found.name === name);
  if (literal === undefined) return null;
  const { start, end } = literal;
  const style = styleOf(text.slice(start, end), Array.isArray(literal.value));
  return text.slice(0, start) + format(value, style) + text.slice(end);
}

/**
 * A value as a file of this language writes it, in the style of the literal that it takes the place
 * of: a float stays a float, a tuple a tuple, quotes the same quotes.
 */
export function writtenAs(
  language: ParameterLanguage,
  literal: string,
  value: ParameterValue,
): string {
  switch (language) {
    case 'python':
    case 'notebook':
      return format(value, styleOf(literal, /^[([]/.test(literal)));
    case 'json':
      return JSON.stringify(value);
    case 'yaml':
      return yamlText(value, literal);
    case 'toml':
      return tomlText(value, literal);
  }
}

function yamlText(value: ParameterValue, literal: string): string {
  if (Array.isArray(value)) {
    return `[${value.map((item: ParameterValue) => yamlText(item, '""')).join(', ')}]`;
  }
  if (typeof value === 'number') return formatDecimal(value, literal);
  if (typeof value !== 'string') return String(value);
  // Only a plain word can stand without quotes, and only where the one before it did.
  const plain = /^[A-Za-z_][\w./-]*$/.test(value) && !/^["']/.test(literal);
  return plain && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value);
}

function tomlText(value: ParameterValue, literal: string): string {
  if (Array.isArray(value))
    return `[${value.map((item: ParameterValue) => tomlText(item, '')).join(', ')}]`;
  return typeof value === 'number' ? formatDecimal(value, literal) : JSON.stringify(value);
}

/** A whole number in the place of a fraction stays one: `1.0`. */
function formatDecimal(value: number, literal: string): string {
  const text = String(value);
  return /^-?\d+$/.test(text) && /^[-+]?\d*\.\d/.test(literal) ? `${text}.0` : text;
}

function styleOf(literal: string, sequence: boolean): Style {
  const first = /[\d.]|["']/.exec(literal)?.[0] ?? '';
  const hexadecimal = /0x/i.test(literal);
  const text = first === '"' || first === "'";
  return {
    float: !text && !hexadecimal && /\d\.|\.\d|\de[-+]?\d/i.test(literal),
    quote: first === "'" ? "'" : '"',
    brackets: sequence ? bracketsOf(literal) : 'list',
    number: /^[-+\s]*[\d.]/.test(literal),
  };
}

function bracketsOf(literal: string): Style['brackets'] {
  if (literal.startsWith('(')) return 'tuple';
  return literal.startsWith('[') ? 'list' : 'bare';
}

function format(value: ParameterValue, style: Style): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return formatNumber(value, style.float);
  if (typeof value === 'string') return formatText(value, style);
  const inner: Style = { ...style, brackets: style.brackets === 'bare' ? 'tuple' : style.brackets };
  const items = value.map((item) => format(item, inner)).join(', ');
  // One item makes a tuple only with a comma, and none only with parentheses.
  const only = value.length === 1 ? ',' : '';
  if (style.brackets === 'bare' && value.length > 0) return `${items}${only}`;
  return style.brackets === 'list' ? `[${items}]` : `(${items}${only})`;
}

function formatNumber(value: number, float: boolean): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value > 0 ? 'float("inf")' : 'float("-inf")';
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  return float && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function formatText(value: string, { quote, number }: Style): string {
  if (number && /^-?\d+$/.test(value)) return value;
  if (number && /^(?:NaN|-?Infinity)$/.test(value)) return formatNumber(Number(value), true);
  // JSON's escapes are Python's too.
  const quoted = JSON.stringify(value);
  if (quote === '"') return quoted;
  return `'${quoted.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
