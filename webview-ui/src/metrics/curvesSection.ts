import { html, nothing, type TemplateResult } from 'lit';
import type { TableRow } from '../../../src/core/metricsTable';
import type { PrimaryMetric } from '../../../src/core/version';
import { maximumCurves } from '../../../src/wire/metricsPanel';
import type { CheckboxControl } from '../controls';
import { icons } from '../icons';
import type { PickEvent } from '../picker';
import './curveChart';
import type { CurveChart, ZoomEvent } from './curveChart';
import { curveLegend } from './curveLegend';
import {
  type CurveLine,
  linesOf,
  seriesDirection,
  seriesNames,
  seriesToShow,
  stepsOf,
  summaryOf,
  undrawn,
} from './curveLines';
import type { CurveStore } from './curveStore';
import { curvesCsv } from './exporting';
import { type SaveChart, saveButtons } from './saveButtons';
import type { MetricsOwn } from './state';
import { fullRange } from './zoom';

export interface CurvesParts {
  readonly chosen: readonly TableRow[];
  readonly store: CurveStore;
  readonly primary: PrimaryMetric | null;
  readonly places: ReadonlyMap<string, number>;
  readonly own: MetricsOwn;
  readonly set: (change: Partial<MetricsOwn>) => void;
  readonly save: SaveChart;
}

/** The chart of the chosen rows' curves with all that belongs to it. */
export function curvesSection(parts: CurvesParts): TemplateResult {
  const { chosen, store, primary, own, places } = parts;
  if (chosen.length === 0) {
    return html`<p class="quiet">Choose versions in the table to draw their curves.</p>`;
  }
  const { whole } = store;
  if (whole.length === 0) {
    return html`<p class="quiet" role="status">Reading the curves …</p>`;
  }
  const names = seriesNames(whole);
  const series = seriesToShow(names, own.series, primary);
  if (series === null) {
    return html`<p class="quiet">
      ${chosen.length === 1 ? 'The chosen version has' : 'The chosen versions have'} no curves.
      Curves are kept with a version when its training wrote a history, such as history.json.
    </p>`;
  }
  const titles = new Map(chosen.map((row) => [row.reference, row.title]));
  const titleOf = (reference: string) => titles.get(reference) ?? reference;
  const outlines = linesOf(whole, titleOf, places, own.hidden);
  const lines = linesOf(store.seen, titleOf, places, own.hidden);
  return html`${toolbar(names, series, lines, parts)} ${picture(outlines, lines, series, parts)}
  ${remarks(outlines, series, parts)}`;
}

function toolbar(
  names: readonly string[],
  series: string,
  lines: readonly CurveLine[],
  { own, set, save }: CurvesParts,
) {
  const zoomBy = (factor: number) => (event: Event) => chartBeside(event)?.zoomBy(factor);
  return html`<div class="chart-tools">
    <cairn-picker
      .label=${'Curve'}
      .options=${names.map((name) => ({ value: name, text: name }))}
      .value=${series}
      @pick=${({ detail }: PickEvent) => set({ series: detail, zoom: null })}
    ></cairn-picker>
    <vscode-checkbox
      .checked=${own.log}
      @change=${(event: Event) => {
        const { checked } = event.target as CheckboxControl;
        if (checked !== own.log) set({ log: checked });
      }}
      >Log scale</vscode-checkbox
    >
    <span class="spring"></span>
    <vscode-button appearance="icon" aria-label="Zoom in" title="Zoom in (+ or Ctrl+wheel on the chart)" @click=${zoomBy(0.5)}
      >${icons.zoomIn}</vscode-button
    >
    <vscode-button appearance="icon" aria-label="Zoom out" title="Zoom out (-)" ?disabled=${own.zoom === null} @click=${zoomBy(2)}
      >${icons.zoomOut}</vscode-button
    >
    <vscode-button appearance="secondary" title="Show all steps (0)" ?disabled=${own.zoom === null} @click=${zoomBy(0)}
      >Reset Zoom</vscode-button
    >
    ${saveButtons(
      `curves-${series}`,
      (format, event) => chartBeside(event)?.picture(format) ?? null,
      () => curvesCsv(lines, series),
      save,
    )}
  </div>`;
}

function chartBeside(event: Event): CurveChart | null {
  const root = (event.currentTarget as Element).getRootNode() as ShadowRoot;
  return root.querySelector<CurveChart>('cairn-curve-chart');
}

function picture(
  outlines: readonly CurveLine[],
  lines: readonly CurveLine[],
  series: string,
  { own, set, primary }: CurvesParts,
) {
  const better = seriesDirection(series, primary);
  const toggle = (reference: string) =>
    set({
      hidden: own.hidden.includes(reference)
        ? own.hidden.filter((one) => one !== reference)
        : [...own.hidden, reference],
    });
  return html`<div class="picture">
    <cairn-curve-chart
      .lines=${lines}
      .series=${series}
      .log=${own.log}
      .zoom=${own.zoom}
      .full=${fullRange(stepsOf(outlines))}
      .summary=${chartSummary(outlines, series)}
      @zoom=${({ detail }: ZoomEvent) => set({ zoom: detail })}
    ></cairn-curve-chart>
    <div class="legend-box">${curveLegend(outlines, better, toggle)}</div>
  </div>`;
}

function chartSummary(lines: readonly CurveLine[], series: string): string {
  const ends = lines
    .filter(({ shown }) => shown)
    .map(({ title, curve }) => `${title} ends at ${summaryOf(curve, null)?.last ?? 'no number'}`);
  return `Line chart of ${series}: ${ends.join(', ') || 'no line is shown'}.`;
}

/** What the picture does not show, in sentences. */
function remarks(lines: readonly CurveLine[], series: string, { chosen, own }: CurvesParts) {
  const left = undrawn(lines, own.log);
  const without = chosen
    .slice(0, maximumCurves)
    .filter(({ reference }) => !lines.some((line) => line.reference === reference));
  const sentences = [
    chosen.length > maximumCurves
      ? `Only the first ${maximumCurves} of ${chosen.length} chosen versions are drawn.`
      : '',
    without.length === 0
      ? ''
      : `${without.map(({ title }) => title).join(', ')}: no curve of ${series}.`,
    left === 0 ? '' : leftOut(left, own.log),
  ].filter((sentence) => sentence !== '');
  return sentences.length === 0
    ? nothing
    : html`<p class="quiet remarks">${sentences.join(' ')}</p>`;
}

function leftOut(count: number, log: boolean): string {
  const points = count === 1 ? '1 point is' : `${count} points are`;
  return log
    ? `${points} not drawn: not a number, or not above 0 on the log scale.`
    : `${points} not drawn: not a number.`;
}
