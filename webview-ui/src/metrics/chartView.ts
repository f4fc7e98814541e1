import { LineChart, ParallelChart, ScatterChart } from 'echarts/charts';
import {
  DataZoomInsideComponent,
  GridComponent,
  ParallelComponent,
  TooltipComponent,
} from 'echarts/components';
import { type ECharts, use } from 'echarts/core';
import { css, html, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { readChartTheme } from '../chartTheme';
import type { OptionMaker } from './charting';
import { pictureOf } from './chartPicture';
import { DrawnChart } from './drawnChart';
import type { Brush } from './shownRows';

use([LineChart, ScatterChart, ParallelChart]);
use([GridComponent, ParallelComponent, TooltipComponent, DataZoomInsideComponent]);

/** A number on a chart was pointed at and clicked: the data's own. */
export type PointEvent = CustomEvent<unknown>;
/** What was brushed on an axis of parallel coordinates. */
export type BrushEvent = CustomEvent<{
  readonly axis: string;
  readonly intervals: readonly (readonly [number, number])[];
}>;

/** A chart of whatever is given. */
@customElement('cairn-chart')
export class ChartView extends DrawnChart {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      height: 320px;
    }
    .chart {
      width: 100%;
      height: 100%;
    }
  `;

  @property({ attribute: false }) option: OptionMaker | null = null;
  /** What is brushed on the axes of parallel coordinates, wherever it was said. */
  @property({ attribute: false }) brushes: readonly Brush[] = [];
  /** What the picture shows, for those who do not see it. */
  @property() summary = '';

  /** The intervals on each axis, as JSON, and whether they are being marked now. */
  private marked = new Map<string, string>();
  private marking = false;

  override render() {
    return html`<div class="chart" role="img" aria-label=${this.summary}></div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('option')) this.draw();
    else if (changed.has('brushes')) this.drawBrushes();
  }

  protected override draw(): void {
    if (this.option !== null) super.draw();
  }

  protected override fill(chart: ECharts): void {
    if (this.option === null) return;
    chart.setOption(this.option(readChartTheme()), { notMerge: true });
    this.marked = new Map();
    this.drawBrushes();
  }

  /** Marks on the axes what was given as numbers, and takes away what was let go. */
  private drawBrushes(): void {
    const { chart, brushes } = this;
    if (chart === null) return;
    const now = new Map(brushes.map(({ column, intervals }) => [column, intervals]));
    this.marking = true;
    for (const axis of new Set([...this.marked.keys(), ...now.keys()])) {
      const intervals = now.get(axis)?.map(([from, to]) => [from, to]) ?? [];
      // What the mouse is drawing is there already, and is not to be broken off.
      if (this.marked.get(axis) === JSON.stringify(intervals)) continue;
      this.marked.set(axis, JSON.stringify(intervals));
      chart.dispatchAction({ type: 'axisAreaSelect', parallelAxisId: axis, intervals });
    }
    this.marking = false;
  }

  protected override listen(chart: ECharts): void {
    chart.on('click', ({ data }) => {
      this.dispatchEvent(new CustomEvent('point', { detail: data }));
    });
    chart.on('axisareaselected', (event) => {
      const { parallelAxisId: axis, intervals = [] } = event as {
        parallelAxisId?: string;
        intervals?: [number, number][];
      };
      if (axis !== undefined && !this.marking) {
        this.marked.set(axis, JSON.stringify(intervals));
        this.dispatchEvent(new CustomEvent('brush', { detail: { axis, intervals } }));
      }
    });
  }

  /** The picture as it is seen, on the theme's background: a PNG in base64, or SVG. */
  picture(format: 'png' | 'svg'): string | null {
    const { canvas, option } = this;
    if (canvas === null || option === null) return null;
    return pictureOf(option, format, canvas.clientWidth, canvas.clientHeight);
  }
}
