import { utf8 } from './bytes';

/** How the textual opcodes of pickles write values. Lines have one character a byte. */

const escapes: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', f: '\f', v: '\v', '\n': '' },
};

/** `STRING`: a quoted text with Python's escapes; `null` where the quotes do not match. */
export function quotedText(line: string): string | null {
  const text = line.trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote)) return null;
  return text.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g, (_, rest: string) => {
    if (/^x./.test(rest)) return String.fromCharCode(Number.parseInt(rest.slice(1), 16));
    if (/^[0-7]/.test(rest)) return String.fromCharCode(Number.parseInt(rest, 8) & 255);
    return escapes[rest] ?? rest;
  });
}

/** `UNICODE`: raw text in which only `\uXXXX` and `\UXXXXXXXX` are escapes. */
export function rawUnicode(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short, long) => {
    const code = Number.parseInt(short ?? long, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** `GLOBAL` and `INST` write names as UTF-8. */
export function lineAsUtf8(line: string): string {
  return utf8(Buffer.from(line, 'latin1'));
}

/** `INT` and `LONG`: decimal, `00` and `01` are false and true, a long may end in `L`. */
export function decimal(line: string): number | bigint | boolean | null {
  const text = line.trim();
  if (text === '00' || text === '01') return text === '01';
  if (!/^[+-]?\d{1,4000}L?$/.test(text)) return null;
  const value = BigInt(text.replace(/^\+/, '').replace(/L$/, ''));
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Two's complement, little-endian: `BININT`, `LONG1`, `LONG4`. */
export function signedLittle(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--) {
    value = (value << 8n) | BigInt(bytes[index] ?? 0);
  }
  const signed = BigInt.asIntN(bytes.length * 8, value);
  const number = Number(signed);
  return Number.isSafeInteger(number) ? number : signed;
}

/**
 * `PUT` and `GET`: a key of the memo, as Python reads whole numbers (signs, spaces, zeros, underscores
 * between digits); `null` for a line that is none.
 */
export function memoKey(line: string): number | null {
  const text = line.trim();
  return /^[+-]?\d+(?:_\d+)*$/.test(text) ? Number(text.replaceAll('_', '')) : null;
}
