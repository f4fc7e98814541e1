import { figure, parameterFigure } from '../../core/figures';
import { shortened } from '../../core/labels';
import type { ParameterValue } from '../../core/parameters';
import type { ParameterDetail } from '../../core/pastValues';
import { fromJsonNumber } from '../../core/version';

/** What a picture is drawn with, by the kind of theme: a hover's picture knows no variables. */
export interface PictureColours {
  readonly ink: string;
  readonly axis: string;
  readonly mark: string;
}

export const pictureColours = {
  dark: { ink: '#cccccc', axis: '#7f7f7f', mark: '#4daafc' },
  light: { ink: '#3b3b3b', axis: '#8b8b8b', mark: '#005fb8' },
  highContrast: { ink: '#ffffff', axis: '#ffffff', mark: '#f38518' },
  highContrastLight: { ink: '#292929', axis: '#292929', mark: '#0f4a85' },
} as const satisfies Record<string, PictureColours>;

const width = 300;
const height = 66;
const left = 52;
const right = 12;
const top = 6;
const bottom = 19;
/** Characters that have room below the axis. */
const longestAxis = 36;

interface Point {
  readonly x: number;
  readonly y: number;
  readonly now: boolean;
}

/**
 * A small picture of a parameter against the metric, as SVG: a dot a version, filled where the value
 * is the one that the line has. Numbers that span more than two orders stand on a logarithmic axis,
 * what is no number side by side. `null` where fewer than two values have a metric.
 */
export function valuePicture(detail: ParameterDetail, colours: PictureColours): string | null {
  const points = detail.points
    .map(([value, outcome]) => [value, fromJsonNumber(outcome)] as const)
    .filter(([value, outcome]) => isDrawable(outcome) && isDrawable(value));
  const keys = [...new Set(points.map(([value]) => JSON.stringify(value)))];
  if (keys.length < 2) return null;
  const place = placing(points.map(([value]) => value));
  const outcomes = points.map(([, outcome]) => outcome);
  const [low, high] = [Math.min(...outcomes), Math.max(...outcomes)];
  const span = high === low ? 1 : high - low;
  const drawn = points.map(
    ([value, outcome]): Point => ({
      x: left + place.of(value) * (width - left - right),
      y: height - bottom - ((outcome - low) / span) * (height - top - bottom),
      now: JSON.stringify(value) === JSON.stringify(detail.value),
    }),
  );
  return svg(drawn, place, { low, high, path: detail.path, metric: detail.metric ?? '' }, colours);
}

/** Differences of larger numbers are not finite. */
function isDrawable(value: ParameterValue): boolean {
  return typeof value !== 'number' || Math.abs(value) < 1e300;
}

interface Placing {
  /** 0 at the left, 1 at the right. */
  readonly of: (value: ParameterValue) => number;
  readonly first: string;
  readonly last: string;
  readonly logarithmic: boolean;
}

function placing(values: readonly ParameterValue[]): Placing {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length) return sideBySide(values);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const logarithmic = low > 0 && high / low > 100;
  const scale = (value: number) => (logarithmic ? Math.log(value) : value);
  const span = scale(high) - scale(low) || 1;
  return {
    of: (value) => margined((scale(Number(value)) - scale(low)) / span),
    first: figure(low),
    last: figure(high),
    logarithmic,
  };
}

function sideBySide(values: readonly ParameterValue[]): Placing {
  const keys = [...new Set(values.map((value) => JSON.stringify(value)))];
  const text = (key: string | undefined) => parameterFigure(JSON.parse(key ?? '""'), 18);
  return {
    of: (value) => margined(keys.indexOf(JSON.stringify(value)) / Math.max(1, keys.length - 1)),
    first: text(keys[0]),
    last: text(keys.at(-1)),
    logarithmic: false,
  };
}

/** Dots at the ends stay off the axis. */
function margined(share: number): number {
  return 0.04 + share * 0.92;
}

interface Labels {
  readonly low: number;
  readonly high: number;
  readonly path: string;
  readonly metric: string;
}

function svg(
  points: readonly Point[],
  { first, last, logarithmic }: Placing,
  { low, high, path, metric }: Labels,
  { ink, axis, mark }: PictureColours,
): string {
  const floor = height - bottom;
  const text = (x: number, y: number, anchor: string, content: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}">${escapedXml(content)}</text>`;
  const dots = points.map(({ x, y, now }) => {
    const fill = now ? mark : 'none';
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.5" fill="${fill}" stroke="${mark}" stroke-width="1.5"/>`;
  });
  const name = nameBetween(path, logarithmic, longestAxis - first.length - last.length);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escapedXml(`${metric} against ${path}`)}</title>`,
    `<path d="M${left} ${top} V${floor} H${width - right}" fill="none" stroke="${axis}"/>`,
    ...dots,
    `<g font-family="sans-serif" font-size="11" fill="${ink}">`,
    text(left - 6, top + 8, 'end', figure(high)),
    ...(high === low ? [] : [text(left - 6, floor, 'end', figure(low))]),
    text(left, floor + 14, 'start', first),
    text(width - right, floor + 14, 'end', last),
    text((left + width - right) / 2, floor + 14, 'middle', name),
    '</g></svg>',
  ].join('');
}

/** Of the axis, if there is room for it between its ends. */
function nameBetween(path: string, logarithmic: boolean, room: number): string {
  const scale = logarithmic ? ' (log)' : '';
  const most = room - scale.length;
  return most < 4 ? '' : `${shortened(path.slice(path.lastIndexOf('.') + 1), most)}${scale}`;
}

function escapedXml(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' },
  };
  // Control characters are not XML, escaped or not.
  return [...text.replace(/[&<>"]/g, (sign) => signs[sign] ?? sign)]
    .filter((sign) => sign >= ' ')
    .join('');
}

/** An address that Markdown takes for an image. */
export function pictureAddress(picture: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(picture, 'utf8').toString('base64')}`;
}
