/**
 * Reads what came from the other side of a boundary. A reader gives the value in its type, or
 * `undefined` for anything else: unknown keys, too long, too many, not of this kind.
 */
export type Reader<T> = (value: unknown) => T | undefined;

export type ReaderOf<R> = R extends Reader<infer T> ? T : never;

type Readers = Readonly<Record<string, Reader<unknown>>>;
type Shape<R extends Readers> = { readonly [K in keyof R]: ReaderOf<R[K]> };

/** Longest text a letter may hold, in UTF-16 units; a commit message or a filter is far shorter. */
const maximumText = 10_000;
const maximumLongText = 100_000_000;
/** Most items a list in a letter may hold. */
const maximumItems = 1_000;

export const text: Reader<string> = (value) =>
  typeof value === 'string' && value.length <= maximumText ? value : undefined;

/** Text as long as a picture or a table of everything is. */
export const longText: Reader<string> = (value) =>
  typeof value === 'string' && value.length <= maximumLongText ? value : undefined;

/** A whole number from 0 up to what a double holds exactly. */
export const count: Reader<number> = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

export const flag: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** A finite number, or `null`. */
export const fraction: Reader<number | null> = (value) =>
  value === null || (typeof value === 'number' && Number.isFinite(value)) ? value : undefined;

export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : reader(value));
}

export function oneOf<const T extends string>(...allowed: readonly T[]): Reader<T> {
  return (value) => allowed.find((one) => one === value);
}

export function list<T>(item: Reader<T>, most = maximumItems): Reader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > most) return undefined;
    const items: T[] = [];
    for (const one of value) {
      const read = item(one);
      if (read === undefined) return undefined;
      items.push(read);
    }
    return items;
  };
}

/** A plain object with exactly these keys; a key whose reader refuses its value refuses it all. */
export function shape<R extends Readers>(readers: R): Reader<Shape<R>> {
  const known = shapeWithin(readers);
  return (value) => {
    if (!isPlainObject(value)) return undefined;
    if (Object.keys(value).some((key) => !Object.hasOwn(readers, key))) return undefined;
    return known(value);
  };
}

/** A plain object with at least these keys; what else it holds is not looked at and left out. */
export function shapeWithin<R extends Readers>(readers: R): Reader<Shape<R>> {
  return (value) => {
    if (!isPlainObject(value)) return undefined;
    const read: Record<string, unknown> = {};
    for (const [key, reader] of Object.entries(readers)) {
      const part = Object.hasOwn(value, key) ? reader(value[key]) : undefined;
      if (part === undefined) return undefined;
      read[key] = part;
    }
    return read as Shape<R>;
  };
}

/** A request that says nothing but its name. */
export const nothing = shape({});

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
