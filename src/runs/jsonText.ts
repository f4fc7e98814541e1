/** A JSON text that was read, with the line of every value. */
export interface JsonDocument {
  readonly value: unknown;
  /** Line (from 1) by path: keys and indexes joined with dots. */
  readonly lines: ReadonlyMap<string, number>;
  /** Keys that came twice in one object, by path; the last value counts. */
  readonly duplicates: readonly { readonly key: string; readonly line: number }[];
}

export class JsonProblem extends Error {
  override readonly name = 'JsonProblem';
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

const deepest = 256;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const words: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};
const word = /-?[A-Za-z]+/y;

/**
 * Reads JSON (RFC 8259) and also `NaN`, `Infinity` and `-Infinity`, which Python's `json` writes.
 * Whole numbers that JavaScript cannot hold exactly become their text. @throws JsonProblem
 */
export function readJson(text: string): JsonDocument {
  return new JsonReading(text).read();
}

/** The value alone, quickly where the text is plain JSON. @throws JsonProblem */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // It may only hold NaN; if not, this tells the line.
    return readJson(text).value;
  }
}

class JsonReading {
  readonly #lines = new Map<string, number>();
  readonly #duplicates: { key: string; line: number }[] = [];
  #at = 0;
  #line = 1;

  constructor(private readonly text: string) {}

  read(): JsonDocument {
    const value = this.#value('', 0);
    this.#space();
    if (this.#at < this.text.length) this.#fail('something follows the end');
    return { value, lines: this.#lines, duplicates: this.#duplicates };
  }

  #fail(why: string): never {
    throw new JsonProblem(this.#line, why);
  }

  #space(): void {
    for (; this.#at < this.text.length; this.#at++) {
      const character = this.text[this.#at];
      if (character === '\n') this.#line++;
      else if (character !== ' ' && character !== '\t' && character !== '\r') return;
    }
  }

  #value(path: string, depth: number): unknown {
    if (depth > deepest) this.#fail(`nesting deeper than ${deepest} levels`);
    this.#space();
    if (path !== '') this.#lines.set(path, this.#line);
    const first = this.text[this.#at];
    if (first === '{') return this.#object(path, depth);
    if (first === '[') return this.#list(path, depth);
    if (first === '"') return this.#string();
    return this.#numberOrWord();
  }

  #object(path: string, depth: number): Record<string, unknown> {
    // Without a prototype, so that `__proto__` is a key like any other.
    const object: Record<string, unknown> = Object.create(null);
    this.#items('}', () => {
      if (this.text[this.#at] !== '"') this.#fail('a key in double quotes is missing');
      const line = this.#line;
      const key = this.#string();
      const full = path === '' ? key : `${path}.${key}`;
      this.#space();
      if (this.text[this.#at] !== ':') this.#fail('a colon is missing');
      this.#at++;
      if (Object.hasOwn(object, key)) this.#duplicates.push({ key: full, line });
      object[key] = this.#value(full, depth + 1);
    });
    return object;
  }

  #list(path: string, depth: number): unknown[] {
    const list: unknown[] = [];
    this.#items(']', () => {
      list.push(this.#value(path === '' ? '' : `${path}.${list.length}`, depth + 1));
    });
    return list;
  }

  /** Everything between two brackets; `item` reads one. */
  #items(close: string, item: () => void): void {
    this.#at++;
    this.#space();
    if (this.text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#space();
      item();
      this.#space();
      const next = this.text[this.#at];
      if (next === undefined) this.#fail('the text ends too early');
      this.#at++;
      if (next === close) return;
      if (next !== ',') {
        this.#at--;
        this.#fail(`a comma or ${close} is missing`);
      }
    }
  }

  #string(): string {
    const start = this.#at;
    for (let end = start + 1; end < this.text.length; end++) {
      const character = this.text[end];
      if (character === '\n') break;
      if (character === '\\') end++;
      else if (character === '"') {
        this.#at = end + 1;
        return this.#decoded(this.text.slice(start, end + 1));
      }
    }
    return this.#fail('a text has no end');
  }

  #decoded(literal: string): string {
    try {
      return JSON.parse(literal) as string;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return this.#fail('a text holds what JSON does not allow');
    }
  }

  #numberOrWord(): unknown {
    const named = this.#match(word);
    if (named !== null && Object.hasOwn(words, named)) return words[named];
    const digits = named === null ? this.#match(number) : null;
    if (digits === null) this.#fail('a value is missing');
    const value = Number(digits);
    const whole = /^-?\d+$/.test(digits);
    return whole && String(value) !== digits && !Number.isSafeInteger(value) ? digits : value;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }
}
