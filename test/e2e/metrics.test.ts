import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { expect } from 'vitest';
import { metricsGestures } from '../webview/panels/metricsGestures';
import { pictureSettings, readmePicture, showPanelAlone } from './readmePictures';
import { type Scenario, scenario } from './scenario';
import type { Workbench } from './workbench';

interface Measured extends Pick<Scenario, 'cli'> {
  readonly workbench: Workbench;
  readonly panel: FrameLocator;
  readonly project: string;
  readonly see: ReturnType<typeof metricsGestures>;
}

// One window for all of it: opening one takes longer than using it.
scenario('the metrics of all versions, in a table and charts', async ({ example, cli, open }) => {
  const workbench = await open({ folder: example, settings: pictureSettings });
  await workbench.command('Cairn: Show Metrics');
  const panel = workbench.webview();
  const see = metricsGestures(panel, workbench.page);
  const measured = { workbench, panel, project: example, cli, see };
  await see.grid.getByRole('row').nth(6).waitFor();
  await panel.locator('canvas').waitFor();
  await showPanelAlone(workbench);
  await readmePicture(workbench, 'metrics');
  await sorted(measured);
  await filtered(measured);
  await columnsByKeyboard(measured);
  await columnsByMouse(measured);
  await namedInPlace(measured);
  await everyChart(measured);
  await exported(measured);
  await openedAgain(measured);
  await trainingIsDrawn(measured);
  await reloaded(measured);
});

/** Waits for these versions in this order. */
const order = ({ see }: Measured) => expect.poll(see.titles);

async function sorted(measured: Measured) {
  const { workbench, see } = measured;
  const { keyboard } = workbench.page;
  await order(measured).toBe('v6 v5 v4 v3 v2 v1');
  await see.head('val_accuracy').click();
  await order(measured).toBe('v6 v5 v3 v2 v1 v4');
  // By keyboard: first by the number of epochs, and beside it by what was clicked.
  await see.grid.focus();
  await see.goToHead('EPOCHS');
  await keyboard.press('Enter');
  await order(measured).toBe('v2 v1 v5 v4 v3 v6');
  await see.goToHead('val_accuracy');
  await keyboard.press('Shift+Enter');
  await order(measured).toBe('v2 v1 v5 v3 v4 v6');
}

/** What is completed and found is what `cairn log --where` finds. */
async function filtered(measured: Measured) {
  const { workbench, panel, see, cli } = measured;
  const { keyboard } = workbench.page;
  await workbench.tabTo(/^input Filter by words/, 'Shift+Tab');
  await keyboard.type('val_acc');
  await panel.getByRole('option', { name: 'val_accuracy' }).waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await keyboard.type('> 0.9 and LEARNING_RATE <= 0.05');
  await order(measured).toBe('v5 v6');
  const where = await see.filter.inputValue();
  const { versions } = JSON.parse(cli('log', '--json', '--where', where));
  expect(versions.map(({ number }: { number: number }) => `v${number}`)).toEqual(['v6', 'v5']);
  await keyboard.press('Escape');
  await see.filter.fill('');
  await order(measured).toBe('v2 v1 v5 v3 v4 v6');
}

async function columnsByKeyboard({ workbench, panel, see }: Measured) {
  const { keyboard } = workbench.page;
  const first = async () => (await see.columnNames()).slice(0, 2);
  const width = async () => (await see.head('val_accuracy').boundingBox())?.width ?? 0;
  await workbench.tabTo(/^div .*Version/);
  await see.goToHead('val_accuracy');
  await keyboard.press('Alt+ArrowRight');
  await expect.poll(first).toEqual(['accuracy', 'val_accuracy']);
  const before = await width();
  await keyboard.press('Shift+ArrowRight');
  await expect.poll(width).toBeGreaterThan(before);
  await keyboard.press('p');
  await expect.poll(first).toEqual(['val_accuracy', 'accuracy']);
  await keyboard.press('ArrowRight');
  await keyboard.press('Delete');
  await expect.poll(see.columnNames).not.toContain('accuracy');
  await panel.getByRole('columnheader', { name: 'balanced_accuracy' }).waitFor();
}

async function columnsByMouse({ workbench, panel, see }: Measured) {
  const width = async () => (await see.head('f1_macro').boundingBox())?.width ?? 0;
  const before = await width();
  await see.widen('f1_macro', 50);
  await expect.poll(width).toBe(before + 50);
  await see.head('f1_macro').dragTo(see.head('balanced_accuracy'));
  const names = async () => (await see.columnNames()).slice(0, 3);
  await expect.poll(names).toEqual(['val_accuracy', 'f1_macro', 'balanced_accuracy']);
  await see.head('f1_macro').click({ button: 'right' });
  await workbench.screenshotEveryTheme('metrics-column');
  await panel.getByRole('menuitem', { name: 'Hide f1_macro' }).click();
  await expect.poll(names).not.toContain('f1_macro');
  await panel.getByRole('button', { name: 'Columns' }).click();
  await panel.getByRole('checkbox', { name: 'f1_macro' }).check();
  await expect.poll(names).toContain('f1_macro');
  // With the curves below, which are the first of the charts.
  expect(await workbench.lookAtPanel('metrics-curves', 1_200)).toEqual([]);
  await panel.getByRole('button', { name: 'Columns' }).click();
}

async function namedInPlace({ workbench, panel, see, cli }: Measured) {
  const { keyboard } = workbench.page;
  await see.grid.focus();
  await keyboard.press('Control+Home');
  await keyboard.press('ArrowDown');
  await keyboard.press('s');
  await panel.getByRole('button', { name: 'Star v2', pressed: true }).waitFor();
  await keyboard.press('F2');
  await panel.getByRole('textbox', { name: 'Name of v2' }).waitFor();
  await keyboard.type('scaled');
  await keyboard.press('Tab');
  await keyboard.press('End');
  await keyboard.type(', at last');
  await keyboard.press('Enter');
  await see.grid
    .getByText(/, at last$/)
    .first()
    .waitFor();
  const { version } = JSON.parse(cli('show', 'v2', '--json'));
  expect(version).toMatchObject({ label: 'scaled', description: /, at last$/ });
  await panel.getByRole('checkbox', { name: 'Starred only' }).click();
  await expect.poll(see.titles).toBe('v2');
  await panel.getByRole('checkbox', { name: 'Starred only' }).click();
}

/** Each is drawn and can be read in every theme; what is brushed is left of the table. */
async function everyChart(measured: Measured) {
  const { workbench, panel, see } = measured;
  const { keyboard } = workbench.page;
  const look = async (name: string) => {
    expect(await workbench.lookAtPanel(`metrics-${name}`, 1_200), name).toEqual([]);
  };
  const tab = (name: string) => panel.getByRole('tab', { name, selected: true });
  await workbench.tabTo(/^button Curves$/);
  await keyboard.press('ArrowRight');
  await tab('Trend').waitFor();
  await panel.getByText('the best is 0.9805 (v6)').waitFor();
  await look('trend');
  await tab('Trend').focus();
  await keyboard.press('ArrowRight');
  await panel.locator('cairn-chart canvas').waitFor();
  await look('scatter');
  await tab('Parameter and Metric').focus();
  await keyboard.press('ArrowRight');
  await panel.locator('cairn-chart canvas').waitFor();
  await workbench.tabTo(/^input val_accuracy from/);
  await keyboard.type('0.95');
  await keyboard.press('Enter');
  await order(measured).toBe('v5 v6');
  await look('parallel');
  await panel.getByRole('button', { name: 'Clear Ranges' }).click();
  await order(measured).toBe('v2 v1 v5 v3 v4 v6');
  await see.brush();
  await expect.poll(see.titles).not.toBe('v2 v1 v5 v3 v4 v6');
  await panel.getByRole('button', { name: 'Clear Ranges' }).click();
  await tab('Parallel Coordinates').focus();
  await keyboard.press('ArrowRight');
  await panel
    .getByRole('row', { name: /LEARNING_RATE/ })
    .getByText('6 rows')
    .first()
    .waitFor();
  await look('correlation');
  await tab('Rank Correlation').focus();
  await keyboard.press('ArrowRight');
  await tab('Curves').waitFor();
}

/** What is exported lies where the dialog said. */
async function exported({ workbench, project, see }: Measured) {
  for (const [format, start] of [
    ['PNG', '\x89PNG'],
    ['SVG', '<svg'],
    ['CSV', 'version,'],
  ] as const) {
    const file = path.join(project, `curves-val_accuracy.${format.toLowerCase()}`);
    await see.exportOf(format).click();
    await expect.poll(() => workbench.quickInput().inputValue()).toBe(file);
    await workbench.accept();
    const written = () => (existsSync(file) ? readFileSync(file, 'latin1') : '');
    await expect.poll(() => written().slice(0, start.length)).toBe(start);
  }
}

/** What was chosen is there when the panel is opened again. */
async function openedAgain(measured: Measured) {
  const { workbench, panel, see } = measured;
  await workbench.tab('Metrics of digits').click();
  await workbench.command('View: Close All Editors');
  await workbench.command('Cairn: Show Metrics');
  await order(measured).toBe('v2 v1 v5 v3 v4 v6');
  await expect.poll(see.columnNames).not.toContain('accuracy');
  expect((await see.columnNames())[0]).toBe('val_accuracy');
  await panel.getByRole('button', { name: 'Star v2', pressed: true }).waitFor();
}

/** Lines of a run's journal, as training code writes them. */
function log(project: string, ...entries: readonly object[]): void {
  const folder = path.join(project, '.git', 'cairn', 'inbox', '20261121-100000-0a1b2c3d');
  mkdirSync(folder, { recursive: true });
  const lines = entries.map((entry) => `${JSON.stringify({ at: Date.now(), ...entry })}\n`);
  appendFileSync(path.join(folder, 'journal.jsonl'), lines.join(''));
}

const point = (epoch: number, value: number) => ({
  ...{ kind: 'log', epoch },
  values: { val_accuracy: value },
});

/** A training's points are drawn, and zoom and choice stay. */
async function trainingIsDrawn({ workbench, panel, project, see }: Measured) {
  const own = { pid: process.pid, host: hostname(), root: project, model: 'digits' };
  log(project, { kind: 'start', format: 1, name: 'wider', ...own }, point(1, 0.25), point(2, 0.5));
  await expect.poll(see.titles).toContain('wider');
  await panel.getByRole('checkbox', { name: 'Choose wider' }).click();
  await see.legend.getByRole('row', { name: /wider\s*0\.5/ }).waitFor();
  await panel.getByRole('button', { name: 'Zoom in' }).click();
  const whole = panel.getByRole('button', { name: 'Reset Zoom' });
  await expect.poll(() => whole.isDisabled()).toBe(false);
  log(project, point(3, 0.625));
  await panel.getByRole('gridcell', { name: '0.625' }).waitFor();
  await see.legend.getByRole('row', { name: /wider\s*0\.625/ }).waitFor();
  expect(await whole.isDisabled()).toBe(false);
  expect(await panel.getByRole('checkbox', { name: 'Choose wider' }).isChecked()).toBe(true);
  await workbench.screenshot('metrics-live');
}

/** Both panels come back with the window, as they were left. */
async function reloaded({ workbench, panel, see }: Measured) {
  const before = await see.titles();
  await panel.getByRole('button', { name: 'Compare', exact: true }).click();
  const filter = panel.getByLabel('Filter all sections');
  await filter.fill('LEARNING');
  await workbench.reload(['cairn.metrics', 'cairn.compare', 'LEARNING']);
  await panel.getByRole('heading', { name: 'Overview' }).waitFor();
  await expect.poll(() => filter.inputValue()).toBe('LEARNING');
  await workbench.tab('Metrics of digits').click();
  await expect.poll(see.titles).toBe(before);
  const wider = panel.getByRole('checkbox', { name: 'Choose wider' });
  await expect.poll(() => wider.isChecked()).toBe(true);
}
