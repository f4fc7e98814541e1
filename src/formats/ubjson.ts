import { type Cursor, EndOfFile } from './cursor';

/**
 * UBJSON, as XGBoost writes it: JSON with lengths, numbers in network order, and arrays of one type of
 * number in a row. Those are told by their place and not read.
 * https://ubjson.org, https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html
 */
export type UbjsonValue =
  | string
  | number
  | boolean
  | null
  | readonly UbjsonValue[]
  | UbjsonNumbers
  | { readonly [key: string]: UbjsonValue };

/** An array of numbers where it lies. */
export class UbjsonNumbers {
  constructor(
    readonly type: string,
    readonly count: number,
    readonly offset: number,
  ) {}
}

const widths: Readonly<Record<string, number>> = {
  ...{ i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 },
};
const deepest = 64;
const longestText = 1 << 20;
/** Every value is kept in memory, but for arrays of numbers: a million trees stay below. */
const mostValues = 4_000_000;

/** Bytes of one number of a type; 0 for a type that is none. */
export function ubjsonWidth(type: string): number {
  return (Object.hasOwn(widths, type) ? widths[type] : 0) ?? 0;
}

/** Reads the value at the cursor's position. @throws EndOfFile also for what is no UBJSON */
export async function readUbjson(cursor: Cursor): Promise<UbjsonValue> {
  return await new UbjsonReader(cursor).value(await marker(cursor), 0);
}

async function marker(cursor: Cursor): Promise<string> {
  for (;;) {
    const found = String.fromCharCode(await cursor.u8());
    if (found !== 'N') return found;
  }
}

class UbjsonReader {
  #values = 0;

  constructor(private readonly cursor: Cursor) {}

  async value(type: string, depth: number): Promise<UbjsonValue> {
    if (depth > deepest || ++this.#values > mostValues) throw new EndOfFile(this.cursor.position);
    if (type === '[') return await this.#array(depth);
    if (type === '{') return await this.#object(depth);
    if (type === 'S' || type === 'H') return await this.#text();
    if (type === 'C') return String.fromCharCode(await this.cursor.u8());
    if (type === 'T' || type === 'F') return type === 'T';
    if (type === 'Z') return null;
    return await this.#number(type);
  }

  async #number(type: string): Promise<number> {
    const width = ubjsonWidth(type);
    if (width === 0) throw new EndOfFile(this.cursor.position);
    return await this.cursor.number(width, (view) => {
      if (type === 'd') return view.getFloat32(0);
      if (type === 'D') return view.getFloat64(0);
      if (type === 'U') return view.getUint8(0);
      if (type === 'i') return view.getInt8(0);
      if (type === 'I') return view.getInt16(0);
      return type === 'l' ? view.getInt32(0) : Number(view.getBigInt64(0));
    });
  }

  async #length(): Promise<number> {
    const length = await this.#number(await marker(this.cursor));
    if (!Number.isSafeInteger(length) || length < 0) throw new EndOfFile(this.cursor.position);
    return length;
  }

  async #text(): Promise<string> {
    return await this.cursor.text(await this.#length(), longestText);
  }

  /** `$type` and `#count` may stand before the items. */
  async #array(depth: number): Promise<UbjsonValue> {
    const { first, type, count } = await this.#head();
    if (type !== null && count !== null && ubjsonWidth(type) > 0) {
      const numbers = new UbjsonNumbers(type, count, this.cursor.position);
      this.cursor.skip(count * ubjsonWidth(type));
      return numbers;
    }
    const items: UbjsonValue[] = [];
    let next = first;
    for (; count === null ? next !== ']' : items.length < count; ) {
      items.push(await this.value(type ?? next ?? (await marker(this.cursor)), depth + 1));
      next = count === null ? await marker(this.cursor) : null;
    }
    return items;
  }

  async #object(depth: number): Promise<UbjsonValue> {
    const { first, type, count } = await this.#head();
    const entries: [string, UbjsonValue][] = [];
    let next = first;
    for (; count === null ? next !== '}' : entries.length < count; ) {
      const length = await this.#number(next ?? (await marker(this.cursor)));
      if (!(length >= 0)) throw new EndOfFile(this.cursor.position);
      const key = await this.cursor.text(length, longestText);
      entries.push([key, await this.value(type ?? (await marker(this.cursor)), depth + 1)]);
      next = count === null ? await marker(this.cursor) : null;
    }
    return Object.fromEntries(entries);
  }

  async #head(): Promise<{ first: string | null; type: string | null; count: number | null }> {
    let first: string | null = await marker(this.cursor);
    let type: string | null = null;
    if (first === '$') {
      type = await marker(this.cursor);
      first = await marker(this.cursor);
    }
    if (first !== '#') return { first, type, count: null };
    const count = await this.#length();
    // Whatever they are, so many values take at least a byte each, unless their type has no bytes.
    if (count > this.cursor.left && type === null)
      throw new EndOfFile(this.cursor.position + count);
    if (count > mostValues && ubjsonWidth(type ?? '') === 0) throw new EndOfFile(count);
    first = null;
    return { first, type, count };
  }
}
