/** A leaf of a parameter tree: what JSON can hold, lists included; objects are flattened away. */
export type ParameterValue = null | boolean | number | string | readonly ParameterValue[];

export type Parameters = Readonly<Record<string, ParameterValue>>;

/** Deeper nesting than this is no parameter file but data; the found depth is told. */
export const maximumParameterDepth = 32;

/**
 * Flattens nested parameters with dots: `{optimizer: {lr: 1}}` becomes `{'optimizer.lr': 1}`.
 * Lists of leaves stay values; lists that hold objects are flattened by index. Empty objects
 * vanish. What JSON cannot hold becomes its name (`NaN`, `Infinity`), dates their ISO form.
 */
export function flattenParameters(tree: unknown): Record<string, ParameterValue> {
  const flat: Record<string, ParameterValue> = Object.create(null);
  flattenInto(flat, '', tree, 0);
  return { ...flat };
}

function flattenInto(
  flat: Record<string, ParameterValue>,
  prefix: string,
  value: unknown,
  depth: number,
): void {
  if (depth > maximumParameterDepth)
    throw new RangeError(`nesting deeper than ${depth - 1} levels`);
  if (isBranch(value)) {
    for (const [key, child] of Object.entries(value)) {
      flattenInto(flat, prefix === '' ? key : `${prefix}.${key}`, child, depth + 1);
    }
  } else if (prefix !== '') {
    flat[prefix] = leaf(value);
  }
}

function isBranch(value: unknown): value is object {
  if (Array.isArray(value)) return value.some((child) => isBranch(child));
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

function leaf(value: unknown): ParameterValue {
  if (Array.isArray(value)) return value.map(leaf);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return null;
}

/** Whether two parameter values are the same: `1` and `1.0` are, `1` and `"1"` are not. */
export function sameParameter(
  a: ParameterValue | undefined,
  b: ParameterValue | undefined,
): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, index) => sameParameter(value, b[index]));
  }
  return Object.is(a, b) || (a === 0 && b === 0);
}

export interface ParameterChange {
  readonly key: string;
  /** `undefined` where the parameter was not there (left out of JSON). */
  readonly from?: ParameterValue;
  readonly to?: ParameterValue;
  readonly status: 'added' | 'deleted' | 'modified';
}

/** What differs between two sets of parameters, sorted by key. */
export function compareParameters(from: Parameters, to: Parameters): ParameterChange[] {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return keys
    .filter(
      (key) =>
        !(Object.hasOwn(from, key) && Object.hasOwn(to, key)) || !sameParameter(from[key], to[key]),
    )
    .map((key) => {
      if (!Object.hasOwn(from, key)) return { key, to: to[key], status: 'added' };
      if (!Object.hasOwn(to, key)) return { key, from: from[key], status: 'deleted' };
      return { key, from: from[key], to: to[key], status: 'modified' };
    });
}
