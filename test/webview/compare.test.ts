import { expect, test } from 'vitest';
import type { CompareView } from '../../src/wire/comparePanel';
import { cellTexts, exactTitle } from '../../webview-ui/src/compare/cellText';
import {
  emptySentence,
  filteredSentence,
  sameSentence,
  shownRows,
} from '../../webview-ui/src/compare/rows';
import {
  canRollBackTo,
  pickerOptions,
  pickerValue,
  pinned,
  replaced,
  sideOf,
  swapped,
  withOneMore,
  without,
} from '../../webview-ui/src/compare/sides';
import { smoothed } from '../../webview-ui/src/compare/smoothing';
import { sparkPath } from '../../webview-ui/src/compare/sparkline';
import { matching } from '../../webview-ui/src/textSearch';
import { compareView } from './panels/exampleComparison';

const texts = (...cells: (string | null)[]) =>
  cellTexts(cells.map((text) => ({ text }))).map((cell) => cell?.text ?? null);

test('numbers in a row are shortened, unless two of them would then look the same', () => {
  expect(texts('0.30000000000000004', '0.5')).toEqual(['0.3', '0.5']);
  expect(texts('0.30000000000000004', '0.3')).toEqual(['0.30000000000000004', '0.3']);
  expect(texts('0.12345678', null, '0.12345679')).toEqual(['0.12345678', null, '0.12345679']);
  expect(texts('0.12345678', '0.12345678')).toEqual(['0.123457', '0.123457']);
});

test('texts that only look like numbers stay as they are', () => {
  expect(texts('3.11.7', 'sha256 0.12345678', '20261121', '1e-5')).toEqual([
    '3.11.7',
    'sha256 0.12345678',
    '20261121',
    '1e-5',
  ]);
});

test('the whole value is told where fewer digits are shown', () => {
  expect(cellTexts([{ text: '0.30000000000000004' }])).toEqual([
    { text: '0.3', title: '0.30000000000000004' },
  ]);
  expect(exactTitle('0.951', '0.95101010101')).toBe('0.95101010101');
  expect(exactTitle('0.951', '0.951')).toBe('');
  expect(exactTitle(null, null)).toBe('');
});

test('only rows that differ are shown, and the others counted', () => {
  const rows = ['lr', 'epochs', 'seed'].map((key, index) => ({ key, changed: index === 0 }));
  const shown = (onlyDifferences: boolean, filter: string) =>
    shownRows(rows, { onlyDifferences, filter }, ({ key }) => key);
  expect(shown(true, '')).toEqual({ rows: [rows[0]], same: 2, filtered: 0 });
  expect(shown(false, '')).toEqual({ rows, same: 0, filtered: 0 });
  expect(shown(false, 'E S')).toEqual({ rows: [rows[1], rows[2]], same: 0, filtered: 1 });
  expect(shown(true, 'seed')).toEqual({ rows: [], same: 1, filtered: 2 });
  expect(filteredSentence(2, 'metric', 'metrics')).toBe('2 metrics do not match the filter.');
  expect([0, 1, 12].map((total) => emptySentence(total, 'entry', 'entries'))).toEqual([
    'No entries recorded.',
    'The one entry is the same.',
    'All 12 entries are the same.',
  ]);
  expect([1, 2].map(sameSentence)).toEqual(['1 more is the same.', '2 more are the same.']);
});

test('two sides are swapped, but the working files are never the base', () => {
  expect(swapped(['a@v1', 'a@v2'])).toEqual(['a@v2', 'a@v1']);
  expect(swapped(['a@v1', null])).toBeNull();
  expect(swapped(['a@v1', 'a@v2', 'a@v3'])).toBeNull();
});

test('a picker offers the working files for every side but the base', () => {
  const view = compareView(['digits@v3.1', null]);
  expect(pickerOptions(view, 0).map(({ value }) => sideOf(value))).toEqual([
    'digits@v7.1',
    'digits@v6.1',
    'digits@v3.1',
  ]);
  expect(pickerOptions(view, 1).map(({ value }) => sideOf(value))).toContain(null);
  expect(pickerOptions(view, 0)[0]?.text).toMatch(/^v7 \(current\) · early stopping/);
  expect(sideOf(pickerValue(null))).toBeNull();
});

test('a picker offers its own version also where the list does not reach back to it', () => {
  const view = compareView(['digits@v1.1', 'digits@v7.1']);
  expect(pickerOptions(view, 0)[0]).toEqual({ value: 'digits@v1.1', text: 'v1' });
});

test('sides are replaced, added and left out', () => {
  expect(replaced(['a@v1', 'a@v2'], 1, null)).toEqual(['a@v1', null]);
  expect(pinned(['a@v1', 'a@v2', 'a@v3'], 2)).toEqual(['a@v3', 'a@v1', 'a@v2']);
  expect(pinned(['a@v1', null, 'a@v3'], 1)).toBeNull();
  expect(without(['a@v1', 'a@v2', null], 1)).toEqual(['a@v1', null]);
  const more = (view: CompareView) =>
    withOneMore(
      view,
      view.sides.map(({ side }) => side),
    );
  expect(more(compareView(['digits@v3.1', 'digits@v7.1']))).toEqual([
    'digits@v3.1',
    'digits@v7.1',
    'digits@v6.1',
  ]);
  const all = ['digits@v3.1', 'digits@v6.1', 'digits@v7.1'];
  expect(more(compareView(all))).toEqual([...all, null]);
  expect(more(compareView([...all, null]))).toBeNull();
});

test('going back is offered to all but the current version and the working files', () => {
  const view = compareView(['digits@v3.1', 'digits@v7.1', null]);
  expect(view.sides.map((side) => canRollBackTo(side, view.choices))).toEqual([true, false, false]);
});

test('smoothing takes noise out, keeps a constant, and passes over what is no number', () => {
  const curve = (values: (number | 'NaN')[]) => ({
    ...{ name: 'loss', axis: 'epoch' as const, steps: values.map((_, index) => index) },
    values,
  });
  expect(smoothed(curve([3, 1]), 0).values).toEqual([3, 1]);
  const constant = smoothed(curve([2, 2, 'NaN', 2]), 0.9).values;
  expect(constant.map((value) => (value === 'NaN' ? value : Number(value).toFixed(9)))).toEqual([
    ...['2.000000000', '2.000000000', 'NaN', '2.000000000'],
  ]);
  // (0.5 × 0.5 × 1 + 0.5 × 3) / (0.25 + 0.5)
  expect(smoothed(curve([1, 3]), 0.5).values[1]).toBeCloseTo(1.75 / 0.75, 12);
});

test('a small picture spans its box, and takes two points', () => {
  expect(sparkPath({ steps: [0, 1, 2], values: [0, 'NaN', 1] })).toBe('M1 15L63 1');
  expect(sparkPath({ steps: [0, 1], values: [5, 5] })).toBe('M1 8L63 8');
  expect(sparkPath({ steps: [0], values: [1] })).toBe('');
});

test('a search finds all of its words in any of the texts', () => {
  expect(matching(' Head W ', 'head.out.weight', null)).toBe(true);
  expect(matching('head code', 'head.out', 'train.py')).toBe(false);
  expect(matching('', 'anything')).toBe(true);
});
