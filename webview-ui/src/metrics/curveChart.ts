import { LineChart } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { type ECharts, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { onThemeChange, readChartTheme } from '../chartTheme';
import { type CurveLine, readingAt, stepsOf } from './curveLines';
import { curveOption } from './curveOption';
import { clipped, fullRange, type Range, zoomed } from './zoom';

use([LineChart, GridComponent, TooltipComponent, DataZoomInsideComponent, CanvasRenderer]);

/** Told when the visible steps were changed by mouse or keyboard. */
export type ZoomEvent = CustomEvent<Range | null>;

/** The picture of some curves, with zoom and a pointer that goes from step to step. Owns a chart. */
@customElement('cairn-curve-chart')
export class CurveChart extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    .chart {
      width: 100%;
      height: 100%;
    }
    .chart:focus-visible {
      outline: 1px solid var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
      outline-offset: 1px;
    }
    .reading {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  `;

  @property({ attribute: false }) lines: readonly CurveLine[] = [];
  @property() series = '';
  @property({ type: Boolean }) log = false;
  @property({ attribute: false }) zoom: Range | null = null;
  /** What the picture shows, for those who do not see it. */
  @property() summary = '';

  private chart: ECharts | null = null;
  private pointer = -1;
  private readonly resizes = new ResizeObserver(() => this.resized());
  private stopThemes: () => void = () => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizes.observe(this);
    this.stopThemes = onThemeChange(() => this.draw());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
    this.stopThemes();
    this.chart?.dispose();
    this.chart = null;
  }

  override render() {
    return html`<div
        class="chart"
        tabindex="0"
        role="application"
        aria-roledescription="chart"
        aria-label=${this.summary}
        aria-keyshortcuts="ArrowLeft ArrowRight + - 0"
        @keydown=${this.pressed}
        @blur=${this.hideTip}
      ></div>
      <div class="reading" role="status"></div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('lines') || changed.has('series')) this.pointer = -1;
    // Its own zooming comes back as a property: drawing again would break off a drag.
    const onlyZoom = changed.size === 1 && changed.has('zoom');
    if (!onlyZoom || !sameRange(this.zoom, this.visible)) this.draw();
  }

  /** The steps that are seen now; `null` for all. */
  private visible: Range | null = null;

  /** Around the middle: below 1 comes nearer, above 1 goes away, 0 shows all. */
  zoomBy(factor: number): void {
    const full = fullRange(stepsOf(this.lines));
    if (full === null) return;
    this.tellZoom(factor === 0 ? null : zoomed(this.zoom, full, factor));
  }

  private tellZoom(range: Range | null): void {
    this.dispatchEvent(new CustomEvent<Range | null>('zoom', { detail: range }));
  }

  private get canvas(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.chart');
  }

  private resized(): void {
    if (this.chart === null) this.draw();
    else this.chart.resize();
  }

  /** The chart is made when there is room for it: a hidden panel costs nothing. */
  private draw(): void {
    const { canvas } = this;
    if (canvas === null || canvas.clientWidth === 0 || canvas.clientHeight === 0) return;
    if (this.chart === null) {
      this.chart = init(canvas, null, { renderer: 'canvas' });
      this.chart.on('datazoom', () => this.zoomedByMouse());
    }
    this.visible = this.zoom;
    const option = curveOption(this.lines, this.series, this.log, this.zoom, readChartTheme());
    this.chart.setOption(option, { notMerge: true });
  }

  private zoomedByMouse(): void {
    const full = fullRange(stepsOf(this.lines));
    const [state] = (this.chart?.getOption()['dataZoom'] ?? []) as {
      readonly startValue: number;
      readonly endValue: number;
    }[];
    if (full === null || state === undefined) return;
    this.visible = clipped({ from: state.startValue, to: state.endValue }, full);
    this.tellZoom(this.visible);
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const factor = zoomKeys[event.key];
    const step = stepKeys[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (factor !== undefined) this.zoomBy(factor);
    else if (step !== undefined) this.point(step);
    else return;
    event.preventDefault();
  };

  /** Moves the pointer by some steps and says what the lines are there. */
  private point(by: number): void {
    const steps = stepsOf(this.lines);
    this.pointer = Math.max(0, Math.min(steps.length - 1, this.pointer + by));
    const step = steps[this.pointer];
    if (step === undefined || this.chart === null) return;
    const shown = this.lines.filter((line) => line.shown);
    const seriesIndex = shown.findIndex(({ curve }) => curve.steps.includes(step));
    const dataIndex = shown[seriesIndex]?.curve.steps.lastIndexOf(step) ?? 0;
    this.chart.dispatchAction({ type: 'showTip', seriesIndex, dataIndex });
    const reading = this.renderRoot.querySelector('.reading');
    if (reading !== null) reading.textContent = readingAt(this.lines, step);
  }

  private readonly hideTip = (): void => {
    this.chart?.dispatchAction({ type: 'hideTip' });
  };
}

const zoomKeys: Readonly<Record<string, number>> = { '+': 0.5, '=': 0.5, '-': 2, '0': 0 };
const stepKeys: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

function sameRange(a: Range | null, b: Range | null): boolean {
  return a === b || (a !== null && b !== null && a.from === b.from && a.to === b.to);
}
