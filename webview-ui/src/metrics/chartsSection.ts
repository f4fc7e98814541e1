import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { keyed } from 'lit/directives/keyed.js';
import { metricDirection } from '../../../src/core/metricDirection';
import { type ChartKind, chartKinds, type MetricsChoices } from '../../../src/wire/metricsChoices';
import type { PickEvent } from '../picker';
import './chartView';
import type { BrushEvent, ChartView, PointEvent } from './chartView';
import { correlationSection } from './correlationSection';
import { type CurvesParts, curvesSection } from './curvesSection';
import { pairsCsv, tableCsv } from './exporting';
import {
  axesOf,
  brushOf,
  type ParallelAxis,
  parallelAxes,
  parallelOption,
  parallelSummary,
} from './parallelChart';
import { type Brushing, parallelFields } from './parallelFields';
import { type SaveChart, saveButtons } from './saveButtons';
import { axisKind, scatterOption, scatterPoints, scatterSummary } from './scatterChart';
import type { TableData } from './tableData';
import { trendOption, trendPoints, trendSummary } from './trendChart';

/** What the charts are made of. */
export interface ChartsParts extends Brushing {
  readonly data: TableData;
  readonly generation: number;
  /** Rows that pass the filter, without what is brushed and with it. */
  readonly unbrushed: readonly number[];
  readonly shown: readonly number[];
  readonly chosen: readonly string[];
  readonly choices: MetricsChoices;
  readonly curves: CurvesParts;
  readonly choose: (change: Partial<MetricsChoices>) => void;
  readonly toggle: (reference: string) => void;
  readonly save: SaveChart;
}

const titles: Readonly<Record<ChartKind, string>> = {
  curves: 'Curves',
  trend: 'Trend',
  scatter: 'Parameter and Metric',
  parallel: 'Parallel Coordinates',
  correlation: 'Rank Correlation',
};

/** The charts below the table, one at a time. */
export function chartsSection(parts: ChartsParts): TemplateResult {
  const { chart } = parts.choices;
  return html`<section class="charts" aria-label="Charts">
    <div class="tabs" role="tablist" aria-label="Charts" @keydown=${moveTab}>
      ${chartKinds.map(
        (kind) =>
          html`<button
            role="tab"
            id=${`tab-${kind}`}
            aria-selected=${kind === chart ? 'true' : 'false'}
            aria-controls="chart"
            tabindex=${kind === chart ? 0 : -1}
            @click=${() => parts.choose({ chart: kind })}
          >
            ${titles[kind]}
          </button>`,
      )}
    </div>
    <div role="tabpanel" id="chart" aria-labelledby=${`tab-${chart}`}>
      ${keyed(chart, contents[chart](parts))}
    </div>
  </section>`;
}

/** Arrow keys go from tab to tab, and choose. */
function moveTab(event: KeyboardEvent): void {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by === undefined) return;
  const tabs = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>('[role="tab"]')];
  const next = tabs.at((tabs.indexOf(event.target as HTMLElement) + by) % tabs.length);
  next?.focus();
  next?.click();
  event.preventDefault();
}

const contents: Readonly<Record<ChartKind, (parts: ChartsParts) => TemplateResult>> = {
  curves: ({ curves }) => curvesSection(curves),
  trend,
  scatter,
  parallel,
  correlation: (parts) => {
    const metric = chartMetric(parts.data, parts.choices);
    if (metric === null) return noMetric;
    return correlationSection(parts, metric, metricPicker(parts));
  },
};

/** The metric that charts of one show. */
function chartMetric(data: TableData, { metric }: MetricsChoices): string | null {
  const metrics = data.view.columns.filter(({ kind }) => kind === 'metric').map(({ key }) => key);
  const wanted = [metric, data.view.primary?.metric ?? null].find(
    (one) => one !== null && metrics.includes(one),
  );
  return wanted ?? metrics[0] ?? null;
}

/** The parameter that the chart of one shows: one that tells many rows apart. */
function chartParameter(data: TableData, { parameter }: MetricsChoices): string | null {
  const parameters = data.view.columns.filter(({ kind }) => kind === 'parameter');
  if (parameters.some(({ key }) => key === parameter)) return parameter;
  const telling = parameters.filter(({ varies }) => varies).sort((a, b) => b.count - a.count);
  return (telling.find(({ numeric }) => numeric) ?? telling[0] ?? parameters[0])?.key ?? null;
}

/** Columns whose values the chart that is shown needs. */
export function chartColumns(data: TableData, choices: MetricsChoices): string[] {
  const metric = chartMetric(data, choices);
  const own = metric === null ? [] : [`metric:${metric}`];
  if (choices.chart === 'trend') return own;
  if (choices.chart === 'scatter') return [...own, `parameter:${chartParameter(data, choices)}`];
  if (choices.chart === 'parallel') return axesOf(data, choices.axes, metric);
  if (choices.chart === 'curves') return [];
  const numeric = data.view.columns.filter((one) => one.kind === 'parameter' && one.numeric);
  return [...own, ...numeric.filter(({ varies }) => varies).map(({ key }) => `parameter:${key}`)];
}

function metricPicker({ data, choices, choose }: ChartsParts) {
  const names = data.view.columns.filter(({ kind }) => kind === 'metric').map(({ key }) => key);
  return html`<cairn-picker
    .label=${'Metric'}
    .options=${names.map((name) => ({ value: name, text: name }))}
    .value=${chartMetric(data, choices) ?? ''}
    @pick=${({ detail }: PickEvent) => choose({ metric: detail })}
  ></cairn-picker>`;
}

function directionOf({ data }: ChartsParts, metric: string) {
  const { primary } = data.view;
  return primary?.metric === metric ? primary.better : metricDirection(metric);
}

function chartBeside(event: Event): ChartView | null {
  const root = (event.currentTarget as Element).getRootNode() as ShadowRoot;
  return root.querySelector<ChartView>('cairn-chart');
}

const pictureBeside = (format: 'png' | 'svg', event: Event) =>
  chartBeside(event)?.picture(format) ?? null;

const noMetric = html`<p class="quiet">No version or run has a metric.</p>`;

function pointed({ toggle }: ChartsParts) {
  return ({ detail }: PointEvent) => {
    const { reference } = (detail ?? {}) as { reference?: unknown };
    if (typeof reference === 'string') toggle(reference);
  };
}

function trend(parts: ChartsParts): TemplateResult {
  const { data, choices, shown, chosen, save } = parts;
  const metric = chartMetric(data, choices);
  if (metric === null) return noMetric;
  const better = directionOf(parts, metric);
  return html`${guard([data, parts.generation, shown, chosen, metric], () => {
    const points = trendPoints(data, shown, metric);
    const summary = trendSummary(points, metric, better);
    const picked = new Set(chosen);
    const numbers = () =>
      pairsCsv(
        ['version', metric],
        points.map(({ title, value }) => [title, value]),
      );
    return html`<div class="chart-tools">
        ${metricPicker(parts)}<span class="quiet"
          >${summary}${better === null || points.length < 2 ? nothing : ' Dashed: the best so far.'}</span
        ><span class="spring"></span>
        ${saveButtons(`trend-${metric}`, pictureBeside, numbers, save)}
      </div>
      <cairn-chart
        .option=${trendOption(points, metric, better, (one) => picked.has(one))}
        .summary=${summary}
        @point=${pointed(parts)}
      ></cairn-chart>`;
  })}`;
}

function scatter(parts: ChartsParts): TemplateResult {
  const { data, choices, shown, chosen, choose, save } = parts;
  const [metric, parameter] = [chartMetric(data, choices), chartParameter(data, choices)];
  if (metric === null) return noMetric;
  if (parameter === null) return html`<p class="quiet">No version or run has a parameter.</p>`;
  const names = data.view.columns.filter(({ kind }) => kind === 'parameter').map(({ key }) => key);
  return html`${guard([data, parts.generation, shown, chosen, metric, parameter], () => {
    const points = scatterPoints(data, shown, parameter, metric);
    const summary = scatterSummary(points, parameter, metric);
    const picked = new Set(chosen);
    const numbers = () =>
      pairsCsv(
        ['version', parameter, metric],
        points.map(({ title, x, y }) => [title, x, y]),
      );
    return html`<div class="chart-tools">
        <cairn-picker
          .label=${'Parameter'}
          .options=${names.map((name) => ({ value: name, text: name }))}
          .value=${parameter}
          @pick=${({ detail }: PickEvent) => choose({ parameter: detail })}
        ></cairn-picker>
        ${metricPicker(parts)}<span class="quiet">${summary}</span><span class="spring"></span>
        ${saveButtons(`${parameter}-${metric}`, pictureBeside, numbers, save)}
      </div>
      <cairn-chart
        .option=${scatterOption(points, parameter, metric, (one) => picked.has(one))}
        .summary=${summary}
        data-axis=${axisKind(points.map(({ x }) => x))}
        @point=${pointed(parts)}
      ></cairn-chart>`;
  })}`;
}

function parallel(parts: ChartsParts): TemplateResult {
  const { data, choices, unbrushed, shown, chosen, brushes, save } = parts;
  const columns = axesOf(data, choices.axes, chartMetric(data, choices));
  if (columns.length < 2) {
    return html`<p class="quiet">There is too little that differs for parallel coordinates.</p>`;
  }
  const axes = parallelAxes(data, unbrushed, columns);
  const option = guard([data, parts.generation, unbrushed, chosen, columns.join('\n')], () => {
    const picked = new Set(chosen);
    return parallelOption(data, unbrushed, axes, (one) => picked.has(one));
  });
  const words =
    brushes.length === 0
      ? 'Drag along an axis, or give a range below, to filter the table.'
      : `${shown.length} of ${unbrushed.length} rows are within what is brushed.`;
  return html`<div class="chart-tools">
      ${metricPicker(parts)}<span class="quiet" role="status">${words}</span>
      <span class="spring"></span>
      ${saveButtons(
        'parallel',
        pictureBeside,
        () =>
          tableCsv(
            data,
            shown,
            axes.map(({ column, title }) => ({ id: column, title })),
          ),
        save,
      )}
    </div>
    <cairn-chart
      .option=${option}
      .brushes=${brushes}
      .summary=${parallelSummary(unbrushed.length, axes)}
      @brush=${({ detail }: BrushEvent) => brushed(parts, axes, detail)}
    ></cairn-chart>
    ${parallelFields(parts, axes)}`;
}

function brushed(parts: ChartsParts, axes: readonly ParallelAxis[], detail: BrushEvent['detail']) {
  const axis = axes.find(({ column }) => column === detail.axis);
  if (axis === undefined) return;
  const others = parts.brushes.filter(({ column }) => column !== axis.column);
  const brush = brushOf(axis, detail.intervals);
  parts.brush(brush === null ? others : [...others, brush]);
}
