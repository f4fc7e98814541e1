import type { ParameterValue } from '../core/parameters';

const barePart = /[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;
const texts = /"""(?:[^\\]|\\[\s\S])*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;
const number =
  /[+-]?(?:0x[0-9A-Fa-f_]+|0o[0-7_]+|0b[01_]+|inf|nan|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)(?![\w.:-])/y;
const word = /(?:true|false)(?!\w)/y;
const space = /[ \t]*/y;
const spaceAndComments = /(?:[ \t\r\n]|#[^\n]*)*/y;
const deepest = 8;

/** Reads TOML piece by piece; what does not fit is `null` or `undefined`, never thrown. */
export class TomlReader {
  position = 0;

  constructor(private readonly text: string) {}

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** To the beginning of the next line. */
  nextLine(): void {
    const end = this.text.indexOf('\n', this.position);
    this.position = end < 0 ? this.text.length : end + 1;
  }

  /** `[table]` or `[[array of tables]]`. */
  header(): { path: string[]; array: boolean } | null {
    this.take(space);
    if (this.text[this.position] !== '[') return null;
    const array = this.text.startsWith('[[', this.position);
    this.position += array ? 2 : 1;
    const path = this.parts();
    return path.length === 0 ? null : { path, array };
  }

  /** `a.b =`; the place is then before the value. */
  key(): string[] | null {
    const path = this.parts();
    return path.length > 0 && this.opens('=') ? path : null;
  }

  /** Whether this sign comes next; then it is behind, with the space around it. */
  opens(sign: string): boolean {
    this.take(space);
    if (this.text[this.position] !== sign) return false;
    this.position++;
    this.take(space);
    return true;
  }

  value(depth = 0): ParameterValue | undefined {
    if (depth > deepest) return undefined;
    if (this.text[this.position] === '[') return this.list(depth);
    const text = this.take(texts);
    if (text !== '') return unquoted(text);
    const flag = this.take(word);
    if (flag !== '') return flag === 'true';
    const digits = this.take(number);
    return digits === '' ? undefined : numberOf(digits);
  }

  private list(depth: number): ParameterValue[] | undefined {
    const items: ParameterValue[] = [];
    this.position++;
    for (;;) {
      this.take(spaceAndComments);
      if (this.text[this.position] === ']') {
        this.position++;
        return items;
      }
      const item = this.value(depth + 1);
      if (item === undefined || items.length > 1000) return undefined;
      items.push(item);
      this.take(spaceAndComments);
      if (this.text[this.position] === ',') this.position++;
      else if (this.text[this.position] !== ']') return undefined;
    }
  }

  private parts(): string[] {
    const parts: string[] = [];
    do {
      this.take(space);
      const part = this.take(barePart);
      if (part === '') return [];
      parts.push(/^["']/.test(part) ? part.slice(1, -1) : part);
    } while (this.opens('.'));
    return parts;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.position += found.length;
    return found;
  }
}

function numberOf(digits: string): number | string {
  const plain = digits.replaceAll('_', '').replace(/^\+/, '');
  if (/^-?inf$/.test(plain)) return plain.startsWith('-') ? '-Infinity' : 'Infinity';
  if (plain.endsWith('nan')) return 'NaN';
  const value = Number(plain);
  const exact = /[.eE]/.test(plain) || /^0[xob]/.test(plain) || Number.isSafeInteger(value);
  return exact ? value : plain;
}

const escapes: Readonly<Record<string, string>> = {
  ...{ b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', '"': '"', '\\': '\\' },
};

function unquoted(text: string): string {
  const long = text.startsWith('"""') || text.startsWith("'''");
  const body = long ? text.slice(3, -3).replace(/^\r?\n/, '') : text.slice(1, -1);
  if (text.startsWith("'")) return body;
  return body.replace(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|\s*\n\s*|([\s\S]))/g,
    (whole, short, wide, sign) => {
      const digits: string | undefined = short ?? wide;
      if (digits === undefined) return sign === undefined ? '' : (escapes[sign] ?? whole);
      const point = Number.parseInt(digits, 16);
      return point > 0x10ffff ? whole : String.fromCodePoint(point);
    },
  );
}
