import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { scenario } from './scenario';

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

scenario('the metrics of all versions, in a table and a chart', async ({ workbench, project }) => {
  await workbench.command('Cairn: Show Metrics');
  const panel = workbench.webview();
  const rows = panel.getByRole('grid').getByRole('row');
  await rows.nth(4).waitFor();
  await panel.locator('canvas, cairn-curve-chart svg').first().waitFor();
  await workbench.screenshotEveryTheme('metrics');
  await panel.getByRole('columnheader', { name: 'val_accuracy' }).click();
  const titles = async () => {
    const texts = await panel.getByRole('grid').getByRole('rowheader').allInnerTexts();
    return texts.map((text) => text.slice(0, 2));
  };
  const order = () => expect.poll(titles);
  await order().toEqual(['v4', 'v2', 'v1', 'v3']);

  // What is exported lies where the dialog said.
  for (const [format, start] of [
    ['PNG', '\x89PNG'],
    ['SVG', '<svg'],
    ['CSV', 'version,'],
  ] as const) {
    const file = path.join(project, `curves-val_accuracy.${format.toLowerCase()}`);
    await panel
      .getByRole('group', { name: 'Export' })
      .getByRole('button', { name: format })
      .click();
    await expect.poll(() => workbench.quickInput().inputValue()).toBe(file);
    await workbench.accept();
    const written = () => (existsSync(file) ? readFileSync(file, 'latin1') : '');
    await expect.poll(() => written().slice(0, start.length)).toBe(start);
  }

  // What was chosen is there when the panel is opened again.
  await workbench.tab('Metrics of digits').click();
  await workbench.command('View: Close All Editors');
  await workbench.command('Cairn: Show Metrics');
  await order().toEqual(['v4', 'v2', 'v1', 'v3']);

  // A training's points are drawn, and zoom and choice stay.
  const own = { pid: process.pid, host: hostname(), root: project, model: 'digits' };
  log(project, { kind: 'start', format: 1, name: 'wider', ...own }, point(1, 0.25), point(2, 0.5));
  await order().toEqual(['v4', 'v2', 'v1', 'wi', 'v3']);
  await panel.getByRole('checkbox', { name: 'Choose wider' }).click();
  const legend = panel.getByRole('table', { name: /drawn versions/ });
  await legend.getByRole('row', { name: /wider\s*0\.5/ }).waitFor();
  await panel.getByRole('button', { name: 'Zoom in' }).click();
  const whole = panel.getByRole('button', { name: 'Reset Zoom' });
  await expect.poll(() => whole.isDisabled()).toBe(false);
  log(project, point(3, 0.625));
  await panel.getByRole('gridcell', { name: '0.625' }).waitFor();
  await legend.getByRole('row', { name: /wider\s*0\.625/ }).waitFor();
  expect(await whole.isDisabled()).toBe(false);
  expect(await panel.getByRole('checkbox', { name: 'Choose wider' }).isChecked()).toBe(true);
  await workbench.screenshot('metrics-live');

  // Both panels come back with the window, as they were left.
  await panel.getByRole('button', { name: 'Compare', exact: true }).click();
  const filter = panel.getByLabel('Filter all sections');
  await filter.fill('LEARNING');
  await workbench.reload(['cairn.metrics', 'cairn.compare', 'LEARNING']);
  await panel.getByRole('heading', { name: 'Overview' }).waitFor();
  await expect.poll(() => filter.inputValue()).toBe('LEARNING');
  await workbench.tab('Metrics of digits').click();
  await order().toEqual(['v4', 'v2', 'v1', 'wi', 'v3']);
  const wider = panel.getByRole('checkbox', { name: 'Choose wider' });
  await expect.poll(() => wider.isChecked()).toBe(true);
});
