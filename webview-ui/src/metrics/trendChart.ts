import { figure } from '../../../src/core/figures';
import type { Direction } from '../../../src/core/version';
import { axisLook, type OptionMaker, textLook, tooltipLook, wantsLog } from './charting';
import type { TableData } from './tableData';

/** A version's value of a metric. */
export interface TrendPoint {
  readonly reference: string;
  readonly title: string;
  readonly number: number;
  readonly value: number;
}

/** The versions among these rows with a number that counts, oldest first. */
export function trendPoints(
  data: TableData,
  places: readonly number[],
  metric: string,
): TrendPoint[] {
  const column = `metric:${metric}`;
  const points = places.flatMap((place) => {
    const row = data.rows[place];
    const value = data.number(place, column);
    if (row === undefined || row.number === null) return [];
    if (!Number.isFinite(value) || data.isStale(place, column)) return [];
    return [{ reference: row.reference, title: row.title, number: row.number, value }];
  });
  return points.sort((a, b) => a.number - b.number);
}

/** The best value up to each version. */
export function bestSoFar(points: readonly TrendPoint[], better: Direction): number[] {
  const sign = better === 'higher' ? 1 : -1;
  let best = Number.NaN;
  return points.map(({ value }) => {
    if (Number.isNaN(best) || sign * value > sign * best) best = value;
    return best;
  });
}

/** What the picture says, in a sentence. */
export function trendSummary(
  points: readonly TrendPoint[],
  metric: string,
  better: Direction | null,
): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return `No version has a value of ${metric}.`;
  if (first === last) return `${metric} of one version: ${figure(first.value)} (${first.title}).`;
  const ends = `${metric} of ${points.length} versions, from ${figure(first.value)} (${first.title}) to ${figure(last.value)} (${last.title})`;
  if (better === null) return `${ends}.`;
  const best = bestSoFar(points, better).at(-1) ?? last.value;
  const at = points.find(({ value }) => value === best);
  return `${ends}; the best is ${figure(best)} (${at?.title ?? ''}).`;
}

export function trendOption(
  points: readonly TrendPoint[],
  metric: string,
  better: Direction | null,
  isChosen: (reference: string) => boolean,
): OptionMaker {
  const log = wantsLog(points.map(({ value }) => value));
  const best = better === null ? [] : bestSoFar(points, better);
  const [oldest, newest] = [points[0]?.number ?? 0, points.at(-1)?.number ?? 0];
  // One version alone stands in the middle.
  const beside = oldest === newest ? 1 : 0;
  const name = (number: number) =>
    Number.isInteger(number) && number >= oldest && number <= newest ? `v${number}` : '';
  return (theme) => ({
    animation: false,
    textStyle: textLook(theme),
    grid: { left: 8, right: 20, top: 34, bottom: 4, outerBoundsMode: 'same' },
    tooltip: {
      ...tooltipLook(theme),
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const point = points[dataIndex];
        return point === undefined ? '' : `${point.title}  ${figure(point.value)}`;
      },
    },
    xAxis: {
      type: 'value',
      name: 'version',
      nameLocation: 'middle',
      nameGap: 26,
      min: oldest - beside,
      max: newest + beside,
      minInterval: 1,
      ...axisLook(theme, name),
      splitLine: { show: false },
    },
    yAxis: { type: log ? 'log' : 'value', name: metric, scale: true, ...nameAbove(theme) },
    dataZoom: [
      { type: 'inside', filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false },
    ],
    series: [
      {
        type: 'scatter',
        name: metric,
        symbolSize: points.length > 400 ? 4 : 7,
        large: points.length > 4_000,
        color: theme.lines[0] ?? theme.text,
        data: points.map(({ number, value, reference }) => ({
          value: [number, value],
          reference,
          ...(isChosen(reference)
            ? { itemStyle: { borderColor: theme.text, borderWidth: 2 }, symbolSize: 10 }
            : {}),
        })),
      },
      {
        type: 'line',
        name: 'best so far',
        step: 'end',
        symbol: 'none',
        silent: true,
        color: theme.lines[1] ?? theme.text,
        lineStyle: { width: 2, type: [7, 4] },
        data: best.map((value, index) => [points[index]?.number ?? 0, value]),
      },
    ],
  });
}

/** A name at the axis' upper end that has room to its right. */
export function nameAbove(theme: Parameters<OptionMaker>[0]) {
  return {
    ...axisLook(theme, figure),
    nameTextStyle: { align: 'left', color: theme.quiet, width: 400, overflow: 'truncate' },
  };
}
