import { html, nothing, type TemplateResult } from 'lit';
import { axesOf, beginningOf, type LaidCurve, laidOn } from '../../../src/core/curveAxes';
import { curveNamed } from '../../../src/core/curves';
import type { ChartAxis, CurveSet } from '../../../src/core/version';
import type { CompareView } from '../../../src/wire/comparePanel';
import '../metrics/curveChart';
import { unplaced } from '../metrics/chartAxis';
import type { ZoomEvent } from '../metrics/curveChart';
import { curveLegend } from '../metrics/curveLegend';
import {
  type CurveLine,
  seriesDirection,
  seriesToShow,
  stepsOf,
  summaryOf,
  undrawn,
} from '../metrics/curveLines';
import { curveChoosing, zoomButtons } from '../metrics/curveTools';
import { fullRange } from '../metrics/zoom';
import { matching } from '../textSearch';
import { smoothed } from './smoothing';
import type { CompareOwn } from './state';
import { section } from './tableSection';

export interface CurvesParts {
  readonly view: CompareView;
  /** One set for each side; `null` while they are on their way. */
  readonly curves: readonly CurveSet[] | null;
  readonly own: CompareOwn;
  readonly set: (change: Partial<CompareOwn>) => void;
}

/** The sides' curves over one another. */
export function curvesSection(parts: CurvesParts): TemplateResult {
  return section('curves', 'Curves', content(parts));
}

/** What a side's line is called in the panel's state. */
function lineName(index: number, side: string | null): string {
  return `${index} ${side ?? ''}`;
}

function content(parts: CurvesParts) {
  const { view, curves, own } = parts;
  if (curves === null) return html`<p class="quiet" role="status">Reading the curves …</p>`;
  const all = [...new Set(curves.flatMap((set) => set.map(({ name }) => name)))].sort();
  const names = all.filter((name) => matching(own.filter, name));
  const wanted = own.series !== null && names.includes(own.series) ? own.series : primaryOf(view);
  const series = seriesToShow(names, wanted, null);
  if (all.length === 0) {
    return html`<p class="quiet">
      No side has curves. They are kept with a version when its training wrote a history, such as
      history.json.
    </p>`;
  }
  if (series === null) return html`<p class="quiet">No curve matches the filter.</p>`;
  const lines = linesOf(view, curves, series, own);
  return html`${tools(names, series, parts)} ${picture(lines, series, parts)}
  ${remarks(lines, series, parts)}`;
}

function linesOf(
  view: CompareView,
  curves: readonly CurveSet[],
  series: string,
  { hidden, smoothing, axis }: CompareOwn,
): CurveLine[] {
  return view.sides.flatMap(({ side, title }, place) => {
    const curve = laidCurve(curves[place] ?? [], series, axis);
    if (curve === null) return [];
    const reference = lineName(place, side);
    const shown = !hidden.includes(reference);
    return [{ reference, title, curve: smoothed(curve, smoothing), place, shown }];
  });
}

function laidCurve(set: CurveSet, series: string, axis: ChartAxis | null): LaidCurve | null {
  const curve = curveNamed(set, series);
  return curve === null ? null : laidOn(curve, axis, beginningOf(set));
}

function primaryOf({ metrics }: CompareView): string | null {
  return metrics.find(({ primary }) => primary)?.key ?? null;
}

function tools(names: readonly string[], series: string, { own, set, curves }: CurvesParts) {
  const all = (curves ?? []).flatMap((one) => curveNamed(one, series) ?? []);
  const ownAxes = all.map(({ axis }) => axis);
  const axes = [...new Set(all.flatMap(axesOf))];
  return html`<div class="curve-tools">
    ${curveChoosing({ names, series, ownAxes, axes, look: own, set })}
    <label class="smoothing"
      >Smoothing
      <input
        type="range"
        min="0"
        max="0.99"
        step="0.01"
        .value=${String(own.smoothing)}
        aria-valuetext=${own.smoothing === 0 ? 'none' : String(own.smoothing)}
        @input=${(event: Event) =>
          set({ smoothing: Number((event.target as HTMLInputElement).value) })}
      />
      <span class="figures">${own.smoothing === 0 ? 'none' : own.smoothing.toFixed(2)}</span>
    </label>
    <span class="spring"></span>
    ${zoomButtons(own.zoom)}
  </div>`;
}

function picture(lines: readonly CurveLine[], series: string, { own, set }: CurvesParts) {
  const toggle = (reference: string) =>
    set({
      hidden: own.hidden.includes(reference)
        ? own.hidden.filter((one) => one !== reference)
        : [...own.hidden, reference],
    });
  const isolate = (reference: string) => {
    const others = lines.filter((line) => line.reference !== reference);
    const alone = others.every(({ shown }) => !shown) && !own.hidden.includes(reference);
    set({ hidden: alone ? [] : others.map((line) => line.reference) });
  };
  return html`<div class="picture">
    <cairn-curve-chart
      .lines=${lines}
      .series=${series}
      .log=${own.log}
      .zoom=${own.zoom}
      .full=${fullRange(stepsOf(lines))}
      .summary=${summary(lines, series)}
      @zoom=${({ detail }: ZoomEvent) => set({ zoom: detail })}
    ></cairn-curve-chart>
    <div class="legend-box">${curveLegend(lines, seriesDirection(series, null), toggle, isolate)}</div>
  </div>`;
}

function summary(lines: readonly CurveLine[], series: string): string {
  const ends = lines
    .filter(({ shown }) => shown)
    .map(({ title, curve }) => `${title} ends at ${summaryOf(curve, null)?.last ?? 'no number'}`);
  return `Line chart of ${series}: ${ends.join(', ') || 'no line is shown'}.`;
}

/** What the picture does not show, in sentences. */
function remarks(
  lines: readonly CurveLine[],
  series: string,
  { view, own: { log, smoothing, axis }, curves }: CurvesParts,
) {
  const left = undrawn(lines, log);
  const titles = (has: boolean) =>
    view.sides.flatMap(({ side, title }, index) => {
      if (lines.some(({ reference }) => reference === lineName(index, side))) return [];
      return (curveNamed(curves?.[index] ?? [], series) !== null) === has ? [title] : [];
    });
  const [elsewhere, without] = [titles(true), titles(false)];
  const sentences = [
    ...(without.length === 0 ? [] : [`${without.join(', ')}: no curve of ${series}.`]),
    ...(elsewhere.length === 0 ? [] : [`${elsewhere.join(', ')}: ${unplaced(axis)}`]),
    ...(smoothing === 0 ? [] : ['Smoothed: the values below the pointer are averages.']),
    ...(left === 0
      ? []
      : [`Points not drawn, being no number${log ? ' or not above 0' : ''}: ${left}.`]),
  ];
  return sentences.length === 0
    ? nothing
    : html`<p class="quiet remarks">${sentences.join(' ')}</p>`;
}
