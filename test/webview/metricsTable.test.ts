import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  firstChoice,
  placesOf,
  stillThere,
  toCompare,
  withChosen,
} from '../../webview-ui/src/metrics/chosen';
import { cellOf, columnsOf, varies } from '../../webview-ui/src/metrics/columns';
import { movedBy, within } from '../../webview-ui/src/metrics/gridMoves';
import { countText, joined } from '../../webview-ui/src/metrics/pages';
import { nextSort, orderOf, sortingOf } from '../../webview-ui/src/metrics/sorting';
import { exampleRows, metricsView } from './panels/exampleVersions';

const view = metricsView(exampleRows);
const columns = columnsOf(view, true);
const column = (key: string) => columns.find((one) => one.key === key)!;
const row = (title: string) => exampleRows.find((one) => one.title === title)!;

test('the primary metric comes first, and parameters that do not differ only when wanted', () => {
  expect(columns.map(({ key }) => key)).toEqual([
    'val_accuracy',
    'f1_macro',
    'train_seconds',
    'val_loss',
    'early_stopping.patience',
    'hidden',
    'lr',
    'optimizer',
    '',
  ]);
  const all = columnsOf(view, false).map(({ key }) => key);
  expect(all).toEqual(expect.arrayContaining(['epochs', 'seed']));
  expect(column('val_accuracy')).toMatchObject({ primary: true, better: 'higher' });
  expect(column('val_loss')).toMatchObject({ primary: false, better: 'lower', numeric: true });
  expect([column('hidden').numeric, column('lr').numeric]).toEqual([false, true]);
});

test('a parameter varies when its value does or when some have it not', () => {
  expect(['lr', 'early_stopping.patience', 'seed'].map((key) => varies(exampleRows, key))).toEqual([
    true,
    true,
    false,
  ]);
  expect(varies([], 'lr')).toBe(false);
});

test('a cell has a short figure with the whole value behind it', () => {
  expect(cellOf(row('v1'), column('val_accuracy'))).toEqual({
    text: '0.9122',
    title: '0.9122222222222223',
    stale: false,
  });
  expect(cellOf(row('v7'), column('lr'))).toMatchObject({
    text: '0.3',
    title: '0.30000000000000004',
  });
  expect(cellOf(row('v2'), column('val_loss'))?.stale).toBe(true);
  expect(cellOf(row('v4'), column('val_loss'))?.text).toBe('NaN');
  expect(cellOf(row('v1'), column('f1_macro'))).toBeNull();
  expect(cellOf(row('v1'), column('hidden'))).toMatchObject({ text: '[32]', title: null });
});

test('a column begins with what is looked for and is then turned round', () => {
  const accuracy = column('val_accuracy');
  expect(nextSort(null, accuracy)).toBe('-metric:val_accuracy');
  expect(nextSort('-metric:val_accuracy', accuracy)).toBe('metric:val_accuracy');
  expect(nextSort(null, column('val_loss'))).toBe('metric:val_loss');
  expect(nextSort(null, column('lr'))).toBe('parameter:lr');
});

test('newest first is no sort at all', () => {
  const version = { kind: 'version', key: '', sort: 'number', better: null } as const;
  expect(orderOf(null, version)).toBe('descending');
  expect(nextSort(null, version)).toBe('number');
  expect(nextSort('number', version)).toBeNull();
  expect(sortingOf('-')).toEqual(sortingOf(null));
});

test('a sort that names no kind belongs to every column of that name', () => {
  expect(orderOf('-val_loss', column('val_loss'))).toBe('descending');
  expect(orderOf('-val_loss', column('lr'))).toBeNull();
  expect(orderOf('lr', column(''))).toBeNull();
});

test('arrow keys stay within the grid and every key leads to a place in it', () => {
  const size = { rows: 5, columns: 3, page: 10 };
  const at = { row: 2, column: 1 };
  const press = (key: string, ctrlKey = false) => movedBy({ key, ctrlKey }, at, size);
  expect(press('ArrowDown')).toEqual({ row: 3, column: 1 });
  expect(press('End')).toEqual({ row: 2, column: 2 });
  expect(press('Home', true)).toEqual({ row: 0, column: 0 });
  expect(press('PageDown')).toEqual({ row: 4, column: 1 });
  expect(press('x')).toBeNull();
  const place = fc.record({ row: fc.integer(), column: fc.integer() });
  void fc.assert(
    fc.property(place, (from) => {
      const to = within(from, size);
      expect(to.row >= 0 && to.row < 5 && to.column >= 0 && to.column < 3).toBe(true);
    }),
  );
});

test('at first the current version, the best one and the newest are chosen', () => {
  expect(firstChoice(exampleRows)).toEqual(['digits@v7.1', 'digits@v6.1', 'digits@v5.1']);
  expect(firstChoice([row('v1')])).toEqual(['digits@v1.1']);
  expect(stillThere(exampleRows, ['digits@v2.1', 'digits@v99.1'])).toEqual(['digits@v2.1']);
});

test('chosen versions are compared from the oldest on', () => {
  const chosen = withChosen(['digits@v7.1'], 'digits@v2.1', true);
  expect(toCompare(exampleRows, chosen)).toEqual(['digits@v2.1', 'digits@v7.1']);
  expect(withChosen(chosen, 'digits@v7.1', false)).toEqual(['digits@v2.1']);
});

test('a line keeps its place in the palette when others come and go', () => {
  const first = placesOf(new Map(), ['a', 'b', 'c']);
  expect([...first]).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
  ]);
  const second = placesOf(first, ['c', 'd', 'b']);
  expect([second.get('c'), second.get('b'), second.get('d')]).toEqual([2, 1, 0]);
});

test('pages follow each other as one, with the columns of both', () => {
  const first = metricsView(exampleRows.slice(4), { total: 7 });
  const both = joined(first, metricsView(exampleRows.slice(0, 4), { total: 7 }));
  expect(both.rows.map(({ title }) => title)).toEqual(['v3', 'v2', 'v1', 'v7', 'v6', 'v5', 'v4']);
  expect(first.metrics).not.toContain('f1_macro');
  expect(both.metrics).toEqual(['val_accuracy', 'train_seconds', 'val_loss', 'f1_macro']);
  expect([countText(first), countText(both)]).toEqual(['3 of 7 versions', '7 versions']);
});
