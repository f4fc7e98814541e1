import { type RankCorrelation, rankCorrelation } from '../../../src/core/rankCorrelation';
import type { TableData } from './tableData';

export interface ParameterCorrelation extends RankCorrelation {
  readonly parameter: string;
}

/** Fewer pairs say little: they are marked. */
export const fewPairs = 10;

/**
 * How each numeric parameter goes with a metric among these rows, the strongest first. Those that
 * are no numbers, or the same everywhere, have none and are named apart.
 */
export function correlations(data: TableData, places: readonly number[], metric: string) {
  const column = `metric:${metric}`;
  const values = places.map((place) =>
    data.isStale(place, column) ? Number.NaN : data.number(place, column),
  );
  const parameters = data.view.columns.filter(({ kind }) => kind === 'parameter');
  const numeric = parameters.filter((one) => one.numeric && one.varies);
  const found = numeric.map(({ key }): ParameterCorrelation => {
    const own = places.map((place) => data.number(place, `parameter:${key}`));
    return { parameter: key, ...rankCorrelation(own, values) };
  });
  const ranked = found.filter(({ rho }) => rho !== null);
  ranked.sort((a, b) => Math.abs(b.rho ?? 0) - Math.abs(a.rho ?? 0));
  const counted = new Set(ranked.map(({ parameter }) => parameter));
  const left = parameters.filter(({ key }) => !counted.has(key)).map(({ key }) => key);
  return { ranked, left };
}
