import { type LaidCurve, placesKnown, secondsSince } from '../core/curveAxes';
import { type Points, pointsWithin, thinned } from '../core/curveSampling';
import { type Curve, toJsonNumber } from '../core/version';
import type { DatabaseFile, Value } from './databaseFile';
import type { SeriesQuery } from './runHistory';
import { numbersIn } from './runWriting';

interface SeriesRow {
  readonly id: number;
  readonly name: string;
  readonly axis: Curve['axis'];
}

interface Summary {
  readonly chunk: number;
  readonly points: number;
  readonly first: number;
  readonly last: number;
  readonly low: number | null;
  readonly lowStep: number | null;
  readonly high: number | null;
  readonly highStep: number | null;
}

/**
 * A run's curves. With a `width` each has about that many points at most: where the chunks in the
 * range are enough for a picture of that width their extremes are taken, and no point is read; else
 * the points are, and of each stretch the lowest and the highest are kept (what plots with a column
 * of pixels a stretch show, as in M4: Jugel et al., VLDB 2014).
 */
export function curvesOf(database: DatabaseFile, run: number, query: SeriesQuery): Curve[] {
  return seriesOf(database, run, query).map(({ id, name, axis }) => {
    const { steps, values, times } = pointsOf(database, id, query);
    const curve = { name, axis, steps: [...steps], values: Array.from(values, toJsonNumber) };
    return times === undefined ? curve : { ...curve, ...placesKnown({ time: [...times] }) };
  });
}

function seriesOf(
  database: DatabaseFile,
  run: number,
  { names }: Pick<SeriesQuery, 'names'>,
): SeriesRow[] {
  const sql = 'SELECT id, name, axis FROM run_series WHERE run = ? ORDER BY name';
  const rows = database.all<SeriesRow>(sql, run);
  const wanted = names === undefined ? null : new Set(names);
  return rows.filter(({ name }) => wanted === null || wanted.has(name));
}

/** As `RunHistory.beginning`. */
export function beginningOfRun(database: DatabaseFile, run: number): number | null {
  const rows = database.all<Pick<PointRow, 'times'>>(
    `SELECT times FROM run_points p JOIN run_series s ON s.id = p.series
      WHERE s.run = ? AND chunk = 0`,
    run,
  );
  let first = Number.POSITIVE_INFINITY;
  for (const { times } of rows) {
    const known = times === undefined ? undefined : numbersIn(times).find(Number.isFinite);
    if (known !== undefined && known < first) first = known;
  }
  return Number.isFinite(first) ? first : null;
}

/** As `RunHistory.timedCurves`. The chunks tell steps alone, so every point is read. */
export function timedCurvesOf(
  database: DatabaseFile,
  run: number,
  query: Omit<SeriesQuery, 'until' | 'withTimes'>,
): LaidCurve[] {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, width } = query;
  const beginning = beginningOfRun(database, run);
  return seriesOf(database, run, query).map(({ id, name }) => {
    const { steps: _, values, times } = wholePoints(database, id, { withTimes: true });
    const seconds = (times ?? []).map((time) => secondsSince(time, beginning));
    const known = withoutUnknown({ steps: seconds, values });
    const within = pointsWithin(known, from, to);
    const drawn = width === undefined ? within : thinned(within, width);
    const { steps } = drawn;
    return {
      name,
      axis: 'time',
      steps: [...steps],
      values: Array.from(drawn.values, toJsonNumber),
    };
  });
}

function withoutUnknown(points: Points): Points {
  const { steps, values } = points;
  if (steps.every((step) => Number.isFinite(step))) return points;
  const kept = [...steps.keys()].filter((index) => Number.isFinite(steps[index] as number));
  const pick = (list: Points['steps']) => kept.map((index) => list[index] as number);
  return { steps: pick(steps), values: pick(values) };
}

/** With the time of each point where it was asked for. */
interface TimedPoints extends Points {
  readonly times?: Float64Array;
}

function pointsOf(database: DatabaseFile, series: number, query: SeriesQuery): TimedPoints {
  const { width } = query;
  if (width === undefined) return wholePoints(database, series, query);
  const chunks = summaries(database, series, query);
  // Two points a chunk: half as many chunks as the width is are a full picture.
  const isLong = chunks.length >= Math.max(4, width / 4) && query.until === undefined;
  if (isLong) return outline(database, series, chunks, query);
  return thinned(wholePoints(database, series, query), width);
}

function rangeClause({ from, to }: SeriesQuery): { sql: string; values: Value[] } {
  return {
    sql: `${from === undefined ? '' : 'AND last_step >= ?'} ${to === undefined ? '' : 'AND first_step <= ?'}`,
    values: [from, to].filter((bound) => bound !== undefined),
  };
}

function summaries(database: DatabaseFile, series: number, query: SeriesQuery): Summary[] {
  const { sql, values } = rangeClause(query);
  return database.all<Summary>(
    `SELECT chunk, points, first_step AS first, last_step AS last, low, low_step AS lowStep, high,
        high_step AS highStep FROM run_points WHERE series = ? ${sql} ORDER BY chunk`,
    ...[series, ...values],
  );
}

interface PointRow {
  readonly points: number;
  readonly first: number;
  readonly last: number;
  readonly steps: Uint8Array;
  readonly vals: Uint8Array;
  readonly times?: Uint8Array;
}

/** Every point in the range. */
function wholePoints(
  database: DatabaseFile,
  series: number,
  query: SeriesQuery,
  chunk?: number,
): TimedPoints {
  const { sql, values } = rangeClause(query);
  const one = chunk === undefined ? '' : 'AND chunk = ?';
  const isTimed = query.until !== undefined || query.withTimes === true;
  const rows = database.all<PointRow>(
    `SELECT points, first_step AS first, last_step AS last, steps, vals${isTimed ? ', times' : ''}
      FROM run_points WHERE series = ? ${sql} ${one} ORDER BY chunk`,
    ...[series, ...values, ...(chunk === undefined ? [] : [chunk])],
  );
  const most = rows.reduce((sum, { points }) => sum + points, 0);
  const into = {
    ...{ steps: new Float64Array(most), values: new Float64Array(most) },
    times: isTimed ? new Float64Array(most) : null,
  };
  let length = 0;
  for (const row of rows) length = copyPoints(row, query, into, length);
  const points = { steps: into.steps.subarray(0, length), values: into.values.subarray(0, length) };
  return into.times === null ? points : { ...points, times: into.times.subarray(0, length) };
}

interface CopiedPoints {
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly times: Float64Array | null;
}

/** Copies what is in the range behind the first `length`; returns how many there are then. */
function copyPoints(
  row: PointRow,
  query: SeriesQuery,
  { steps, values, times: intoTimes }: CopiedPoints,
  length: number,
): number {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, until } = query;
  const [own, vals] = [numbersIn(row.steps), numbersIn(row.vals)];
  const times = row.times === undefined ? null : numbersIn(row.times);
  if (row.first >= from && row.last <= to && until === undefined) {
    steps.set(own, length);
    values.set(vals, length);
    if (times !== null) intoTimes?.set(times, length);
    return length + own.length;
  }
  let end = length;
  for (let index = 0; index < own.length; index++) {
    const step = own[index] as number;
    // A point whose time nobody knows was there from the beginning.
    const time = times?.[index] ?? Number.NaN;
    const isLater = until !== undefined && time > until;
    if (step < from || step > to || isLater) continue;
    steps[end] = step;
    values[end] = vals[index] as number;
    if (intoTimes !== null) intoTimes[end] = time;
    end++;
  }
  return end;
}

/** Extremes of whole chunks; of those that stick out of the range their points. */
function outline(
  database: DatabaseFile,
  series: number,
  chunks: readonly Summary[],
  query: SeriesQuery,
): Points {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
  const found = { steps: [] as number[], values: [] as number[] };
  const add = (step: number | null, value: number | null) => {
    if (step === null || value === null) return;
    found.steps.push(step);
    found.values.push(value);
  };
  for (const { chunk, first, last, low, lowStep, high, highStep } of chunks) {
    if (first < from || last > to) {
      const part = thinned(wholePoints(database, series, query, chunk), 2);
      for (const [index, step] of part.steps.entries()) add(step, part.values[index] ?? null);
    } else if (lowStep !== null && highStep !== null && lowStep <= highStep) {
      add(lowStep, low);
      if (lowStep !== highStep) add(highStep, high);
    } else {
      add(highStep, high);
      add(lowStep, low);
    }
  }
  return found;
}
