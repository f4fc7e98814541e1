import { html, nothing, type TemplateResult } from 'lit';
import type { TableRow } from '../../../src/core/metricsTable';
import type { PrimaryMetric } from '../../../src/core/version';
import { maximumCurves } from '../../../src/wire/metricsPanel';
import './curveChart';
import { unplaced } from './chartAxis';
import type { ZoomEvent } from './curveChart';
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
import { curveChartBeside, curveChoosing, zoomButtons } from './curveTools';
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
  const tools = {
    ...{ names, series, look: own, set: parts.set },
    ownAxes: whole.flatMap(({ own: axis }) => axis ?? []),
    axes: [...new Set(whole.flatMap(({ axes }) => axes))],
  };
  return html`<div class="chart-tools">
      ${curveChoosing(tools)}
      <span class="spring"></span>
      ${zoomButtons(own.zoom)}
      ${saveButtons(
        `curves-${series}`,
        (format, event) => curveChartBeside(event)?.picture(format) ?? null,
        () => curvesCsv(lines, series),
        parts.save,
      )}
    </div>
    ${picture(outlines, lines, series, parts)} ${remarks(outlines, series, parts)}`;
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
function remarks(lines: readonly CurveLine[], series: string, parts: CurvesParts) {
  const { chosen, own } = parts;
  const left = undrawn(lines, own.log);
  const sentences = [
    chosen.length > maximumCurves
      ? `Only the first ${maximumCurves} of ${chosen.length} chosen versions are drawn.`
      : '',
    ...absences(lines, series, parts),
    left === 0 ? '' : leftOut(left, own.log),
  ].filter((sentence) => sentence !== '');
  return sentences.length === 0
    ? nothing
    : html`<p class="quiet remarks">${sentences.join(' ')}</p>`;
}

/** Which of the chosen rows have no line, and why. */
function absences(
  lines: readonly CurveLine[],
  series: string,
  { chosen, own, store }: CurvesParts,
): string[] {
  const without = chosen
    .slice(0, maximumCurves)
    .filter(({ reference }) => !lines.some((line) => line.reference === reference));
  const isElsewhere = ({ reference }: TableRow) =>
    store.whole.some((one) => one.reference === reference && one.own !== null);
  const titles = (rows: readonly TableRow[]) => rows.map(({ title }) => title).join(', ');
  const [elsewhere, none] = [
    without.filter(isElsewhere),
    without.filter((row) => !isElsewhere(row)),
  ];
  return [
    none.length === 0 ? '' : `${titles(none)}: no curve of ${series}.`,
    elsewhere.length === 0 ? '' : `${titles(elsewhere)}: ${unplaced(own.axis)}`,
  ];
}

function leftOut(count: number, log: boolean): string {
  const points = count === 1 ? '1 point is' : `${count} points are`;
  return log
    ? `${points} not drawn: not a number, or not above 0 on the log scale.`
    : `${points} not drawn: not a number.`;
}
