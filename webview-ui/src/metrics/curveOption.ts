import type { LineSeriesOption } from 'echarts/charts';
import type {
  DataZoomComponentOption,
  GridComponentOption,
  TooltipComponentOption,
} from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { figure } from '../../../src/core/figures';
import { fromJsonNumber } from '../../../src/core/version';
import { type ChartTheme, lineLook } from '../chartLook';
import { placeText } from './chartAxis';
import { axisLook, textLook, tooltipLook } from './charting';
import { axisName, type CurveLine } from './curveLines';
import type { Range } from './zoom';

export type CurveChartOption = ComposeOption<
  LineSeriesOption | GridComponentOption | TooltipComponentOption | DataZoomComponentOption
>;

/** When no line has more points than this, each point is marked. */
const mostSymbols = 30;

/**
 * The chart of some curves. What it writes is drawn on a canvas, the tooltip as well: no name is
 * ever read as HTML.
 */
export function curveOption(
  lines: readonly CurveLine[],
  series: string,
  log: boolean,
  zoom: Range | null,
  full: Range | null,
  theme: ChartTheme,
): CurveChartOption {
  const shown = lines.filter((line) => line.shown);
  const axis = axisName(shown);
  const longest = Math.max(0, ...shown.map(({ curve }) => curve.steps.length));
  return {
    animation: false,
    textStyle: textLook(theme),
    grid: { left: 8, right: 20, top: 8, bottom: 4, outerBoundsMode: 'same' },
    tooltip: {
      ...tooltipLook(theme),
      trigger: 'axis',
      order: 'valueDesc',
      axisPointer: { type: 'line', lineStyle: { color: theme.pointer, type: 'solid' } },
      valueFormatter: (value) => (typeof value === 'number' ? figure(value) : '–'),
    },
    xAxis: {
      type: 'value',
      name: axis,
      nameLocation: 'middle',
      nameGap: 26,
      // The lines may be of the steps in sight alone.
      min: full?.from ?? 'dataMin',
      max: full?.to ?? 'dataMax',
      ...(axis === 'time' ? {} : { minInterval: 1 }),
      axisPointer: {
        label: { formatter: ({ value }) => `${axis} ${placeText(axis, Number(value))}` },
      },
      ...axisLook(theme, (value) => axisLabel(axis, value)),
      splitLine: { show: false },
    },
    yAxis: {
      type: log ? 'log' : 'value',
      name: series,
      scale: true,
      ...axisLook(theme, figure),
      nameTextStyle: { align: 'left', color: theme.quiet, width: 400, overflow: 'truncate' },
    },
    dataZoom: [
      {
        type: 'inside',
        // The other axis follows what is seen.
        filterMode: 'filter',
        // A plain wheel scrolls the page.
        zoomOnMouseWheel: 'ctrl',
        moveOnMouseWheel: false,
        ...(zoom === null ? { start: 0, end: 100 } : { startValue: zoom.from, endValue: zoom.to }),
      },
    ],
    series: shown.map((line) => seriesOf(line, log, longest <= mostSymbols, theme)),
  };
}

function seriesOf(
  line: CurveLine,
  log: boolean,
  symbols: boolean,
  theme: ChartTheme,
): LineSeriesOption {
  const { colour, dash } = lineLook(line.place);
  const { steps, values } = line.curve;
  return {
    type: 'line',
    id: line.reference,
    name: line.title,
    color: theme.lines[colour] ?? theme.text,
    lineStyle: { width: 2, type: dash.length === 0 ? 'solid' : [...dash] },
    symbol: 'circle',
    symbolSize: 4,
    showSymbol: symbols,
    showAllSymbol: true,
    // Keeps the extremes where there are more points than pixels.
    sampling: 'minmax',
    connectNulls: false,
    data: steps.map((step, index) => [step, drawable(fromJsonNumber(values[index] ?? 'NaN'), log)]),
    emphasis: { focus: 'series' },
  };
}

/** Between whole steps and epochs there is nothing to name. */
function axisLabel(axis: string, value: number): string {
  return axis === 'time' || Number.isInteger(value) ? placeText(axis, value) : '';
}

/** A gap for what has no place on the axis. */
function drawable(value: number, log: boolean): number | '-' {
  return Number.isFinite(value) && (!log || value > 0) ? value : '-';
}
