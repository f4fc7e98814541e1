import type { EChartsCoreOption } from 'echarts/core';
import type { ChartTheme } from '../chartLook';

/** Makes a chart's option for a theme. */
export type OptionMaker = (theme: ChartTheme) => EChartsCoreOption;

/** What a chart's axis shows: a number line, a logarithmic one, or texts in their order. */
export type AxisKind = 'value' | 'log' | 'category';

/** Values that span so much, all above 0, are told apart on a logarithmic axis only. */
const logSpan = 50;

/** Whether the values ask for a logarithmic axis. */
export function wantsLog(values: readonly number[]): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value <= 0) return false;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high / low >= logSpan;
}

/** The look of an axis, whose labels are written by `words`. */
export function axisLook(theme: ChartTheme, words: (value: number) => string) {
  return {
    axisLine: { lineStyle: { color: theme.gridLine } },
    axisTick: { lineStyle: { color: theme.gridLine } },
    axisLabel: { color: theme.quiet, hideOverlap: true, formatter: words },
    nameTextStyle: { color: theme.quiet },
    splitLine: { lineStyle: { color: theme.gridLine, opacity: 0.5 } },
  };
}

export function textLook(theme: ChartTheme) {
  return { fontFamily: theme.fontFamily, fontSize: theme.fontSize, color: theme.text };
}

/** A tooltip that is drawn on the canvas: no name is ever read as HTML. */
export function tooltipLook(theme: ChartTheme) {
  return {
    renderMode: 'richText' as const,
    confine: true,
    transitionDuration: 0,
    backgroundColor: theme.tooltipBackground,
    borderColor: theme.tooltipBorder,
    borderWidth: 1,
    textStyle: { color: theme.tooltipText, fontSize: theme.fontSize, fontFamily: theme.fontFamily },
  };
}
