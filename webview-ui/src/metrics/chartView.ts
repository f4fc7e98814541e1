import { LineChart, ParallelChart, ScatterChart } from 'echarts/charts';
import {
  DataZoomInsideComponent,
  GridComponent,
  ParallelComponent,
  TooltipComponent,
} from 'echarts/components';
import { type ECharts, init, use } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { onThemeChange, readChartTheme } from '../chartTheme';
import type { OptionMaker } from './charting';

use([LineChart, ScatterChart, ParallelChart]);
use([GridComponent, ParallelComponent, TooltipComponent, DataZoomInsideComponent]);
use([CanvasRenderer, SVGRenderer]);

/** A number on a chart was pointed at and clicked: the data's own. */
export type PointEvent = CustomEvent<unknown>;
/** What was brushed on an axis of parallel coordinates. */
export type BrushEvent = CustomEvent<{
  readonly axis: string;
  readonly intervals: readonly (readonly [number, number])[];
}>;

/** A chart in the theme's colours. Made when there is room for it, gone with its element. */
@customElement('cairn-chart')
export class ChartView extends LitElement {
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
  /** What the picture shows, for those who do not see it. */
  @property() summary = '';

  private chart: ECharts | null = null;
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
    return html`<div class="chart" role="img" aria-label=${this.summary}></div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('option')) this.draw();
  }

  private get canvas(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.chart');
  }

  private resized(): void {
    if (this.chart === null) this.draw();
    else this.chart.resize();
  }

  private draw(): void {
    const { canvas, option } = this;
    if (option === null || canvas === null) return;
    if (canvas.clientWidth === 0 || canvas.clientHeight === 0) return;
    this.chart ??= this.made(canvas);
    this.chart.setOption(option(readChartTheme()), { notMerge: true });
  }

  private made(canvas: HTMLElement): ECharts {
    const chart = init(canvas, null, { renderer: 'canvas' });
    chart.on('click', ({ data }) => {
      this.dispatchEvent(new CustomEvent('point', { detail: data }));
    });
    chart.on('axisareaselected', (event) => {
      const { parallelAxisId: axis, intervals = [] } = event as {
        parallelAxisId?: string;
        intervals?: [number, number][];
      };
      if (axis !== undefined) {
        this.dispatchEvent(new CustomEvent('brush', { detail: { axis, intervals } }));
      }
    });
    return chart;
  }

  /** The picture as it is seen, on the theme's background: a PNG in base64, or SVG. */
  picture(format: 'png' | 'svg'): string | null {
    const { canvas, option } = this;
    if (canvas === null || option === null) return null;
    return pictureOf(option, format, canvas.clientWidth, canvas.clientHeight);
  }
}

/** A chart drawn once, off the screen: a PNG's bytes in base64, or the text of an SVG. */
export function pictureOf(
  option: OptionMaker,
  format: 'png' | 'svg',
  width: number,
  height: number,
): string {
  const theme = readChartTheme();
  const canvas = document.createElement('div');
  const size = { width, height };
  const chart =
    format === 'svg'
      ? init(null, null, { renderer: 'svg', ssr: true, ...size })
      : init(canvas, null, { renderer: 'canvas', devicePixelRatio: 2, ...size });
  chart.setOption({ ...option(theme), animation: false, backgroundColor: theme.background });
  const picture =
    format === 'svg'
      ? chart.renderToSVGString()
      : chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: theme.background });
  chart.dispose();
  return format === 'svg' ? picture : picture.slice(picture.indexOf(',') + 1);
}
