import { expect, test } from 'vitest';
import type { Curve, JsonNumber } from '../../src/core/version';
import {
  type ChartTheme,
  lineDashes,
  lineLook,
  lineVariables,
} from '../../webview-ui/src/chartLook';
import {
  axisName,
  type CurveLine,
  linesOf,
  readingAt,
  seriesNames,
  seriesToShow,
  stepsOf,
  summaryOf,
  undrawn,
} from '../../webview-ui/src/metrics/curveLines';
import { curveOption } from '../../webview-ui/src/metrics/curveOption';
import { CurveStore } from '../../webview-ui/src/metrics/curveStore';
import { clipped, fullRange, zoomed } from '../../webview-ui/src/metrics/zoom';
import { curvesFrom, exampleRows, nasty } from './panels/exampleVersions';

function curve(values: readonly JsonNumber[], axis: Curve['axis'] = 'epoch'): Curve {
  return { name: 'val_loss', axis, steps: values.map((_, index) => index + 1), values };
}

function line(values: readonly JsonNumber[], change: Partial<CurveLine> = {}): CurveLine {
  return {
    reference: 'a@v1.1',
    title: 'v1',
    curve: curve(values),
    place: 0,
    shown: true,
    ...change,
  };
}

const theme: ChartTheme = {
  text: 'black',
  quiet: 'grey',
  gridLine: 'silver',
  background: 'white',
  pointer: 'blue',
  tooltipBackground: 'white',
  tooltipBorder: 'grey',
  tooltipText: 'black',
  fontFamily: 'sans-serif',
  fontSize: 13,
  lines: ['one', 'two', 'three', 'four', 'five', 'six'],
};

const curves = (series: string) => {
  const references = exampleRows.map(({ reference }) => reference);
  return curvesFrom(exampleRows, { references, series, axis: null });
};

test('the curve to show is the wanted one, the primary metric, or the likeliest', () => {
  const names = seriesNames(curves('loss'));
  expect(names).toEqual(['loss', 'val_accuracy', 'val_loss']);
  const primary = { metric: 'loss', better: 'lower' } as const;
  expect(seriesToShow(names, 'val_loss', primary)).toBe('val_loss');
  expect(seriesToShow(names, 'gone', primary)).toBe('loss');
  expect(seriesToShow(names, null, null)).toBe('val_accuracy');
  expect(seriesToShow(['x', 'y'], null, null)).toBe('x');
  expect(seriesToShow([], null, null)).toBeNull();
});

test('versions without the curve have no line', () => {
  const titleOf = (reference: string) => reference.slice(7, 9);
  const places = new Map([['digits@v7.1', 4]]);
  const lines = linesOf(curves('val_loss'), titleOf, places, ['digits@v6.1']);
  expect(lines.map(({ title }) => title)).toEqual(['v7', 'v6', 'v5', 'v4', 'v3', 'v2']);
  expect(lines[0]).toMatchObject({ place: 4, shown: true });
  expect(lines[1]?.shown).toBe(false);
});

test('a summary tells the last and the best value by the direction of the metric', () => {
  expect(summaryOf(curve([3, 1, 2]), 'lower')).toEqual({
    last: '2',
    best: { value: '1', at: '2' },
  });
  expect(summaryOf(curve([3, 1, 2]), 'higher')?.best).toEqual({ value: '3', at: '1' });
  expect(summaryOf(curve([3, 'NaN']), null)).toEqual({ last: '3', best: null });
  expect(summaryOf(curve(['NaN', 'Infinity']), 'lower')).toBeNull();
});

test('points that have no place in the picture are counted', () => {
  const lines = [line([1, 'NaN', 0, -1]), line(['NaN'], { shown: false })];
  expect(undrawn(lines, false)).toBe(1);
  expect(undrawn(lines, true)).toBe(3);
});

test('the axis is named by what it counts', () => {
  expect(axisName([line([1])])).toBe('epoch');
  expect(axisName([line([1]), line([1], { curve: curve([1], 'step') })])).toBe('epoch / step');
  expect(axisName([line([1], { curve: curve([1], 'index') })])).toBe('point');
});

test('a reading says all shown lines at a step', () => {
  const lines = [line([0.123456, 2]), line([5], { title: 'v2' }), line([7], { shown: false })];
  expect(stepsOf(lines)).toEqual([1, 2]);
  expect(readingAt(lines, 1)).toBe('epoch 1: v1 0.1235, v2 5');
  expect(readingAt(lines, 2)).toBe('epoch 2: v1 2');
});

test('zooming stays within the steps and all of them is no zoom', () => {
  const full = { from: 0, to: 100 };
  expect(zoomed(null, full, 0.5)).toEqual({ from: 25, to: 75 });
  expect(zoomed({ from: 80, to: 100 }, full, 2)).toEqual({ from: 70, to: 100 });
  expect(zoomed({ from: 25, to: 75 }, full, 2)).toBeNull();
  expect(clipped({ from: 200, to: 300 }, full)).toBeNull();
  expect([fullRange([]), fullRange([3]), fullRange([1, 2, 9])]).toEqual([
    null,
    null,
    { from: 1, to: 9 },
  ]);
});

test('lines next to each other differ in colour and in dash', () => {
  const looks = Array.from({ length: 18 }, (_, place) => lineLook(place));
  for (let place = 1; place < looks.length; place++) {
    expect(looks[place]?.colour).not.toBe(looks[place - 1]?.colour);
    expect(looks[place]?.dash).not.toBe(looks[place - 1]?.dash);
  }
  const distinct = new Set(looks.map(({ colour, dash }) => `${colour} ${dash.join()}`));
  expect(distinct.size).toBe(lineVariables.length * lineDashes.length);
});

test('the chart takes its colours from the theme and leaves gaps for what it cannot draw', () => {
  const lines = [line([1, 'NaN', 0], { place: 1 }), line([1], { shown: false })];
  const option = curveOption(
    lines,
    'val_loss',
    true,
    { from: 1, to: 2 },
    { from: 1, to: 9 },
    theme,
  );
  expect(option.series).toHaveLength(1);
  expect(option.series).toMatchObject([
    {
      color: 'two',
      data: [
        [1, 1],
        [2, '-'],
        [3, '-'],
      ],
    },
  ]);
  expect(option.yAxis).toMatchObject({ type: 'log' });
  expect(option.xAxis).toMatchObject({ min: 1, max: 9 });
  expect(option.dataZoom).toMatchObject([{ startValue: 1, endValue: 2 }]);
});

test('nothing in the chart is read as HTML', () => {
  const option = curveOption([line([1], { title: nasty })], nasty, false, null, null, theme);
  expect(option.tooltip).toMatchObject({ renderMode: 'richText' });
  expect(JSON.stringify(option)).not.toContain('"html"');
});

test('a curve is asked for once, in detail where it is zoomed, and again when it has grown', async () => {
  const asked: object[] = [];
  const steps = Array.from({ length: 2_000 }, (_, index) => index);
  const told = Promise.withResolvers<void>();
  let changes = 0;
  const store = new CurveStore(
    async (ask) => {
      const { references, axis, from, to } = ask;
      asked.push({ references, axis, from, to });
      const part = from === null ? steps : [from, to ?? 0];
      const curve = { name: 'loss', axis: 'step', steps: part, values: part } as const;
      const found = { names: ['loss'], own: 'step', axes: ['step'], curve } as const;
      return references.map((reference) => ({ reference, ...found }));
    },
    () => {
      if (++changes === 3) told.resolve();
    },
  );
  const wanted = { references: ['a', 'run:b'], series: 'loss', axis: null, zoom: null };
  store.want(wanted);
  store.want(wanted);
  await Promise.resolve();
  store.grown(new Set(['run:b', 'run:c']));
  await Promise.resolve();
  expect(store.seen.map(({ reference }) => reference)).toEqual(['a', 'run:b']);
  store.want({ ...wanted, zoom: { from: 100, to: 200 } });
  await told.promise;
  expect(store.seen[0]?.curve?.steps).toEqual([75, 225]);
  expect(store.whole[0]?.curve?.steps).toHaveLength(2_000);
  expect(asked).toEqual([
    { references: ['a', 'run:b'], axis: null, from: null, to: null },
    { references: ['run:b'], axis: null, from: null, to: null },
    { references: ['a', 'run:b'], axis: null, from: 75, to: 225 },
  ]);
});
