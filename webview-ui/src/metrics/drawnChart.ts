import { type ECharts, init } from 'echarts/core';
import { LitElement } from 'lit';
import { onThemeChange } from '../chartTheme';

/**
 * An element that owns a chart, in its part `.chart`. The chart is made when there is room for it (a
 * hidden panel costs nothing), keeps the element's size and the theme's colours, and is gone with it.
 */
export abstract class DrawnChart extends LitElement {
  protected chart: ECharts | null = null;
  private readonly resizes = new ResizeObserver(() => this.resized());
  private stopThemes: () => void = () => undefined;

  /** Listens to a chart that was just made. */
  protected abstract listen(chart: ECharts): void;
  /** Puts all that is to be seen into the chart. */
  protected abstract fill(chart: ECharts): void;

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

  protected get canvas(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.chart');
  }

  protected draw(): void {
    const { canvas } = this;
    if (canvas === null || canvas.clientWidth === 0 || canvas.clientHeight === 0) return;
    if (this.chart === null) {
      this.chart = init(canvas, null, { renderer: 'canvas' });
      this.listen(this.chart);
    }
    this.fill(this.chart);
  }

  private resized(): void {
    if (this.chart === null) this.draw();
    else this.chart.resize();
  }
}
