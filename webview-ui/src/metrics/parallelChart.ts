import { figure } from '../../../src/core/figures';
import type { ColumnId } from '../../../src/wire/metricsChoices';
import { type AxisKind, axisLook, type OptionMaker, textLook } from './charting';
import { axisKind } from './scatterChart';
import type { Brush } from './shownRows';
import type { TableData } from './tableData';

/** Axes when nobody chose any. */
const axesAtFirst = 7;

/** An axis of parallel coordinates. */
export interface ParallelAxis {
  readonly column: ColumnId;
  readonly title: string;
  readonly kind: AxisKind;
  /** Of an axis of texts, from below. */
  readonly texts: readonly string[];
  /** The least and the greatest number. */
  readonly ends: readonly [number, number];
}

/** Parameters that tell the rows apart, and the metric behind them. */
export function axesOf(
  data: TableData,
  chosen: readonly ColumnId[] | null,
  metric: string | null,
): ColumnId[] {
  if (chosen !== null) return chosen.filter((id) => data.columns.has(id));
  const varying = data.view.columns.filter(
    ({ kind, varies, count }) => kind === 'parameter' && varies && count * 2 >= data.rows.length,
  );
  const parameters = varying.slice(0, axesAtFirst - 1).map(({ key }) => `parameter:${key}`);
  return metric === null ? parameters : [...parameters, `metric:${metric}`];
}

/** More texts than this on an axis cannot be told apart. */
const mostTexts = 40;

export function parallelAxes(
  data: TableData,
  places: readonly number[],
  columns: readonly ColumnId[],
): ParallelAxis[] {
  return columns.map((column) => {
    const values = places.flatMap((place) => {
      const value = data.value(place, column);
      return value === undefined || value === null || Number.isNaN(value) ? [] : [value];
    });
    const kind = axisKind(values);
    const texts = kind === 'category' ? [...new Set(values.map(String))].sort() : [];
    const title = column.slice(column.indexOf(':') + 1);
    return { column, title, kind, texts: texts.slice(0, mostTexts), ends: endsOf(values) };
  });
}

function endsOf(values: readonly (number | string)[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** What was brushed on an axis: numbers, or the texts that lie within. */
export function brushOf(
  { column, kind, texts }: ParallelAxis,
  intervals: readonly (readonly [number, number])[],
): Brush | null {
  if (intervals.length === 0) return null;
  if (kind !== 'category') return { column, intervals, texts: null };
  const within = (index: number) => intervals.some(([from, to]) => index >= from && index <= to);
  return { column, intervals, texts: texts.filter((_, index) => within(index)) };
}

export function parallelSummary(rows: number, axes: readonly ParallelAxis[]): string {
  return `${rows} versions and runs as lines over ${axes.map(({ title }) => title).join(', ')}.`;
}

export function parallelOption(
  data: TableData,
  places: readonly number[],
  axes: readonly ParallelAxis[],
  isChosen: (reference: string) => boolean,
): OptionMaker {
  const rows = places.map((place) => ({
    place,
    chosen: isChosen(data.rows[place]?.reference ?? ''),
  }));
  // The chosen ones lie above the others.
  rows.sort((a, b) => Number(a.chosen) - Number(b.chosen));
  const opacity = Math.max(0.12, Math.min(0.7, 60 / Math.max(1, places.length)));
  return (theme) => ({
    animation: false,
    textStyle: textLook(theme),
    parallel: { left: 50, right: 90, top: 40, bottom: 26 },
    parallelAxis: axes.map(({ column, title, kind, texts }, dim) => ({
      ...{ id: column, dim, name: title, type: kind, scale: true },
      ...(kind === 'category' ? { data: texts } : {}),
      ...axisLook(theme, figure),
      ...(kind === 'category' ? { axisLabel: { color: theme.quiet, hideOverlap: true } } : {}),
      nameTextStyle: { color: theme.text, width: 130, overflow: 'truncate' },
      nameTruncate: { maxWidth: 130 },
      areaSelectStyle: {
        width: 18,
        borderColor: theme.pointer,
        color: theme.pointer,
        opacity: 0.25,
      },
    })),
    series: [
      {
        type: 'parallel',
        inactiveOpacity: 0.04,
        activeOpacity: 1,
        progressive: 500,
        lineStyle: { width: 1.2, color: theme.lines[0] ?? theme.text, opacity },
        data: rows.map(({ place, chosen }) => ({
          value: axes.map(({ column, kind }) => lineValue(data, place, column, kind)),
          ...(chosen
            ? { lineStyle: { width: 2.6, opacity: 1, color: theme.lines[3] ?? theme.text } }
            : {}),
        })),
      },
    ],
  });
}

/** A gap where there is none. */
function lineValue(data: TableData, place: number, column: ColumnId, kind: AxisKind) {
  const value = data.value(place, column);
  if (value === undefined || value === null) return '-';
  if (kind === 'category') return String(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : '-';
}
