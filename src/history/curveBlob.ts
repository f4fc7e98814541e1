import {
  type ChartAxis,
  type Curve,
  type CurveSet,
  chartAxes,
  fromJsonNumber,
  toJsonNumber,
} from '../core/version';

/**
 * Curves as bytes: the length of a JSON header (32 bits), the header, and numbers as 64-bit IEEE
 * values, all little-endian. A curve whose steps rise evenly (nearly all) keeps the first and the
 * distance in the header instead of its steps. Places on other axes follow the values, in the order
 * in which the header names those axes.
 */
interface Header {
  readonly name: string;
  readonly axis: Curve['axis'];
  readonly length: number;
  /** `null` where the steps are kept one by one. */
  readonly even: { readonly first: number; readonly by: number } | null;
  readonly also?: readonly ChartAxis[];
}

const axes: readonly unknown[] = ['epoch', 'step', 'index'];

function headerOf({ name, axis, steps, also }: Curve): Header {
  const first = steps[0] ?? 0;
  const by = (steps[1] ?? first + 1) - first;
  const isEven = steps.every((step, index) => step === first + index * by && !Object.is(step, -0));
  const header = { name, axis, length: steps.length, even: isEven ? { first, by } : null };
  return also === undefined ? header : { ...header, also: chartAxes.filter((one) => also[one]) };
}

function numbersOf(curve: Curve, header: Header): (readonly number[])[] {
  const { name, steps, values } = curve;
  if (steps.length !== values.length) {
    throw new TypeError(`curve ${name} has ${steps.length} steps and ${values.length} values`);
  }
  const points = values.map(fromJsonNumber);
  const others = (header.also ?? []).map((axis) => curve.also?.[axis] ?? []);
  if (others.some(({ length }) => length !== steps.length)) {
    throw new TypeError(`curve ${name} has not as many places on each axis`);
  }
  return [...(header.even === null ? [steps] : []), points, ...others];
}

/** @throws TypeError when a curve has not as many values as steps */
export function encodeCurves(curves: CurveSet): Uint8Array {
  const headers = curves.map(headerOf);
  const text = new TextEncoder().encode(JSON.stringify(headers));
  const lists = curves.flatMap((curve, index) => numbersOf(curve, headers[index] as Header));
  const count = lists.reduce((sum, list) => sum + list.length, 0);
  const bytes = new Uint8Array(4 + text.length + count * 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, text.length, true);
  bytes.set(text, 4);
  let at = 4 + text.length;
  for (const list of lists) {
    for (const value of list) {
      view.setFloat64(at, value, true);
      at += 8;
    }
  }
  return bytes;
}

/** @throws RangeError, SyntaxError or TypeError when the bytes are not what `encodeCurves` makes */
export function decodeCurves(bytes: Uint8Array): CurveSet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 4 + view.getUint32(0, true);
  const headers = headersIn(bytes.subarray(4, at));
  const take = (length: number): number[] => {
    const from = at;
    at += length * 8;
    return Array.from({ length }, (_, index) => view.getFloat64(from + index * 8, true));
  };
  const curves = headers.map(({ name, axis, length, even, also }): Curve => {
    const lists = (even === null ? 2 : 1) + (also?.length ?? 0);
    // Before anything of that length is made.
    if (at + length * 8 * lists > bytes.length) throw new RangeError('cut off');
    const steps = even === null ? take(length) : evenSteps(length, even);
    const curve = { name, axis, steps, values: take(length).map(toJsonNumber) };
    if (also === undefined) return curve;
    return { ...curve, also: Object.fromEntries(also.map((one) => [one, take(length)])) };
  });
  if (at !== bytes.length) throw new RangeError('bytes after the last curve');
  return curves;
}

function evenSteps(length: number, { first, by }: NonNullable<Header['even']>): number[] {
  return Array.from({ length }, (_, index) => first + index * by);
}

function headersIn(bytes: Uint8Array): Header[] {
  const headers: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  if (!Array.isArray(headers) || !headers.every(isHeader)) throw new RangeError('no header');
  return headers;
}

function isHeader(value: unknown): value is Header {
  const { name, axis, length, even, also = [] } = (value ?? {}) as Partial<Header>;
  if (typeof name !== 'string' || !axes.includes(axis)) return false;
  if (!Number.isSafeInteger(length) || (length ?? -1) < 0) return false;
  if (!Array.isArray(also) || !also.every((one) => chartAxes.includes(one))) return false;
  return even === null || (Number.isFinite(even?.first) && Number.isFinite(even?.by));
}
