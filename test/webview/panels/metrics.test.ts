import { afterAll, afterEach, expect, test } from 'vitest';
import {
  type MetricsContract,
  type MetricsState,
  metricsReaders,
} from '../../../src/wire/metricsPanel';
import { curvesOf, exampleRows, loadFrom, metricsView, nasty, nastyRows } from './exampleVersions';
import { type Answers, bundleSize, closeBrowser, PanelWindow } from './panelWindow';

const state: MetricsState = { root: '/project', model: 'digits', sort: null, text: '' };

let open: PanelWindow<MetricsContract>;

afterEach(async () => {
  await open.close();
  expect(open.troubles).toEqual([]);
});
afterAll(closeBrowser);

function answersFrom(rows: typeof exampleRows): Answers<MetricsContract> {
  return {
    load: (ask) => loadFrom(rows, ask),
    curves: ({ references }) => ({
      versions: rows.filter((row) => references.includes(row.reference)).map(curvesOf),
    }),
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
    height: 860,
    answers: { ...answersFrom(exampleRows), ...answers },
  });
  await open.page.getByRole('heading', { name: 'Metrics of' }).waitFor();
  return open.page;
}

const head = (name: string) => open.page.getByRole('grid').getByRole('columnheader', { name });
const titles = async () =>
  (await open.page.locator('tr[data-reference] .number-of').allInnerTexts()).join(' ');
const order = () => expect.poll(titles);
const chart = () => open.page.getByRole('application');

test('table and chart can be read in every theme', async () => {
  expect(bundleSize('metrics')).toBeLessThan(900_000);
  const page = await opened();
  await page.locator('canvas').waitFor();
  await open.lookInEveryTheme('table');
});

test('narrow panels cut nothing off but what scrolls', async () => {
  const page = await opened({}, 380);
  await page.locator('canvas').waitFor();
  await open.picture('narrow');
  await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(380);
});

test('a click on a column sorts it, the best first, and another turns it round', async () => {
  const page = await opened();
  await order().toBe('v7 v6 v5 v4 v3 v2 v1');
  await page.getByRole('button', { name: 'val_accuracy' }).click();
  await order().toBe('v6 v7 v5 v3 v2 v1 v4');
  await expect.poll(() => head('val_accuracy').getAttribute('aria-sort')).toBe('descending');
  await expect.poll(() => head('Version').getAttribute('aria-sort')).toBe('none');
  await page.getByRole('button', { name: 'val_accuracy' }).click();
  await order().toBe('v4 v1 v2 v3 v5 v7 v6');
  expect(open.asks('load').map(({ sort }) => sort)).toEqual([
    null,
    '-metric:val_accuracy',
    'metric:val_accuracy',
  ]);
  await page.reload();
  await order().toBe('v4 v1 v2 v3 v5 v7 v6');
});

test('the grid is one stop for Tab: arrows move in it, Enter sorts, Space chooses', async () => {
  const page = await opened();
  await page.getByRole('checkbox', { name: 'Only parameters that differ' }).focus();
  await page.keyboard.press('Tab');
  await expect.poll(() => open.focused()).toBe('button Version');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => open.focused()).toBe('button train_seconds');
  await page.keyboard.press('Enter');
  await order().toBe('v7 v6 v5 v4 v3 v2 v1');
  await page.keyboard.press('Enter');
  await order().toBe('v1 v2 v3 v4 v5 v6 v7');
  await expect.poll(() => open.focused()).toBe('button train_seconds');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => open.focused()).toBe('td 1235');
  await page.keyboard.press('Home');
  await expect.poll(() => open.focused()).toBe('input Choose v1');
  await page.keyboard.press('Space');
  await page.getByText('7 versions, 4 chosen').waitFor();
  await page.keyboard.press('Control+End');
  await expect.poll(() => open.focused()).toBe('button Roll back to v7');
  await page.keyboard.press('Enter');
  await expect.poll(() => open.asks('rollBack')).toEqual([{ reference: 'digits@v7.1' }]);
  await page.keyboard.press('Tab');
  await expect.poll(() => open.focused()).toMatch(/^vscode-button Compare/);
  await page.keyboard.press('Enter');
  const references = ['digits@v1.1', 'digits@v5.1', 'digits@v6.1', 'digits@v7.1'];
  await expect.poll(() => open.asks('compare')).toEqual([{ references }]);
});

test('curves are read for what is chosen, once, and drawn with a legend', async () => {
  const page = await opened();
  const legend = page.getByRole('table', { name: /drawn versions/ });
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
  await open.picture('reading');
  await expect.poll(off).toBe(true);
  await page.keyboard.press('+');
  await expect.poll(off).toBe(false);
  await page.mouse.move(300, 650);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await open.picture('zoomed');
  await page.keyboard.press('0');
  await expect.poll(off).toBe(true);
});

test('the filter asks the extension, and what matches nothing is said', async () => {
  const page = await opened();
  const filter = page.getByRole('textbox', { name: /^Filter versions/ });
  await filter.fill('momentum');
  await order().toBe('v5');
  await filter.fill('nonsense');
  await page.getByText('No version matches “nonsense”.').waitFor();
  await open.picture('no-match');
  await page.getByRole('button', { name: 'Show all' }).click();
  await order().toBe('v7 v6 v5 v4 v3 v2 v1');
  await expect.poll(() => filter.inputValue()).toBe('');
});

test('parameters that do not differ are shown when wanted', async () => {
  const page = await opened();
  await expect.poll(() => head('seed').count()).toBe(0);
  await page.getByRole('checkbox', { name: 'Only parameters that differ' }).click();
  await head('seed').waitFor();
});

test('pages follow each other, and news loads what is shown again', async () => {
  const many = Array.from({ length: 450 }, (_, index) => ({
    ...exampleRows[index % 7]!,
    reference: `digits@v${450 - index}.1`,
    title: `v${450 - index}`,
  }));
  const page = await opened(answersFrom(many));
  await page.getByText('200 of 450 versions').waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByText('400 of 450 versions').waitFor();
  await open.tell('changed');
  await expect.poll(() => open.asks('load').at(-1)).toMatchObject({ offset: 0, limit: 400 });
});

test('a model without versions, and versions without curves, say so', async () => {
  const page = await opened({ load: () => metricsView([]) });
  await page.getByText('digits has no versions yet.').waitFor();
  await expect.poll(() => page.getByRole('textbox').count()).toBe(0);
  await open.picture('empty');
  await open.close();
  const bare = exampleRows.map((row) => ({ ...row, series: [] }));
  const again = await opened(answersFrom(bare));
  await again.getByText('The chosen versions have no curves.').waitFor();
  for (const title of ['v7', 'v6', 'v5']) {
    await again.getByRole('checkbox', { name: `Choose ${title}` }).uncheck();
  }
  await again.getByText('Choose versions in the table').waitFor();
});

test('no name is read as HTML, in the table, the legend and the chart', async () => {
  const page = await opened(answersFrom(nastyRows));
  await head(nasty).first().waitFor();
  await page.locator('canvas').hover();
  await chart().focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(50);
  await open.picture('nasty');
  await expect.poll(() => page.locator('img').count()).toBe(0);
});
