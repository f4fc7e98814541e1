import type { FrameLocator } from 'playwright-core';
import { expect, inject } from 'vitest';
import { commitOthers } from './exampleProject';
import {
  pictureSettings,
  readmePicture,
  showPanelAlone,
  showViews,
  widenSideBar,
} from './readmePictures';
import { type Scenario, scenario } from './scenario';
import type { Workbench } from './workbench';

interface Compared extends Pick<Scenario, 'cli'> {
  readonly workbench: Workbench;
  readonly panel: FrameLocator;
}

const sections = [
  ...['Overview', 'Metrics', 'Curves', 'Predictions', 'Parameters', 'Model Files', 'Weights'],
  ...['Architecture', 'Data', 'Environment', 'Code'],
];

// One window for all of it: opening one takes longer than using it.
scenario(
  'versions are compared, in every theme, by mouse and by keyboard',
  async ({ example, cli, open }) => {
    const workbench = await open({ folder: example, settings: pictureSettings });
    const compared = { workbench, panel: workbench.webview(), cli };
    await pictureOfVersions(workbench);
    await fromTheTree(compared);
    await codeIsOpened(compared);
    await fromThePalette(compared);
    commitOthers(example, inject('cli'));
    await byKeyboard(compared);
    await everySection(compared);
    await curvesAreLookedAt(compared);
    await rowOfTheDataIsOpened(compared);
    await asMarkdown(compared);
  },
);

async function pictureOfVersions(workbench: Workbench) {
  await showViews(workbench);
  await workbench.row('Versions', /^v6/).waitFor();
  await widenSideBar(workbench, 470);
  await workbench.openFile('train.py');
  await workbench.replaceInEditor('LEARNING_RATE = 0.05', 'LEARNING_RATE = 0.02');
  const lines = async () => (await workbench.editorLines()).join('\n');
  await expect.poll(lines).toContain('≠ v6');
  await readmePicture(workbench, 'versions');
  await workbench.command('File: Revert File');
  await workbench.command('View: Close All Editors');
}

async function fromTheTree({ workbench, panel }: Compared) {
  await workbench.rowAction('Versions', /^v6/, 'Compare with Previous');
  await workbench.tab('Compare v5 ↔ v6').waitFor();
  const headings = panel.getByRole('heading', { level: 2 });
  await expect.poll(() => headings.allInnerTexts()).toEqual(sections);
  await panel.getByText('LEARNING_RATE_DECAY 1 → 0.9').waitFor();
  await panel.getByText(/^On the same 359 examples accuracy is /).waitFor();
  await panel.getByText(/^4 of 4 tensors changed/).waitFor();
  await panel.getByRole('table', { name: /^Relative change .* by layer/ }).waitFor();
  await showPanelAlone(workbench);
  await readmePicture(workbench, 'compare');
}

async function codeIsOpened({ workbench, panel }: Compared) {
  const { page } = workbench;
  await panel.getByRole('button', { name: 'train.py' }).click();
  const differences = page.locator('.monaco-diff-editor');
  await differences.locator('.editor.original').getByText('BATCH_SIZE = 32').waitFor();
  await differences.locator('.editor.modified').getByText('BATCH_SIZE = 16').waitFor();
  await workbench.screenshotEveryTheme('compare-file');

  await workbench.tab('Compare v5 ↔ v6').click();
  await panel.getByRole('button', { name: 'Open Code Diff' }).click();
  await workbench.tab(/^v5 ↔ v6: Code/).waitFor();
  await page.locator('.multiDiffEntry').getByText('train.py').first().waitFor();
  await workbench.screenshotEveryTheme('compare-code');
}

async function fromThePalette({ workbench, panel }: Compared) {
  await workbench.command('View: Close All Editors');
  await workbench.command('Cairn: Compare Versions');
  await workbench.screenshotEveryTheme('compare-pick');
  for (const version of ['v1', 'v2', 'v4']) await workbench.toggle(version);
  await workbench.accept();
  await panel.getByRole('heading', { name: 'v1 → v4' }).waitFor();
  await panel.getByRole('button', { name: 'Make v4 the base' }).click();
  await panel.getByRole('heading', { name: 'v4 → v1' }).waitFor();
  await panel.getByRole('button', { name: 'Leave v1 out' }).click();
  await panel.getByRole('heading', { name: 'v4 → v2' }).waitFor();
  await panel.getByRole('button', { name: 'Add Version' }).click();
  await panel.getByRole('columnheader', { name: 'v6' }).first().waitFor();
  await panel.getByRole('button', { name: 'Leave v6 out' }).click();
  await panel.getByRole('button', { name: 'Pin v4 as the baseline' }).click();
  await panel.getByRole('button', { name: 'Pin v4 as the baseline', pressed: true }).waitFor();

  // What is compared from now on is held against it, though it is the newer one.
  await workbench.command('Cairn: Compare Versions');
  for (const version of ['v1', 'v4']) await workbench.toggle(version);
  await workbench.accept();
  await workbench.tab('Compare v4 ↔ v1').waitFor();
  await panel.getByRole('heading', { name: 'v4 → v1' }).click();
}

/** From here on without the mouse; the versions that came meanwhile are offered. */
async function byKeyboard({ workbench, panel }: Compared) {
  const { keyboard } = workbench.page;
  const pick = async (which: RegExp, words: string, key?: 'Shift+Tab') => {
    await workbench.tabTo(which, key);
    await keyboard.type(words);
    await panel.getByRole('option', { name: /another|held-out/ }).waitFor();
    await keyboard.press('Enter');
  };
  await pick(/^input Base version/, 'v7 held', 'Shift+Tab');
  await panel.getByRole('heading', { name: 'v7 → v1' }).waitFor();
  await pick(/^input Compared version/, 'v8 another');
  await panel.getByRole('heading', { name: 'v7 → v8' }).waitFor();

  await workbench.tabTo(/Swap the two sides/, 'Shift+Tab');
  await keyboard.press('Enter');
  await panel.getByRole('heading', { name: 'v8 → v7' }).waitFor();
  await keyboard.press('Enter');
  await panel.getByRole('heading', { name: 'v7 → v8' }).waitFor();

  const same = panel.getByRole('rowheader', { name: 'MOMENTUM', exact: true });
  await expect.poll(() => same.count()).toBe(0);
  await workbench.tabTo(/Only differences/);
  await keyboard.press('Space');
  await same.waitFor();
  await keyboard.press('Space');
  await same.waitFor({ state: 'detached' });

  await workbench.tabTo(/Filter all sections/);
  await keyboard.type('torch');
  await panel.getByText('No curve matches the filter.').waitFor();
  await panel.getByRole('rowheader', { name: /torch/ }).waitFor();
  for (const _ of 'torch') await keyboard.press('Backspace');
  await panel.getByRole('rowheader', { name: /optimizer\.lr/ }).waitFor();

  await workbench.tabTo(/^button Weights$/);
  await keyboard.press('Enter');
  await panel.locator('h2:focus').getByText('Weights').waitFor();
  await workbench.tabTo(/^button Histogram of layers\.0\.weight$/);
  await keyboard.press('Enter');
  await panel.getByText('deviation').first().waitFor();
}

async function everySection({ workbench, panel }: Compared) {
  for (const section of sections) {
    await panel.getByRole('navigation').getByRole('button', { name: section, exact: true }).click();
    await panel.locator('h2:focus').getByText(section, { exact: true }).waitFor();
  }
  const within = (section: string) =>
    panel
      .locator('section')
      .filter({ has: panel.getByRole('heading', { name: section, level: 2 }) });
  const says = async (section: string, ...texts: readonly (string | RegExp)[]) => {
    for (const text of texts) await within(section).getByText(text).first().waitFor();
  };
  await says('Overview', /optimizer\.lr 0\.05 → 0\.02/, /1 dataset changed/, /more than chance/);
  await says('Metrics', 'val_accuracy', 'better');
  await within('Metrics').locator('svg').first().waitFor();
  await says('Predictions', /^Confusion of v7/, /^Confusion of v8/, 'v8 minus v7');
  await says('Parameters', 'optimizer', 'optimizer.momentum');
  await says('Model Files', 'models/digits.safetensors', 'modified');
  await says('Weights', '4 of 4 tensors changed', 'layers.1.weight', 'reshaped', 'deviation');
  await says('Architecture', /3 came, went or have another shape/);
  await says('Data', '359 rows, 2 columns', '380 rows, 2 columns', 'Balance of label');
  await says('Environment', 'Packages added', 'Packages removed', 'Packages changed');
  await says('Code', 'settings.json', '+1', '−1');
  expect(await workbench.lookAtPanel('compare-whole', 3_600)).toEqual([]);
}

async function curvesAreLookedAt({ workbench, panel }: Compared) {
  const { keyboard } = workbench.page;
  const line = (name: string) => panel.getByRole('button', { name, exact: true });
  await panel.getByRole('navigation').getByRole('button', { name: 'Curves' }).click();
  await workbench.tabTo(/ Curve$/);
  await workbench.tabTo(/ Axis$/);
  await keyboard.press('End');
  await panel
    .getByRole('cell', { name: /at \d+ s/ })
    .first()
    .waitFor();
  await workbench.tabTo(/Log scale/);
  await keyboard.press('Space');
  await workbench.tabTo(/Smoothing/);
  for (let step = 0; step < 3; step++) await keyboard.press('PageUp');
  await panel.getByText('Smoothed: the values').waitFor();
  await workbench.tabTo(/Zoom in/);
  await keyboard.press('Enter');
  const whole = panel.getByRole('button', { name: 'Reset Zoom' });
  await expect.poll(() => whole.isDisabled()).toBe(false);
  await workbench.tabTo(/^div Line chart/);
  await keyboard.press('ArrowRight');
  await panel.getByText(/^time .*: v7 0\.\d+, v8 0\.\d+$/).waitFor({ state: 'attached' });
  await keyboard.press('0');
  await expect.poll(() => whole.isDisabled()).toBe(true);
  await workbench.tabTo(/Only v8/);
  await keyboard.press('Enter');
  await expect.poll(() => line('v7').getAttribute('aria-pressed')).toBe('false');
}

async function rowOfTheDataIsOpened({ workbench, panel }: Compared) {
  await panel.getByRole('button', { name: 'image-340', exact: true }).click();
  await workbench.tab(/heldOut\.csv/).waitFor();
  // A line for the names, and those before it.
  await workbench.page.getByRole('button', { name: /^Ln 342,/ }).waitFor();
  await workbench.tab('Compare v7 ↔ v8').click();
}

async function asMarkdown({ workbench, panel, cli }: Compared) {
  await panel.getByRole('button', { name: 'Copy as Markdown' }).click();
  await panel.getByText('Copied as Markdown').waitFor({ state: 'attached' });
  const copied = await workbench.page.evaluate(() => navigator.clipboard.readText());
  expect(copied.trim()).toBe(cli('diff', 'v7', 'v8', '--markdown').trim());
}
