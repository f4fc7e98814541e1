import type { ParameterValue } from '../core/parameters';
import type { ParameterDetail, TextsAsked, ValueRow } from '../core/pastValues';
import type { Direction, JsonNumber } from '../core/version';
import { fromJsonNumber } from '../core/version';
import { parameterLanguage, writtenAs } from '../source';
import {
  distinctValues,
  type LiveParameter,
  type LiveTexts,
  liveTexts,
  othersOf,
  runsOf,
} from './parameterHistory';
import type { FilePast, ParameterHistoryIndex } from './parameterHistoryIndex';
import { currentOf, fullReferenceOrNull, primaryOf } from './resolve';
import type { Rooms } from './rooms';

/** Rows of a table, the best ones; and points of its picture, the newest ones. */
const mostRows = 40;
const mostPoints = 400;

/** Everything about the parameter at a place in the texts; `null` where none has a past there. */
export async function parameterDetail(
  rooms: Rooms,
  index: ParameterHistoryIndex,
  request: TextsAsked & {
    readonly text: number;
    readonly offset: number;
  },
): Promise<ParameterDetail | null> {
  const filePast = await index.of(request.path);
  if (filePast === null) return null;
  const live = liveTexts(filePast, request.texts);
  const parameter = parameterAt(live, request);
  if (parameter === null) return null;
  const runs = runsOf(live, parameter);
  const primary = await primaryOf(rooms, filePast.model);
  const metricName = primary?.metric ?? null;
  const values = distinctValues(filePast, runs, Number.POSITIVE_INFINITY);
  if (values.length === 0) return null;
  const firsts = values.map(({ first }) => first);
  const changes = await index.otherChanges(filePast, request.path, firsts);
  const language = parameterLanguage(request.path) ?? 'python';
  const literal = (request.texts[request.text] ?? '').slice(parameter.start, parameter.end);
  const rows = values.map(({ value, first }): ValueRow => {
    const holders = placesWith(filePast, runs, value);
    return {
      value,
      written: writtenAs(language, literal, value),
      versions: holders.map((place) => filePast.past.versions[place]?.reference ?? ''),
      ...bestOf(filePast, holders, metricName, primary?.better ?? null),
      others: othersOf(changes, first, parameter),
    };
  });
  const { path, start, end, value } = parameter;
  return {
    ...{ model: filePast.model, metric: metricName, better: primary?.better ?? null },
    current: fullReferenceOrNull(currentOf(rooms, filePast.model)),
    ...{ path, text: request.text, start, end, value },
    rows: sorted(rows, primary?.better ?? null).slice(0, mostRows),
    points: pointsOf(filePast, runs, metricName),
  };
}

/** The one that the place is in; else the next one on its line, else the last one before. */
function parameterAt(
  { parameters }: LiveTexts,
  { texts, text, offset }: { texts: readonly string[]; text: number; offset: number },
): LiveParameter | null {
  const source = texts[text] ?? '';
  const begin = source.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = source.indexOf('\n', offset);
  const end = lineEnd < 0 ? source.length : lineEnd;
  const near = parameters.filter(
    (one) => one.text === text && one.end >= begin && one.start <= end,
  );
  return (
    near.find((one) => one.start <= offset && offset <= one.end) ??
    near.find((one) => one.start > offset) ??
    near.at(-1) ??
    null
  );
}

/** The living versions with a value, newest first. */
function placesWith(
  { past }: FilePast,
  runs: ReturnType<typeof runsOf>,
  value: ParameterValue,
): number[] {
  const key = JSON.stringify(value);
  return runs
    .filter((run) => JSON.stringify(run.value) === key)
    .flatMap(({ from, to }) => livingBetween(past.versions, from, to));
}

function livingBetween(
  versions: readonly { readonly living: boolean }[],
  from: number,
  to: number,
): number[] {
  const places: number[] = [];
  for (let place = to; place >= from; place--) if (versions[place]?.living) places.push(place);
  return places;
}

function bestOf(
  { past }: FilePast,
  places: readonly number[],
  metric: string | null,
  better: Direction | null,
): { metric: JsonNumber | null; at: string } {
  let best: { metric: JsonNumber | null; at: string } | null = null;
  for (const place of places) {
    const version = past.versions[place];
    if (version === undefined) continue;
    const value = metric === null ? null : (version.metrics[metric] ?? null);
    const one = { metric: value, at: version.reference };
    if (best === null || order(one.metric, best.metric, better) < 0) best = one;
  }
  return best ?? { metric: null, at: '' };
}

/** Below 0 where the first is better; what has no number comes last. */
function order(a: JsonNumber | null, b: JsonNumber | null, better: Direction | null): number {
  const number = (value: JsonNumber | null) =>
    value === null ? Number.NaN : fromJsonNumber(value);
  const [first, second] = [number(a), number(b)];
  if (Number.isNaN(first) || Number.isNaN(second))
    return Number(Number.isNaN(first)) - Number(Number.isNaN(second));
  if (better === null || first === second) return 0;
  return better === 'higher' ? second - first : first - second;
}

function sorted(rows: readonly ValueRow[], better: Direction | null): ValueRow[] {
  return better === null ? [...rows] : rows.toSorted((a, b) => order(a.metric, b.metric, better));
}

function pointsOf(
  { past }: FilePast,
  runs: ReturnType<typeof runsOf>,
  metric: string | null,
): [ParameterValue, JsonNumber][] {
  const points: [ParameterValue, JsonNumber][] = [];
  for (const { from, to, value } of runs) {
    for (const place of livingBetween(past.versions, from, to)) {
      const outcome = metric === null ? undefined : past.versions[place]?.metrics[metric];
      if (outcome !== undefined && points.length < mostPoints) points.push([value, outcome]);
    }
  }
  return points.reverse();
}
