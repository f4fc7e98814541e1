import type { ArchitectureChange } from './architecture';
import type { TensorHistogram } from './tensorHistogram';

/** A tensor of one of the models that are compared. */
export interface ComparedTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

/**
 * How the values of two tensors of one shape differ, summed in double precision. Elements that are
 * NaN or infinite on either side are counted and left out of the sums.
 */
export interface TensorFigures {
  readonly elements: number;
  /** Elements that are not equal; NaN equals nothing. */
  readonly changed: number;
  /** ‖Δ‖₂, of the new values minus the old. */
  readonly distance: number;
  /** ‖Δ‖₂ / ‖W‖₂, of the old values; `null` where those are all zero. */
  readonly relative: number | null;
  readonly largest: number;
  /** `null` where one side is all zero. */
  readonly cosine: number | null;
  readonly notFinite: { readonly from: NotFinite; readonly to: NotFinite };
}

export interface NotFinite {
  readonly nan: number;
  readonly infinite: number;
}

/** `renamed`: the same values under another name. */
export type TensorStatus =
  | 'same'
  | 'changed'
  | 'added'
  | 'removed'
  | 'reshaped'
  | 'retyped'
  | 'renamed';

export interface TensorDifference {
  /** In the new model, else in the old. */
  readonly name: string;
  readonly status: TensorStatus;
  readonly from: ComparedTensor | null;
  readonly to: ComparedTensor | null;
  /** Of values that were compared; `null` for others, and where there was no need. */
  readonly figures: TensorFigures | null;
  /** Why values were not compared, a clause. */
  readonly why?: string;
  /** How the values of both are spread, over the same steps; where they were asked for. */
  readonly histograms?: { readonly from: TensorHistogram; readonly to: TensorHistogram };
}

/** The tensors of a layer or of a part of the model, together. */
export interface TensorGroup {
  /** The beginning that their names share. */
  readonly name: string;
  readonly tensors: number;
  /** Those that are not the same; a mere other name is no change. */
  readonly changed: number;
  readonly distance: number;
  /** `null` where nothing was compared by value. */
  readonly relative: number | null;
}

export interface WeightsComparison {
  /** Differences first, in the order of the new file; then what is the same. */
  readonly tensors: readonly TensorDifference[];
  readonly groups: readonly TensorGroup[];
  readonly whole: TensorGroup;
  /** `null` where one of the files does not tell its architecture. */
  readonly architecture: readonly ArchitectureChange[] | null;
  /** For people. */
  readonly sentences: readonly string[];
}

/** What a loop over the values gives; sums of squares and products. */
export interface TensorSums {
  readonly elements: number;
  readonly changed: number;
  readonly difference: number;
  readonly from: number;
  readonly to: number;
  readonly product: number;
  readonly largest: number;
  readonly fromNan: number;
  readonly fromInfinite: number;
  readonly toNan: number;
  readonly toInfinite: number;
}

export const noSums: TensorSums = {
  ...{ elements: 0, changed: 0, difference: 0, from: 0, to: 0, product: 0, largest: 0 },
  ...{ fromNan: 0, fromInfinite: 0, toNan: 0, toInfinite: 0 },
};

export function addSums(a: TensorSums, b: TensorSums): TensorSums {
  return {
    elements: a.elements + b.elements,
    changed: a.changed + b.changed,
    difference: a.difference + b.difference,
    from: a.from + b.from,
    to: a.to + b.to,
    product: a.product + b.product,
    largest: Math.max(a.largest, b.largest),
    fromNan: a.fromNan + b.fromNan,
    fromInfinite: a.fromInfinite + b.fromInfinite,
    toNan: a.toNan + b.toNan,
    toInfinite: a.toInfinite + b.toInfinite,
  };
}

export function figuresOf(sums: TensorSums): TensorFigures {
  const { elements, changed, difference, from, to, product, largest } = sums;
  const norms = Math.sqrt(from) * Math.sqrt(to);
  return {
    ...{ elements, changed, distance: Math.sqrt(difference), largest },
    relative: from === 0 ? null : Math.sqrt(difference) / Math.sqrt(from),
    cosine: norms === 0 ? null : product / norms,
    notFinite: {
      from: { nan: sums.fromNan, infinite: sums.fromInfinite },
      to: { nan: sums.toNan, infinite: sums.toInfinite },
    },
  };
}

/** A layer's tensors share all but the last part of their names. */
export function layerOf(name: string): string {
  const parts = name.split(/[./]/);
  return parts.length === 1 ? name : name.slice(0, name.length - (parts.at(-1) ?? '').length - 1);
}

/**
 * The first part of a name that sets a tensor apart: `head` of `model.head.out.weight`, and
 * `layers.0` of `model.layers.0.weight`, since a number alone says nothing.
 */
function partOf(name: string): string {
  const [prefix = ''] = prefixes.exec(name) ?? [];
  const first = name.slice(prefix.length).split(/[./]/)[0] ?? name;
  const last = prefix.split(/[./]/).at(-2);
  return last !== undefined && /^\d+$/.test(first) ? `${last}.${first}` : first;
}

const prefixes = /^(?:(?:module|model|_orig_mod|state_dict|model_weights|layers|transformer)[./])+/;
const normalPrefixes = /^(?:(?:module|model|_orig_mod|state_dict)\.)+/;

/** A name without what wrapping a model puts before it. */
export function normalName(name: string): string {
  return name.replace(normalPrefixes, '');
}

/** Sums over tensors that have one key. */
export function groupsOf(
  tensors: readonly TensorDifference[],
  key: (name: string) => string,
): TensorGroup[] {
  const groups = new Map<string, TensorDifference[]>();
  for (const tensor of tensors) {
    const name = key(tensor.name);
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [tensor]);
    else known.push(tensor);
  }
  return [...groups].map(([name, members]) => groupOf(name, members));
}

/** ‖Δ‖ of all together, over ‖W‖ of those that were compared by value. */
export function groupOf(name: string, members: readonly TensorDifference[]): TensorGroup {
  let difference = 0;
  let weights = 0;
  for (const { figures } of members) {
    if (figures === null) continue;
    difference += figures.distance ** 2;
    if (figures.relative !== null && figures.relative > 0) {
      weights += (figures.distance / figures.relative) ** 2;
    }
  }
  return {
    name,
    tensors: members.length,
    changed: members.filter(({ status }) => status !== 'same' && status !== 'renamed').length,
    distance: Math.sqrt(difference),
    relative: weights === 0 ? null : Math.sqrt(difference / weights),
  };
}

const mostParts = 8;

/** "backbone unchanged", "head: 4 of 4 tensors changed, largest ‖Δ‖/‖W‖ 0.31 in head.out.weight". */
export function weightsSentences(tensors: readonly TensorDifference[]): string[] {
  if (tensors.length === 0) return [];
  const parts = groupsOf(tensors, partOf);
  if (tensors.every(({ status }) => status === 'same')) return ['All tensors are the same.'];
  const renamed = new Set(
    tensors.filter(({ status }) => status === 'renamed').map(({ name }) => partOf(name)),
  );
  const touched = parts.filter(({ name, changed }) => changed > 0 || renamed.has(name));
  const unchanged = parts.filter(({ name, changed }) => changed === 0 && !renamed.has(name));
  const sentences = touched.slice(0, mostParts).map((part) => partSentence(part, tensors));
  if (touched.length > mostParts)
    sentences.push(`${touched.length - mostParts} more parts changed`);
  if (unchanged.length === 0) return sentences;
  const names = unchanged.slice(0, mostParts).map(({ name }) => name);
  const rest = unchanged.length - names.length;
  return [`${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''} unchanged`, ...sentences];
}

function partSentence(part: TensorGroup, tensors: readonly TensorDifference[]): string {
  const members = tensors.filter(({ name }) => partOf(name) === part.name);
  const far = members
    .filter(({ figures }) => (figures?.relative ?? 0) > 0)
    .sort((a, b) => (b.figures?.relative ?? 0) - (a.figures?.relative ?? 0))[0];
  const largest = far?.figures?.relative;
  const where =
    far === undefined || typeof largest !== 'number'
      ? ''
      : `, largest ‖Δ‖/‖W‖ ${Number(largest.toPrecision(2))} in ${far.name}`;
  const counts = (['added', 'removed', 'reshaped', 'retyped', 'renamed'] as const)
    .map((status) => [members.filter((one) => one.status === status).length, status] as const)
    .filter(([count]) => count > 0)
    .map(([count, status]) => `, ${count} ${status}`);
  return `${part.name}: ${part.changed} of ${part.tensors} tensors changed${counts.join('')}${where}`;
}
