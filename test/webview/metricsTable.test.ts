import fc from 'fast-check';
import { expect, test } from 'vitest';
import { initialChoices, type MetricsChoices } from '../../src/wire/metricsChoices';
import {
  firstChoice,
  placesOf,
  stillThere,
  toCompare,
  withChosen,
} from '../../webview-ui/src/metrics/chosen';
import { columnKey, movedColumn } from '../../webview-ui/src/metrics/columnMoves';
import { cellText, columnsOf, nextSorts } from '../../webview-ui/src/metrics/columns';
import { movedBy, within } from '../../webview-ui/src/metrics/gridMoves';
import { gridWindow, scrolledTo } from '../../webview-ui/src/metrics/gridWindow';
import { filterColumns, rowFilter, shownRows } from '../../webview-ui/src/metrics/shownRows';
import { TableData } from '../../webview-ui/src/metrics/tableData';
import {
  columnsFrom,
  type ExampleRow,
  exampleRows,
  exampleRun,
  metricsView,
} from './panels/exampleVersions';

function dataOf(rows: readonly ExampleRow[] = exampleRows): TableData {
  const view = metricsView(rows);
  const data = new TableData(view);
  const columns = view.columns.map(({ kind, key }) => ({ kind, key }));
  data.add(columnsFrom(rows, { model: 'digits', edition: view.edition, columns }));
  return data;
}

const data = dataOf();
const columns = columnsOf(data, initialChoices);
const ids = (choices: Partial<MetricsChoices> = {}) =>
  columnsOf(data, { ...initialChoices, ...choices }).map(({ id }) => id);
const column = (key: string) => columns.find(({ title }) => title === key)!;
const place = (title: string) => data.rows.findIndex((row) => row.title === title);

function shown(choices: Partial<MetricsChoices> = {}, text = '', of = data): string {
  const places = shownRows(of, {
    filter: rowFilter(text),
    choices: { ...initialChoices, ...choices },
    isStarred: ({ number }) => number === 3,
    brushes: [],
  });
  return places.map((one) => of.rows[one]?.title).join(' ');
}

test('the primary metric comes first, and parameters that do not differ only when wanted', () => {
  expect(columns.map(({ title }) => title)).toEqual([
    'val_accuracy',
    'f1_macro',
    'train_seconds',
    'val_loss',
    'early_stopping.patience',
    'hidden',
    'lr',
    'optimizer',
    'Created',
  ]);
  expect(ids({ onlyVarying: false })).toEqual(
    expect.arrayContaining(['parameter:epochs', 'parameter:seed']),
  );
  expect(column('val_accuracy')).toMatchObject({ primary: true, better: 'higher' });
  expect(column('val_loss')).toMatchObject({ primary: false, better: 'lower', numeric: true });
  expect([column('hidden').numeric, column('lr').numeric]).toEqual([false, true]);
});

test('a cell has a short figure with the whole value behind it', () => {
  const cell = (title: string, key: string) => cellText(data, place(title), column(key));
  expect(cell('v1', 'val_accuracy')).toEqual({ text: '0.9122', title: '0.9122222222222223' });
  expect(cell('v7', 'lr')).toEqual({ text: '0.3', title: '0.30000000000000004' });
  expect(cell('v4', 'val_loss')?.text).toBe('NaN');
  expect(cell('v1', 'f1_macro')).toBeNull();
  expect(cell('v1', 'hidden')).toEqual({ text: '[32]', title: null });
  expect(data.isStale(place('v2'), 'metric:val_loss')).toBe(true);
});

test('columns are moved, pinned, hidden and made wider, each of it from where they are', () => {
  const { arrangement } = initialChoices;
  const after = (...moves: Parameters<typeof movedColumn>[2][]) => {
    const choices = { ...initialChoices, arrangement };
    for (const move of moves) {
      choices.arrangement = movedColumn(choices.arrangement, columnsOf(data, choices), move);
    }
    return columnsOf(data, choices);
  };
  const first = (found: typeof columns) => found.slice(0, 3).map(({ title }) => title);
  const [accuracy, loss, lr] = ['metric:val_accuracy', 'metric:val_loss', 'parameter:lr'] as const;
  expect(first(after({ kind: 'step', id: accuracy, by: 1 }))).toEqual([
    'f1_macro',
    'val_accuracy',
    'train_seconds',
  ]);
  expect(first(after({ kind: 'before', id: loss, before: accuracy }))[0]).toBe('val_loss');
  const pinned = after(
    { kind: 'pin', id: lr, pinned: true },
    { kind: 'pin', id: loss, pinned: true },
  );
  expect(first(pinned)).toEqual(['lr', 'val_loss', 'val_accuracy']);
  expect(pinned.map((one) => one.pinned).slice(0, 3)).toEqual([true, true, false]);
  const hidden = after({ kind: 'pin', id: lr, pinned: true }, { kind: 'hide', id: lr });
  expect(hidden.map(({ id }) => id)).not.toContain(lr);
  expect(after({ kind: 'width', id: lr, width: 5 }).find(({ id }) => id === lr)?.width).toBe(60);
  expect(first(after({ kind: 'step', id: accuracy, by: -1 }))[0]).toBe('val_accuracy');
  const press = (key: string, more: object = {}) =>
    columnKey(
      { key, altKey: false, shiftKey: false, ctrlKey: false, metaKey: false, ...more },
      column('lr'),
    );
  expect(press('ArrowRight', { altKey: true })).toEqual({ kind: 'step', id: lr, by: 1 });
  expect(press('Delete')).toEqual({ kind: 'hide', id: lr });
  expect(press('F10', { shiftKey: true })).toBe('menu');
  expect(press('ArrowRight')).toBeNull();
});

test('a column begins with what is looked for, is turned round, and let go', () => {
  const accuracy = column('val_accuracy');
  const best = [{ column: 'metric:val_accuracy', order: 'descending' }];
  expect(nextSorts([], accuracy, false)).toEqual(best);
  const turned = nextSorts(nextSorts([], accuracy, false), accuracy, false);
  expect(turned[0]?.order).toBe('ascending');
  expect(nextSorts(turned, accuracy, false)).toEqual([]);
  expect(nextSorts([], column('val_loss'), false)[0]?.order).toBe('ascending');
  const two = nextSorts(nextSorts([], column('optimizer'), false), accuracy, true);
  expect(two.map((sort) => sort.column)).toEqual(['parameter:optimizer', 'metric:val_accuracy']);
  expect(nextSorts(two, column('lr'), false)).toHaveLength(1);
});

test('rows are sorted by type and by several columns; what has no value or is stale comes last', () => {
  expect(shown()).toBe('v7 v6 v5 v4 v3 v2 v1');
  const by = (id: string, order: 'ascending' | 'descending') => ({ column: id, order });
  expect(shown({ sorts: [by('metric:val_loss', 'ascending')] })).toBe('v7 v6 v5 v3 v1 v4 v2');
  expect(shown({ sorts: [by('metric:val_loss', 'descending')] })).toBe('v1 v3 v5 v6 v7 v4 v2');
  const sorts = [by('parameter:optimizer', 'descending'), by('metric:val_accuracy', 'descending')];
  expect(shown({ sorts })).toBe('v3 v2 v1 v4 v6 v7 v5');
  expect(shown({ sorts: [by('version', 'ascending')] })).toBe('v1 v2 v3 v4 v5 v6 v7');
});

test('rows are filtered by words, conditions, stars and what they are', () => {
  expect(shown({}, 'RATE')).toBe('v5 v4 v2');
  expect(shown({}, 'patience')).toBe('v7 v6');
  expect(shown({}, 'val_accuracy > 0.95 and lr <= 0.01')).toBe('v6 v5 v3');
  expect(shown({}, 'not (optimizer = sgd) or hidden = [32]')).toBe('v7 v6 v5 v2 v1');
  expect(shown({}, 'number >= 6 or creator ~ grace and label = "2026-11-20-17-30"')).toBe(
    'v7 v6 v3',
  );
  expect(shown({ onlyStarred: true })).toBe('v3');
  const both = dataOf([...exampleRows, exampleRun]);
  expect(shown({}, '', both)).toMatch(/^wider, slower v7/);
  expect(shown({ shown: 'versions' }, '', both)).toBe('v7 v6 v5 v4 v3 v2 v1');
  expect(shown({ shown: 'runs' }, 'number > 0', both)).toBe('');
  const made = dataOf([...exampleRows, { ...exampleRun, relatives: ['digits@v7.1'] }]);
  expect(shown({}, '', made)).not.toContain('wider');
  expect(filterColumns(rowFilter('metric:f1_macro > 1 or lr = 2'), data)).toEqual([
    'metric:f1_macro',
    'metric:lr',
    'parameter:lr',
  ]);
});

test('brushed numbers and texts filter, and runs that go on bring their values', () => {
  const both = dataOf([...exampleRows, exampleRun]);
  const brushed = (brush: Parameters<typeof shownRows>[1]['brushes'][number]) =>
    shownRows(both, {
      filter: { kind: 'everything' },
      choices: initialChoices,
      isStarred: () => false,
      brushes: [brush],
    }).map((one) => both.rows[one]?.title);
  const range = { column: 'metric:val_accuracy', intervals: [[0.7, 0.75]], texts: null } as const;
  expect(brushed(range)).toEqual(['wider, slower']);
  expect(brushed({ column: 'parameter:hidden', intervals: [], texts: ['[32]'] })).toEqual([
    'v2',
    'v1',
  ]);
  both.update([
    { reference: exampleRun.reference, metrics: [{ key: 'val_accuracy', value: 0.9 }] },
  ]);
  expect(brushed(range)).toEqual([]);
});

test('only what is in sight is drawn, and going to a cell brings it into sight', () => {
  const wide = Array.from({ length: 200 }, (_, index) => ({
    ...column('lr'),
    id: `parameter:${index}`,
    pinned: index === 0,
    width: 100,
  }));
  const seen = { left: 5_000, top: 44_000, width: 1_000, height: 500 };
  const window = gridWindow(10_000, wide, seen);
  expect(window.endRow - window.firstRow).toBeLessThan(40);
  expect(window.columns.length).toBeLessThan(20);
  const drawn = window.columns.reduce((sum, { width }) => sum + width, 0);
  expect(window.before + drawn + window.after).toBe(199 * 100);
  expect(scrolledTo({ row: 9_999, column: wide[0]! }, wide, seen)).toEqual({
    left: 5_000,
    top: 10_000 * 44 - (500 - 42),
  });
  expect(scrolledTo({ row: 1_002, column: wide[1]! }, wide, seen)).toEqual({
    left: 0,
    top: 44_000,
  });
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
  const anywhere = fc.record({ row: fc.integer(), column: fc.integer() });
  fc.assert(
    fc.property(anywhere, (from) => {
      const to = within(from, size);
      expect(to.row >= 0 && to.row < 5 && to.column >= 0 && to.column < 3).toBe(true);
    }),
  );
});

test('at first the current version, the best one and the newest are chosen', () => {
  expect(firstChoice(data.view)).toEqual(['digits@v7.1', 'digits@v6.1', 'digits@v5.1']);
  expect(stillThere(data.rows, ['digits@v2.4', 'digits@v99.1'])).toEqual(['digits@v2.1']);
});

test('chosen versions are compared from the oldest on, one alone with the current one', () => {
  const chosen = withChosen(['digits@v7.1'], 'digits@v2.1', true);
  expect(toCompare(data.view, chosen)).toEqual(['digits@v2.1', 'digits@v7.1']);
  expect(toCompare(data.view, ['digits@v3.1'])).toEqual(['digits@v3.1', 'digits@v7.1']);
  expect(toCompare(data.view, ['digits@v7.1'])).toEqual(['digits@v7.1']);
  const pinned = { ...data.view, baseline: 'digits@v6.1' };
  expect(toCompare(pinned, ['digits@v3.1', 'digits@v6.1'])).toEqual(['digits@v6.1', 'digits@v3.1']);
  expect(toCompare(pinned, ['digits@v7.1'])).toEqual(['digits@v6.1', 'digits@v7.1']);
  expect(withChosen(chosen, 'digits@v7.1', false)).toEqual(['digits@v2.1']);
});

test('a line keeps its place in the palette when others come and go', () => {
  const first = placesOf(new Map(), ['a', 'b', 'c']);
  expect([...first.values()]).toEqual([0, 1, 2]);
  const second = placesOf(first, ['c', 'd', 'b']);
  expect([second.get('c'), second.get('b'), second.get('d')]).toEqual([2, 1, 0]);
});
