import { type ParameterValue, sameParameter } from '../core/parameters';
import { ParameterTies, type ValueRun } from '../core/parameterTies';
import type {
  InlineParameter,
  InlineValues,
  PastValue,
  TextPart,
  TextsAsked,
} from '../core/pastValues';
import type { JsonNumber } from '../core/version';
import { type FoundText, looksLikeTraining, type SourceParameter } from '../source';
import { valuesIn } from './parameterHistoryFile';
import type { FilePast, ParameterHistoryIndex } from './parameterHistoryIndex';
import { placeOf } from './parameterHistoryPast';
import { currentOf, fullReferenceOrNull, primaryOf } from './resolve';
import type { Rooms } from './rooms';

/** Values that are told beside a line: the one it has, three earlier ones, and one more to know. */
const mostTold = 5;

/** A parameter of the texts, with what ties it to its past. */
export interface LiveParameter extends SourceParameter {
  readonly text: number;
  /** Which one at its path it is. */
  readonly occurrence: number;
}

/** What stands in the texts now. */
export interface LiveTexts {
  readonly found: readonly FoundText[];
  readonly parameters: readonly LiveParameter[];
  /** What ties them to their past. */
  readonly ties: ParameterTies;
}

/** Finds the parameters of the texts as they are now; only what was typed since is read again. */
export function liveTexts({ file, live }: FilePast, texts: readonly string[]): LiveTexts {
  const found = live.findInTexts(texts);
  const seen = new Map<string, number>();
  const parameters = found.flatMap((one, text) =>
    one.parameters.map((parameter): LiveParameter => {
      const occurrence = seen.get(parameter.path) ?? 0;
      seen.set(parameter.path, occurrence + 1);
      return { ...parameter, text, occurrence };
    }),
  );
  return { found, parameters, ties: new ParameterTies(file.timeline, valuesIn(parameters)) };
}

/** The runs of a parameter's values, newest first. */
export function runsOf({ ties }: LiveTexts, { path, occurrence }: LiveParameter): ValueRun[] {
  return ties.valuesOf(path, occurrence);
}

/**
 * The parameters of a file's text that have something to tell: other values in versions, or another
 * one than the current version. `null` for a file that no version of a model holds.
 */
export async function parameterHistory(
  rooms: Rooms,
  index: ParameterHistoryIndex,
  request: TextsAsked & {
    /** Also those that had one value ever. */
    readonly constants?: boolean;
    /** Left out: all of the texts. */
    readonly part?: TextPart;
  },
): Promise<InlineValues | null> {
  const filePast = await index.of(request.path);
  if (filePast === null) return null;
  const { model, past } = filePast;
  const live = liveTexts(filePast, request.texts);
  const current = fullReferenceOrNull(currentOf(rooms, model));
  const place = placeOf(past, current);
  const { part } = request;
  const told = live.parameters.flatMap((parameter) => {
    if (part !== undefined && !isIn(parameter, part)) return [];
    const runs = runsOf(live, parameter);
    const values = distinctValues(filePast, runs, mostTold);
    const now = valueAt(runs, place);
    return tellsSomething(parameter.value, now, values, request.constants === true)
      ? [{ parameter, values, now }]
      : [];
  });
  const firsts = new Set(told.flatMap(({ values }) => values.map(({ first }) => first)));
  const changes = await index.otherChanges(filePast, request.path, [...firsts]);
  const metric = (await primaryOf(rooms, model))?.metric ?? null;
  return {
    ...{ model, metric, current, reading: filePast.reading },
    entryPoint: entryPointOf(live, request),
    parameters: told.map(({ parameter, values, now }): InlineParameter => {
      const { path, text, start, end, value } = parameter;
      const pastValues = values.map((one) => ({
        ...toldValue(filePast, one, metric),
        others: othersOf(changes, one.first, parameter).length,
      }));
      return {
        ...{ path, text, start, end, value, past: pastValues },
        ...(now === undefined ? {} : { current: now }),
      };
    }),
  };
}

function isIn({ text, start, end }: LiveParameter, part: TextPart): boolean {
  return text === part.text && end >= part.from && start <= part.to;
}

/** One value with the newest version that had it, and the one in which it was last set. */
export interface DistinctValue {
  readonly value: ParameterValue;
  readonly newest: number;
  readonly first: number;
}

/** Distinct values newest first, those of living versions only. */
export function distinctValues(
  { past }: FilePast,
  runs: readonly ValueRun[],
  most: number,
): DistinctValue[] {
  const values = new Map<string, DistinctValue>();
  for (const { from, to, value } of runs) {
    const newest = past.livingUpTo[to] ?? -1;
    const key = JSON.stringify(value);
    if (newest < from || values.has(key)) continue;
    values.set(key, { value, newest, first: from });
    if (values.size === most) break;
  }
  return [...values.values()];
}

/** What changed besides the parameter itself when its value was set. */
export function othersOf(
  changes: ReadonlyMap<number, readonly string[]>,
  place: number,
  { path }: { readonly path: string },
): string[] {
  return (changes.get(place) ?? []).filter((name) => name !== path);
}

function toldValue(
  { past }: FilePast,
  { value, newest }: DistinctValue,
  metric: string | null,
): Omit<PastValue, 'others'> {
  const version = past.versions[newest];
  const outcome: JsonNumber | undefined = metric === null ? undefined : version?.metrics[metric];
  return { value, version: version?.reference ?? '', metric: outcome ?? null };
}

function valueAt(runs: readonly ValueRun[], place: number | null): ParameterValue | undefined {
  if (place === null) return undefined;
  return runs.find(({ from, to }) => from <= place && place <= to)?.value;
}

function tellsSomething(
  value: ParameterValue,
  current: ParameterValue | undefined,
  values: readonly DistinctValue[],
  constants: boolean,
): boolean {
  const [first] = values;
  if (first === undefined) return false;
  if (constants || values.length > 1 || !sameParameter(first.value, value)) return true;
  return current !== undefined && !sameParameter(current, value);
}

const entryOrder = ['main', 'train', 'trainer', 'fit'] as const;

/** The one that a person would take for the beginning, in a text that trains. */
function entryPointOf({ found }: LiveTexts, { path, texts }: TextsAsked) {
  if (!texts.some((text) => looksLikeTraining(text, path))) return null;
  const points = found.flatMap(({ entryPoints }, text) =>
    entryPoints.map((point) => ({ ...point, text })),
  );
  for (const kind of entryOrder) {
    const point = points.find((one) => one.kind === kind);
    if (point !== undefined) return { text: point.text, start: point.start };
  }
  return null;
}
