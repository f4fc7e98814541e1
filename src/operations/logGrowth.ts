import type { SeriesPoints } from '../core/run';

/** What is remembered of a series to see whether it grew: how long it is, and its ends. */
interface Mark {
  readonly points: number;
  readonly first: number;
  readonly last: number;
  readonly lastStep: number;
}

/** A log as it was at one look. */
export type LogMarks = ReadonlyMap<string, Mark>;

export function marksOf(series: readonly SeriesPoints[]): LogMarks {
  return new Map(
    series.map(({ name, steps, values }) => [
      name,
      {
        points: values.length,
        first: values[0] ?? Number.NaN,
        last: values.at(-1) ?? Number.NaN,
        lastStep: steps.at(-1) ?? Number.NaN,
      },
    ]),
  );
}

/** What happened to a log between two looks. */
export type Growth =
  | { readonly kind: 'same' | 'other' }
  | {
      readonly kind: 'grown';
      readonly added: readonly SeriesPoints[];
      /** The file holds one point at a time: what it held before is nowhere else. */
      readonly replaced: boolean;
    };

/**
 * Whether a log grew: everything that was there still is, and there is more behind it; or it holds
 * one point of each metric, and that is a later one now. Anything else that changed is another log.
 */
export function growthOf(before: LogMarks, series: readonly SeriesPoints[]): Growth {
  if (before.size > 0 && isNextPoint(before, series)) {
    return { kind: 'grown', added: series, replaced: true };
  }
  const names = new Set(series.map(({ name }) => name));
  if ([...before.keys()].some((name) => !names.has(name))) return { kind: 'other' };
  const added: SeriesPoints[] = [];
  for (const one of series) {
    const mark = before.get(one.name);
    if (mark !== undefined && !continues(mark, one)) return { kind: 'other' };
    const rest = after(one, mark?.points ?? 0);
    if (rest.steps.length > 0) added.push(rest);
  }
  return added.length === 0 ? { kind: 'same' } : { kind: 'grown', added, replaced: false };
}

function continues({ points, first, last }: Mark, { values }: SeriesPoints): boolean {
  if (values.length < points) return false;
  return points === 0 || (Object.is(values[0], first) && Object.is(values[points - 1], last));
}

function isNextPoint(before: LogMarks, series: readonly SeriesPoints[]): boolean {
  const later = ({ name, steps }: SeriesPoints) => {
    const mark = before.get(name);
    return steps.length === 1 && mark?.points === 1 && (steps[0] ?? 0) > mark.lastStep;
  };
  return series.length > 0 && series.every(later);
}

function after(series: SeriesPoints, points: number): SeriesPoints {
  const { name, axis, steps, values, times } = series;
  if (points === 0) return series;
  return {
    ...{ name, axis, steps: steps.slice(points) },
    ...{ values: values.slice(points), times: times.slice(points) },
  };
}

/** Whether a log has just been begun: it holds one point of each metric, at a step or an epoch. */
export function isBeginning(series: readonly SeriesPoints[]): boolean {
  return (
    series.length > 0 && series.every(({ steps, axis }) => steps.length === 1 && axis !== 'index')
  );
}
