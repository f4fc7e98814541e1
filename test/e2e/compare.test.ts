import { expect } from 'vitest';
import { type Scenario, scenario } from './scenario';

// One window for both: opening one takes longer than using it.
scenario('versions are compared from the tree and from the palette', async ({ workbench }) => {
  await comparedFromTheTree({ workbench });
  await comparedFromThePalette({ workbench });
});

async function comparedFromTheTree({ workbench }: Pick<Scenario, 'workbench'>) {
  await workbench.rowAction('Versions', /^v4/, 'Compare with Previous');
  await workbench.tab('Compare v3 ↔ v4').waitFor();
  const panel = workbench.webview();
  await panel.getByRole('heading', { name: 'Overview' }).waitFor();
  await expect
    .poll(() => panel.getByRole('heading', { level: 2 }).allInnerTexts())
    .toEqual([
      ...['Overview', 'Metrics', 'Curves', 'Predictions', 'Parameters', 'Model Files', 'Weights'],
      ...['Architecture', 'Data', 'Environment', 'Code'],
    ]);
  await panel.getByText('LEARNING_RATE 2 → 0.05').waitFor();
  await panel.getByText(/^On the same 359 examples accuracy .*: more than chance\.$/).waitFor();
  await panel.getByText(/^4 of 4 tensors changed/).waitFor();
  await workbench.screenshotEveryTheme('compare');

  await panel.getByRole('button', { name: 'train.py' }).click();
  const differences = workbench.page.locator('.monaco-diff-editor');
  await differences.locator('.editor.original').getByText('LEARNING_RATE = 2.0').waitFor();
  await differences.locator('.editor.modified').getByText('LEARNING_RATE = 0.05').waitFor();
  await workbench.screenshotEveryTheme('compare-file');

  await workbench.tab('Compare v3 ↔ v4').click();
  await panel.getByRole('button', { name: 'Open Code Diff' }).click();
  await workbench.tab('v3 ↔ v4: Code (1 file)').waitFor();
  await workbench.page.locator('.multiDiffEntry').getByText('train.py').first().waitFor();
  await workbench.screenshotEveryTheme('compare-code');
}

async function comparedFromThePalette({ workbench }: Pick<Scenario, 'workbench'>) {
  await workbench.command('Cairn: Compare Versions');
  await workbench.screenshotEveryTheme('compare-pick');
  for (const version of ['v1', 'v2', 'v4']) await workbench.toggle(version);
  await workbench.accept();
  const panel = workbench.webview();
  await panel.getByText('v1 → v4').waitFor();
  await workbench.screenshotEveryTheme('compare-three');

  await panel.getByRole('button', { name: 'Copy as Markdown' }).click();
  await panel.getByText('Copied as Markdown').waitFor();
  const copied = await workbench.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('LEARNING_RATE');
}
