import { figure } from '../../../src/core/figures';
import { rankCorrelation } from '../../../src/core/rankCorrelation';
import {
  type AxisKind,
  axisLook,
  type OptionMaker,
  textLook,
  tooltipLook,
  wantsLog,
} from './charting';
import type { TableData } from './tableData';
import { nameAbove } from './trendChart';

export interface ScatterPoint {
  readonly reference: string;
  readonly title: string;
  readonly x: number | string;
  readonly y: number;
}

/** Rows that have both. */
export function scatterPoints(
  data: TableData,
  places: readonly number[],
  parameter: string,
  metric: string,
): ScatterPoint[] {
  return places.flatMap((place) => {
    const row = data.rows[place];
    const x = data.value(place, `parameter:${parameter}`);
    const y = data.number(place, `metric:${metric}`);
    if (row === undefined || x === undefined || x === null || !Number.isFinite(y)) return [];
    if (data.isStale(place, `metric:${metric}`)) return [];
    return [{ reference: row.reference, title: row.title, x, y }];
  });
}

/** Texts and numbers on one axis are all texts. */
export function axisKind(values: readonly (number | string)[]): AxisKind {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length) return 'category';
  return wantsLog(numbers) ? 'log' : 'value';
}

export function scatterSummary(
  points: readonly ScatterPoint[],
  parameter: string,
  metric: string,
): string {
  const kind = axisKind(points.map(({ x }) => x));
  const rows = points.length === 1 ? 'one version or run' : `${points.length} versions and runs`;
  const words = `${metric} against ${parameter} of ${rows}`;
  if (kind === 'category') return `${words}.`;
  const { rho } = rankCorrelation(
    points.map(({ x }) => Number(x)),
    points.map(({ y }) => y),
  );
  const scale = kind === 'log' ? `, ${parameter} on a logarithmic axis` : '';
  return `${words}${scale}${rho === null ? '' : `; rank correlation ${figure(rho)}`}.`;
}

export function scatterOption(
  points: readonly ScatterPoint[],
  parameter: string,
  metric: string,
  isChosen: (reference: string) => boolean,
): OptionMaker {
  const kind = axisKind(points.map(({ x }) => x));
  const texts = kind === 'category' ? [...new Set(points.map(({ x }) => String(x)))].sort() : [];
  const logY = wantsLog(points.map(({ y }) => y));
  return (theme) => ({
    animation: false,
    textStyle: textLook(theme),
    grid: { left: 8, right: 24, top: 34, bottom: 4, outerBoundsMode: 'same' },
    tooltip: {
      ...tooltipLook(theme),
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const point = points[dataIndex];
        if (point === undefined) return '';
        const x = typeof point.x === 'number' ? figure(point.x) : point.x;
        return `${point.title}\n${parameter} ${x}\n${metric} ${figure(point.y)}`;
      },
    },
    xAxis: {
      type: kind,
      name: parameter,
      nameLocation: 'middle',
      nameGap: 28,
      scale: true,
      ...axisLook(theme, figure),
      ...(kind === 'category'
        ? { data: texts, axisLabel: { color: theme.quiet, hideOverlap: true } }
        : {}),
      splitLine: { show: false },
    },
    yAxis: { type: logY ? 'log' : 'value', name: metric, scale: true, ...nameAbove(theme) },
    series: [
      {
        type: 'scatter',
        symbolSize: points.length > 400 ? 4 : 8,
        color: theme.lines[0] ?? theme.text,
        data: points.map(({ reference, x, y }) => ({
          value: [kind === 'category' ? String(x) : x, y],
          reference,
          ...(isChosen(reference)
            ? { itemStyle: { borderColor: theme.text, borderWidth: 2 }, symbolSize: 12 }
            : {}),
        })),
      },
    ],
  });
}
