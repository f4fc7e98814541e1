import { LineChart } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { type ECharts, use } from 'echarts/core';
import { css, html, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ChartTheme } from '../chartLook';
import { readChartTheme } from '../chartTheme';
import { pictureOf } from './chartPicture';
import { type CurveLine, readingAt, stepsOf } from './curveLines';
import { curveOption } from './curveOption';
import { DrawnChart } from './drawnChart';
import { clipped, type Range, zoomed } from './zoom';

use([LineChart, GridComponent, TooltipComponent, DataZoomInsideComponent]);

/** Told when the visible steps were changed by mouse or keyboard. */
export type ZoomEvent = CustomEvent<Range | null>;

/** The picture of some curves, with zoom and a pointer that goes from step to step. */
@customElement('cairn-curve-chart')
export class CurveChart extends DrawnChart {
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
  /** From the first to the last step of all lines, of which some may not be here. */
  @property({ attribute: false }) full: Range | null = null;
  /** What the picture shows, for those who do not see it. */
  @property() summary = '';

  private pointer = -1;

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
    if (changed.has('series')) this.pointer = -1;
    // Its own zooming comes back as a property: drawing all again would break off a drag.
    const isOther = changed.has('series') || changed.has('log');
    if (this.chart === null || isOther || !sameRange(this.zoom, this.visible)) this.draw();
    else if (changed.has('lines') || changed.has('full')) this.drawLines();
  }

  /** The steps that are seen now; `null` for all. */
  private visible: Range | null = null;

  /** Around the middle: below 1 comes nearer, above 1 goes away, 0 shows all. */
  zoomBy(factor: number): void {
    const { full } = this;
    if (full === null) return;
    this.tellZoom(factor === 0 ? null : zoomed(this.zoom, full, factor));
  }

  private tellZoom(range: Range | null): void {
    this.dispatchEvent(new CustomEvent<Range | null>('zoom', { detail: range }));
  }

  protected override listen(chart: ECharts): void {
    chart.on('datazoom', () => this.zoomedByMouse());
  }

  protected override fill(chart: ECharts): void {
    this.visible = this.zoom;
    chart.setOption(this.option(readChartTheme()), { notMerge: true });
  }

  private option(theme: ChartTheme) {
    return curveOption(this.lines, this.series, this.log, this.zoom, this.full, theme);
  }

  /** Other points of the same picture: what is seen of it, and a drag under way, stay. */
  private drawLines(): void {
    const { xAxis, series } = this.option(readChartTheme());
    this.chart?.setOption({ xAxis, series }, { replaceMerge: ['series'] });
  }

  /** The picture as it is seen: a PNG in base64, or SVG. */
  picture(format: 'png' | 'svg'): string | null {
    const { canvas } = this;
    if (canvas === null) return null;
    const option = (theme: ChartTheme) => this.option(theme);
    return pictureOf(option, format, canvas.clientWidth, canvas.clientHeight);
  }

  private zoomedByMouse(): void {
    const { full } = this;
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
