import { type ECharts, init } from 'echarts/core';
import { LitElement } from 'lit';
import { onThemeChange } from '../chartTheme';

/** So long the first picture may wait for what is read and pressed before it, in milliseconds. */
const mostPatience = 300;

/**
 * An element that owns a chart, in its part `.chart`. The chart is made when there is room for it (a
 * hidden panel costs nothing) and what stands around it has been painted, for making one takes as
 * long as all of that; it keeps the element's size and the theme's colours, and is gone with it.
 */
export abstract class DrawnChart extends LitElement {
  protected chart: ECharts | null = null;
  private readonly resizes = new ResizeObserver(() => this.resized());
  /** The chart is going to be made; `null` where it is there, or has no room. */
  private coming: number | null = null;
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
    if (this.coming !== null) window.cancelIdleCallback(this.coming);
    this.coming = null;
    this.chart?.dispose();
    this.chart = null;
  }

  protected get canvas(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.chart');
  }

  protected draw(): void {
    if (this.chart !== null) this.fill(this.chart);
    else if (this.room !== null) {
      this.coming ??= window.requestIdleCallback(() => this.make(), { timeout: mostPatience });
    }
  }

  /** Where the chart goes, if that has a size. */
  private get room(): HTMLElement | null {
    const { canvas } = this;
    return canvas === null || canvas.clientWidth === 0 || canvas.clientHeight === 0 ? null : canvas;
  }

  private make(): void {
    this.coming = null;
    const { room } = this;
    if (room === null) return;
    this.chart = init(room, null, { renderer: 'canvas' });
    this.listen(this.chart);
    this.fill(this.chart);
  }

  private resized(): void {
    const { chart, room } = this;
    if (chart === null) this.draw();
    else if (chart.getWidth() !== room?.clientWidth || chart.getHeight() !== room.clientHeight) {
      chart.resize();
    }
  }
}
