import { expect } from 'vitest';
import { scenario } from './scenario';

scenario('a version tells what is in it', async ({ workbench }) => {
  await workbench.expand('Versions', /^v4/);
  await workbench.screenshotEveryTheme('versions');
  for (const section of ['Code', 'Parameters', 'Metrics']) {
    await workbench.expand('Versions', new RegExp(`^${section}`));
  }
  await workbench.row('Versions', /LEARNING_RATE.*2 → 0\.05/).waitFor();
  await workbench.screenshotEveryTheme('version');
  await workbench.row('Versions', /^v4/).hover();
  await workbench.page.locator('.monaco-hover').getByText('digits v4').waitFor();
  await workbench.screenshot('version-hover');
});

scenario('versions are filtered and sorted', async ({ workbench }) => {
  const labels = async () => {
    const rows = await workbench.rows('Versions');
    return rows.filter(({ level }) => level === 2).map(({ label }) => label.slice(0, 2));
  };
  await workbench.command('Cairn: Filter');
  await workbench.screenshotEveryTheme('filter-input');
  await workbench.answer('pixels');
  await workbench.view('Versions').getByText('Filter: pixels (2 versions)').waitFor();
  await workbench.screenshotEveryTheme('filtered');
  await expect.poll(labels).toEqual(['v2', 'v1']);
  await workbench.viewAction('Versions', 'Clear Filter');
  await expect.poll(labels).toEqual(['v4', 'v3', 'v2', 'v1']);
  await workbench.command('Cairn: Sort');
  await workbench.screenshotEveryTheme('sort-pick');
  await workbench.pick(/^val_accuracy.*highest first/);
  await expect.poll(labels).toEqual(['v4', 'v2', 'v1', 'v3']);
});

scenario('operations are listed and undone', async ({ workbench }) => {
  await workbench.view('Operations').locator('.pane-header').click();
  await workbench.row('Operations', /^Committed v4/).waitFor();
  await workbench.screenshotEveryTheme('operations');
  await workbench.rowAction('Operations', /^Committed v4/, 'Undo');
  await workbench.row('Operations', /^Undid/).waitFor();
  await workbench.row('Versions', /^v4/).waitFor({ state: 'detached' });
  await workbench.screenshotEveryTheme('operation-undone');
});
