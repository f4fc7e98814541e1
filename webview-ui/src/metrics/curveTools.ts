import { html, type TemplateResult } from 'lit';
import type { LaidCurve } from '../../../src/core/curveAxes';
import type { ChartAxis } from '../../../src/core/version';
import type { CheckboxControl } from '../controls';
import { icons } from '../icons';
import '../picker';
import type { PickEvent } from '../picker';
import { axisPicker } from './axisPicker';
import type { CurveChart } from './curveChart';
import type { Range } from './zoom';

/** How curves are looked at, in whichever panel. */
interface CurveLook {
  readonly series: string | null;
  readonly axis: ChartAxis | null;
  readonly log: boolean;
  readonly zoom: Range | null;
}

export interface CurveToolParts {
  readonly names: readonly string[];
  readonly series: string;
  /** The axes on which the curves were logged, and on which they can be laid. */
  readonly ownAxes: readonly LaidCurve['axis'][];
  readonly axes: readonly ChartAxis[];
  readonly look: CurveLook;
  readonly set: (change: Partial<CurveLook>) => void;
}

/** What chooses the curve, its axis and its scale. */
export function curveChoosing({ names, series, ownAxes, axes, look, set }: CurveToolParts) {
  return html`<cairn-picker
      .label=${'Curve'}
      .options=${names.map((name) => ({ value: name, text: name }))}
      .value=${series}
      @pick=${({ detail }: PickEvent) => set({ series: detail, zoom: null })}
    ></cairn-picker>
    ${axisPicker(ownAxes, axes, look.axis, (axis) => set({ axis, zoom: null }))}
    <vscode-checkbox
      .checked=${look.log}
      @change=${(event: Event) => {
        const { checked } = event.target as CheckboxControl;
        if (checked !== look.log) set({ log: checked });
      }}
      >Log scale</vscode-checkbox
    >`;
}

/** The buttons that zoom the chart beside them. */
export function zoomButtons(zoom: Range | null): TemplateResult {
  const zoomBy = (factor: number) => (event: Event) => curveChartBeside(event)?.zoomBy(factor);
  return html`<vscode-button appearance="icon" aria-label="Zoom in" title="Zoom in (+ or Ctrl+wheel on the chart)" @click=${zoomBy(0.5)}
      >${icons.zoomIn}</vscode-button
    >
    <vscode-button appearance="icon" aria-label="Zoom out" title="Zoom out (-)" ?disabled=${zoom === null} @click=${zoomBy(2)}
      >${icons.zoomOut}</vscode-button
    >
    <vscode-button appearance="secondary" title="Show all steps (0)" ?disabled=${zoom === null} @click=${zoomBy(0)}
      >Reset Zoom</vscode-button
    >`;
}

/** The chart that a button of its tools belongs to. */
export function curveChartBeside(event: Event): CurveChart | null {
  const root = (event.currentTarget as Element).getRootNode() as ShadowRoot;
  return root.querySelector<CurveChart>('cairn-curve-chart');
}
