import { afterAll, afterEach, expect, test } from 'vitest';
import { initialChoices, type MetricsChoices } from '../../../src/wire/metricsChoices';
import {
  type MetricsContract,
  type MetricsState,
  metricsReaders,
} from '../../../src/wire/metricsPanel';
import {
  columnsFrom,
  curvesFrom,
  type ExampleRow,
  exampleRows,
  exampleRun,
  manyRows,
  metricsView,
  nasty,
  nastyRows,
  oddRows,
} from './exampleVersions';
import { metricsGestures } from './metricsGestures';
import { type Answers, closeBrowser, PanelWindow } from './panelWindow';

const state: MetricsState = { root: '/project', model: 'digits', text: '', focus: [] };

let open: PanelWindow<MetricsContract>;

afterEach(async () => {
  await open.close();
  expect(open.troubles).toEqual([]);
});
afterAll(closeBrowser);

function answersFrom(
  rows: readonly ExampleRow[],
  choices: Partial<MetricsChoices> = {},
): Answers<MetricsContract> {
  return {
    load: () => metricsView(rows, { choices: { ...initialChoices, ...choices } }),
    columns: (ask) => ({ columns: columnsFrom(rows, ask) }),
    curves: (ask) => ({ curves: curvesFrom(rows, ask) }),
    remember: () => null,
    amend: ({ reference }) => ({ reference }),
    save: () => ({ saved: true }),
    compare: () => null,
    rollBack: () => null,
  };
}

async function opened(answers: Partial<Answers<MetricsContract>> = {}, width = 1000) {
  open = await PanelWindow.open<MetricsContract>({
    panel: 'metrics',
    state,
    readers: metricsReaders,
    width,
    height: 900,
    answers: { ...answersFrom(exampleRows), ...answers },
  });
  await open.page.getByRole('heading', { name: 'Metrics of' }).waitFor();
  return open.page;
}

const gestures = () => metricsGestures(open.page, open.page);
const grid = () => gestures().grid;
const head = (name: string) => gestures().head(name);
const titles = () => gestures().titles();
const order = () => expect.poll(titles);
const columnNames = () => gestures().columnNames();
const chart = () => gestures().chart;
const remembered = () => open.asks('remember').at(-1)?.choices;

test('table and chart can be read in every theme', async () => {
  const page = await opened(answersFrom([...exampleRows, exampleRun]));
  await page.locator('canvas').waitFor();
  await head('val_accuracy').waitFor();
  await open.lookInEveryTheme('table');
});

test('narrow panels cut nothing off but what scrolls', async () => {
  const page = await opened({}, 380);
  await page.locator('canvas').waitFor();
  await open.picture('narrow');
  await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(380);
});

test('a click on a column sorts, with Shift beside what sorts already, and is remembered', async () => {
  // Wide enough that no column goes out of sight, and out of the page.
  const page = await opened({}, 1_700);
  await order().toBe('v7 v6 v5 v4 v3 v2 v1');
  await head('val_accuracy').click();
  await order().toBe('v6 v7 v5 v3 v2 v1 v4');
  await expect.poll(() => head('val_accuracy').getAttribute('aria-sort')).toBe('descending');
  await expect.poll(() => head('Version').getAttribute('aria-sort')).toBe('none');
  await head('val_accuracy').click();
  await order().toBe('v4 v1 v2 v3 v5 v7 v6');
  await head('hidden').click();
  await order().toBe('v2 v1 v7 v6 v5 v4 v3');
  await head('val_accuracy').click({ modifiers: ['Shift'] });
  await order().toBe('v2 v1 v6 v7 v5 v3 v4');
  expect(remembered()?.sorts).toEqual([
    { column: 'parameter:hidden', order: 'ascending' },
    { column: 'metric:val_accuracy', order: 'descending' },
  ]);
  await expect
    .poll(() => page.locator('[data-column="metric:val_accuracy"] small').innerText())
    .toBe('2');
});

test('the grid is one stop for Tab: arrows move in it, Enter sorts, Space chooses', async () => {
  const page = await opened();
  await grid().focus();
  const active = () => expect.poll(gestures().active);
  await page.keyboard.press('Control+Home');
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
  await active().toMatch(/^train_seconds/);
  await page.keyboard.press('Enter');
  await order().toBe('v7 v6 v5 v4 v3 v2 v1');
  await page.keyboard.press('Enter');
  await order().toBe('v1 v2 v3 v4 v5 v6 v7');
  await page.keyboard.press('ArrowDown');
  await active().toBe('1235');
  const id = await grid().getAttribute('aria-activedescendant');
  await expect.poll(() => page.locator(`#${id}`).innerText()).toBe('1235');
  await page.keyboard.press('Space');
  await page.getByText('7 versions, 4 chosen').waitFor();
  await page.keyboard.press('s');
  await page.getByRole('button', { name: 'Star v1', pressed: true }).waitFor();
  expect(remembered()?.starred).toEqual(['digits@v1']);
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  await expect.poll(() => open.asks('rollBack')).toEqual([{ reference: 'digits@v7.1' }]);
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  const references = ['digits@v1.1', 'digits@v5.1', 'digits@v6.1', 'digits@v7.1'];
  await expect.poll(() => open.asks('compare')).toEqual([{ references }]);
});

test('columns are moved, made wider, pinned and hidden by keyboard and by mouse', async () => {
  const page = await opened({}, 1_700);
  const names = ['val_accuracy', 'f1_macro', 'train_seconds', 'val_loss'];
  await expect.poll(async () => (await columnNames()).slice(0, 4)).toEqual(names);
  await grid().focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Alt+ArrowRight');
  await expect
    .poll(async () => (await columnNames()).slice(0, 2))
    .toEqual(['f1_macro', 'val_accuracy']);
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => remembered()?.arrangement.widths[0]?.column).toBe('metric:val_accuracy');
  await page.keyboard.press('p');
  await expect.poll(() => remembered()?.arrangement.pinned).toEqual(['metric:val_accuracy']);
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Hide' }).press('ArrowUp');
  await page.getByRole('menuitem', { name: 'Unpin' }).press('Enter');
  await expect.poll(() => remembered()?.arrangement.pinned).toEqual([]);
  await head('val_loss').dragTo(head('f1_macro'));
  await expect.poll(async () => (await columnNames())[0]).toBe('val_loss');
  await head('f1_macro').click({ button: 'right' });
  await open.picture('column-menu');
  await page.getByRole('menuitem', { name: 'Hide f1_macro' }).click();
  await expect.poll(columnNames).not.toContain('f1_macro');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'f1_macro' }).check();
  await expect.poll(columnNames).toContain('f1_macro');
  expect(await open.barriers()).toEqual([]);
  await gestures().widen('val_loss', 60);
  await expect.poll(() => remembered()?.arrangement.widths.at(-1)?.column).toBe('metric:val_loss');
  await open.picture('columns');
});

test('a version is named and described in its place', async () => {
  const page = await opened();
  await grid().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('F2');
  await expect.poll(() => open.focused()).toBe('input Name of v6');
  await page.keyboard.type('stopped-early');
  await open.picture('rename');
  await page.keyboard.press('Tab');
  await page.keyboard.press('End');
  await page.keyboard.type(' at 24');
  await page.keyboard.press('Enter');
  const description = 'early stopping at 24';
  await expect
    .poll(() => open.asks('amend'))
    .toEqual([{ reference: 'digits@v6.1', label: 'stopped-early', description }]);
  await grid().getByRole('rowheader', { name: 'v5' }).dblclick();
  await page.getByRole('textbox', { name: 'Name of v5' }).press('Escape');
  await grid().getByRole('rowheader', { name: 'v5' }).waitFor();
  expect(open.asks('amend')).toHaveLength(1);
});

test('the filter completes what is typed, and says what it cannot read', async () => {
  const page = await opened();
  const { filter } = gestures();
  await filter.pressSequentially('val_a');
  await page.getByRole('option', { name: 'val_accuracy' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: 'greater', exact: false }).first().waitFor();
  await open.picture('completion');
  expect(await open.barriers()).toEqual([]);
  await page.keyboard.type('>');
  await page.getByText('has no value').waitFor();
  await page.keyboard.type(' 0.95 and opt');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('= mom');
  await page.getByRole('option', { name: 'momentum' }).click();
  await order().toBe('v7 v6 v5');
  await expect
    .poll(() => filter.inputValue())
    .toBe('val_accuracy > 0.95 and optimizer = momentum ');
  await filter.fill('nonsense');
  await page.getByText('Nothing matches.').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await order().toBe('v7 v6 v5 v4 v3 v2 v1');
});

test('curves are read for what is chosen, once, and drawn with a legend', async () => {
  const page = await opened();
  const { legend } = gestures();
  await legend.getByRole('row', { name: 'v6' }).getByText('epoch 24').waitFor();
  await page.getByRole('checkbox', { name: 'Choose v4' }).check();
  await legend.getByRole('row', { name: 'v4' }).waitFor();
  expect(open.asks('curves').map(({ references }) => references)).toEqual([
    ['digits@v7.1', 'digits@v6.1', 'digits@v5.1'],
    ['digits@v4.1'],
  ]);
  await legend.getByRole('button', { name: 'v7' }).click();
  await expect.poll(() => chart().getAttribute('aria-label')).not.toContain('v7');
  await page.getByRole('checkbox', { name: 'Log scale' }).click();
  await page.getByRole('combobox', { name: 'Curve' }).focus();
  await page.keyboard.press('End');
  await page.getByText('31 points are not drawn').waitFor();
  await open.picture('log-scale');
  await page.reload();
  await page.getByText('31 points are not drawn').waitFor();
  await expect
    .poll(() => chart().getAttribute('aria-label'))
    .toMatch(/^Line chart of val_loss: v6 ends at/);
});

test('the chart is zoomed and read by keyboard', async () => {
  const page = await opened();
  const off = () => page.getByRole('button', { name: 'Reset Zoom' }).isDisabled();
  await chart().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByText(/^epoch 2: v7 0\.\d+, v6 0\.\d+, v5 0\.\d+$/).waitFor({ state: 'attached' });
  await expect.poll(off).toBe(true);
  await page.keyboard.press('+');
  await expect.poll(off).toBe(false);
  await open.picture('zoomed');
  await page.keyboard.press('0');
  await expect.poll(off).toBe(true);
});

test('curves lie on the time since their training began, as far as it was kept', async () => {
  const page = await opened();
  await page.getByRole('checkbox', { name: 'Choose v2' }).check();
  await page
    .getByRole('table', { name: /drawn versions/ })
    .getByText('v2')
    .waitFor();
  await page.getByRole('combobox', { name: 'Axis' }).focus();
  await page.keyboard.press('End');
  await page.getByText('v2: when its points were logged was not kept.').waitFor();
  await page.getByRole('cell', { name: /at 9 min 58 s/ }).waitFor();
  await open.picture('time');
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.reload();
  await expect
    .poll(() => page.getByRole('button', { name: 'Reset Zoom' }).isDisabled())
    .toBe(false);
  expect(open.asks('curves').at(-1)).toMatchObject({ axis: 'time' });
  await chart().focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText(/^time 0 s: v7 0\.\d+/).waitFor({ state: 'attached' });
});

test('a run that goes on draws its new points, and zoom and choice stay as they are', async () => {
  const rows = [...exampleRows, exampleRun];
  let length = 40;
  const page = await opened({
    ...answersFrom(rows),
    curves: (ask) => ({ curves: curvesFrom(rows, ask, length) }),
  });
  await page.getByRole('checkbox', { name: 'Choose wider, slower' }).check();
  await page.getByText('8 versions and runs, 4 chosen').waitFor();
  const { legend } = gestures();
  await legend.getByRole('row', { name: 'wider' }).waitFor();
  await chart().focus();
  await page.keyboard.press('+');
  const off = () => page.getByRole('button', { name: 'Reset Zoom' }).isDisabled();
  await expect.poll(off).toBe(false);
  const before = await legend.getByRole('row', { name: 'wider' }).innerText();
  length = 60;
  const metrics = [{ key: 'val_accuracy', value: 0.8765 }];
  await open.tell('live', { runs: [{ reference: exampleRun.reference, metrics }] });
  await page.getByRole('gridcell', { name: '0.8765' }).waitFor();
  await expect.poll(() => legend.getByRole('row', { name: 'wider' }).innerText()).not.toBe(before);
  await expect.poll(off).toBe(false);
  await page.getByText('8 versions and runs, 4 chosen').waitFor();
  expect(open.asks('curves').at(-1)?.references).toEqual([exampleRun.reference]);
});

test('the other charts are drawn, say what they show, and filter the table', async () => {
  const page = await opened();
  await page.getByRole('tab', { name: 'Trend' }).click();
  await page.getByText('the best is 0.9622 (v6)').waitFor();
  await page.locator('canvas').waitFor();
  await open.picture('trend');
  await page.getByRole('tab', { name: 'Trend' }).press('ArrowRight');
  await page.locator('cairn-chart[data-axis="log"] canvas').waitFor();
  await page.getByText('lr on a logarithmic axis').waitFor();
  await open.picture('scatter');
  await page.getByRole('tab', { name: 'Rank Correlation' }).click();
  await page.getByRole('row', { name: /lr/ }).getByText('7 rows').waitFor();
  await open.picture('correlation');
  await page.getByRole('tab', { name: 'Parallel Coordinates' }).click();
  await page.locator('canvas').waitFor();
  const from = page.getByRole('textbox', { name: 'val_accuracy from' });
  await from.fill('0.95');
  await from.press('Enter');
  await order().toBe('v7 v6 v5 v3');
  await page.getByText('4 of 7 rows are within what is brushed.').waitFor();
  await open.lookInEveryTheme('parallel');
  await page.getByRole('button', { name: 'Clear Ranges' }).click();
  await order().toBe('v7 v6 v5 v4 v3 v2 v1');
  await gestures().brush();
  await expect.poll(titles).not.toBe('v7 v6 v5 v4 v3 v2 v1');
});

test('what is seen is exported as pictures and numbers', async () => {
  const page = await opened();
  await page.locator('canvas').waitFor();
  const exported = async (button: string) => {
    await gestures().exportOf(button).click();
    await expect.poll(() => open.asks('save').at(-1)?.format).toBe(button.toLowerCase());
    return open.asks('save').at(-1)?.content ?? '';
  };
  expect((await exported('PNG')).slice(0, 8)).toBe('iVBORw0K');
  expect(await exported('SVG')).toMatch(/^<svg[\s\S]*<path/);
  expect(await exported('CSV')).toMatch(/^version,epoch,val_accuracy\r\nv7,1,0\.\d+/);
  await page.getByRole('button', { name: 'Export CSV' }).click();
  await expect.poll(() => open.asks('save').at(-1)?.name).toBe('metrics-digits');
  expect(open.asks('save').at(-1)?.content.split('\r\n')[1]).toMatch(/^v7,,,2026-/);
});

test('thousands of versions by many values scroll: only what is in sight is in the page', async () => {
  const rows = manyRows(3_000, 24);
  const page = await opened(answersFrom(rows));
  await page.getByText('3,000 versions').waitFor();
  await head('val_accuracy').waitFor();
  await grid().focus();
  await page.keyboard.press('Control+End');
  await page.getByRole('rowheader', { name: 'v1', exact: false }).last().waitFor();
  await expect.poll(titles).toMatch(/ v1$/);
  await expect.poll(() => page.getByRole('row').count()).toBeLessThan(60);
  await expect.poll(() => page.getByRole('gridcell').count()).toBeLessThan(1_500);
  await head('parameter_9').waitFor();
  await gestures().filter.fill('val_accuracy > 0.99');
  await page.getByText(/^\d+ of 3,000 versions, 3 chosen$/).waitFor();
});

test('parameters that do not differ are shown when wanted, and stars alone', async () => {
  const page = await opened();
  await expect.poll(() => head('seed').count()).toBe(0);
  await page.getByRole('checkbox', { name: 'Only parameters that differ' }).click();
  await expect.poll(() => remembered()?.onlyVarying).toBe(false);
  await page.getByRole('button', { name: 'Star v5' }).click();
  await page.getByRole('checkbox', { name: 'Starred only' }).click();
  await order().toBe('v5');
});

test('what was chosen for the project is there again, and news is loaded', async () => {
  const page = await opened(
    answersFrom(exampleRows, {
      sorts: [{ column: 'version', order: 'ascending' }],
      chart: 'trend',
      starred: ['digits@v2'],
    }),
  );
  await order().toBe('v1 v2 v3 v4 v5 v6 v7');
  await page.getByRole('tab', { name: 'Trend', selected: true }).waitFor();
  await page.getByRole('button', { name: 'Star v2', pressed: true }).waitFor();
  await open.tell('changed');
  await expect.poll(() => open.asks('load').length).toBe(2);
  await order().toBe('v1 v2 v3 v4 v5 v6 v7');
});

test('a model without versions, and versions without curves, say so', async () => {
  const page = await opened(answersFrom([]));
  await page.getByText('digits has no versions or runs yet.').waitFor();
  await open.picture('empty');
  await open.close();
  const bare = exampleRows.map((row) => ({ ...row, series: [], curves: false }));
  const again = await opened(answersFrom(bare));
  await again.getByText('The chosen versions have no curves.').waitFor();
  await again.getByRole('button', { name: 'Choose None' }).click();
  await again.getByText('Choose versions in the table').waitFor();
});

test('long names, other letters and numbers at the ends find their place', async () => {
  const page = await opened(answersFrom(oddRows));
  await page.getByRole('gridcell', { name: '1e-7' }).first().waitFor();
  await page.getByRole('gridcell', { name: '-Infinity' }).first().waitFor();
  await page.locator('canvas').waitFor();
  await open.picture('odd');
  await page.getByRole('tab', { name: 'Trend' }).click();
  await page.locator('canvas').waitFor();
  await open.picture('odd-trend');
  await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(1000);
});

test('no name is read as HTML, in the table, the legend and the charts', async () => {
  const page = await opened(answersFrom(nastyRows));
  await head(nasty).first().waitFor();
  await page.locator('canvas').hover();
  await chart().focus();
  await page.keyboard.press('ArrowRight');
  for (const name of [
    'Trend',
    'Parameter and Metric',
    'Rank Correlation',
    'Parallel Coordinates',
  ]) {
    await page.getByRole('tab', { name }).click();
    await page.getByRole('tabpanel', { name }).waitFor();
  }
  await page.locator('canvas').hover();
  await open.picture('nasty');
  await expect.poll(() => page.locator('img').count()).toBe(0);
});
