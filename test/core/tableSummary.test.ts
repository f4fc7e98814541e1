import { expect, test } from 'vitest';
import { summarizeTable } from '../../src/core/tableSummary';
import { dataTable } from '../../src/runs';

function summary(lines: readonly string[]) {
  return summarizeTable(dataTable({ path: 'data.csv', text: `${lines.join('\n')}\n` }));
}

const rows = Array.from({ length: 60 }, (_, index) => index);

test('a named column of classes is found, and the rows of each counted', () => {
  const lines = rows.map((row) => `${row / 7},${row % 3 === 0 ? 'cat' : 'dog'},${row}`);
  expect(summary(['width,Label,number', ...lines])).toEqual({
    rows: 60,
    columns: 3,
    classes: {
      column: 'Label',
      counts: [
        { label: 'cat', count: 20 },
        { label: 'dog', count: 40 },
      ],
    },
  });
});

test('a table of numbers without a header keeps its first row, and its classes stand last', () => {
  const lines = rows.map((row) => `${row},${row * 2},${row % 2}`);
  expect(summary(lines)).toMatchObject({
    ...{ rows: 60, columns: 3 },
    classes: { column: 'column 3', counts: [{ count: 30 }, { count: 30 }] },
  });
});

test('measurements and numbers of rows are no classes', () => {
  const lines = rows.map((row) => `${row},${row / 7}`);
  expect(summary(['id,price', ...lines]).classes).toBeNull();
});
