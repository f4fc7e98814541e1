import { init, use } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import { readChartTheme } from '../chartTheme';
import type { OptionMaker } from './charting';

use([CanvasRenderer, SVGRenderer]);

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
