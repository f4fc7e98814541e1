import { expect } from 'vitest';
import { type Scenario, scenario } from './scenario';

type Windowed = Pick<Scenario, 'workbench'>;

// One window for all that is looked at in the tree: opening one takes longer than using it.
scenario('versions are filtered, sorted, unfolded and undone', async ({ workbench }) => {
  await filtered({ workbench });
  await sorted({ workbench });
  await unfolded({ workbench });
  await undone({ workbench });
});

/** The names of the versions in the order in which they stand. */
async function labels({ workbench }: Windowed): Promise<string[]> {
  const rows = await workbench.rows('Versions');
  return rows.filter(({ level }) => level === 2).map(({ label }) => label.slice(0, 2));
}

async function filtered({ workbench }: Windowed) {
  await workbench.screenshotEveryTheme('versions');
  await workbench.command('Cairn: Filter');
  await workbench.screenshotEveryTheme('filter-input');
  await workbench.answer('pixels');
  await workbench.view('Versions').getByText('Filter: pixels (2 versions)').waitFor();
  await workbench.screenshotEveryTheme('filtered');
  await expect.poll(() => labels({ workbench })).toEqual(['v2', 'v1']);
  await completed({ workbench });
  await workbench.viewAction('Versions', 'Clear Filter');
  await expect.poll(() => labels({ workbench })).toEqual(['v4', 'v3', 'v2', 'v1']);
}

/** A condition is completed, and one that cannot be read is not taken. */
async function completed({ workbench }: Windowed) {
  await workbench.command('Cairn: Filter');
  await workbench.quickInput().fill('MOM');
  await workbench.pick(/^MOMENTUM\s*parameter/);
  await expect.poll(() => workbench.quickInput().inputValue()).toBe('MOMENTUM ');
  await workbench.quickRow(/^>=\s*greater or equal/).waitFor();
  await workbench.quickInput().fill('MOMENTUM > 0.8 and');
  await workbench.accept();
  await workbench.quickRow(/the condition/).waitFor();
  await workbench.screenshotEveryTheme('filter-completion');
  await workbench.answer('MOMENTUM > 0.8');
  await expect.poll(() => labels({ workbench })).toEqual(['v4']);
}

async function sorted({ workbench }: Windowed) {
  await workbench.command('Cairn: Sort');
  await workbench.screenshotEveryTheme('sort-pick');
  await workbench.pick(/^val_accuracy.*highest first/);
  await expect.poll(() => labels({ workbench })).toEqual(['v4', 'v2', 'v1', 'v3']);
}

async function unfolded({ workbench }: Windowed) {
  await workbench.expand('Versions', /^v4/);
  for (const section of ['Code', 'Parameters', 'Metrics']) {
    await workbench.expand('Versions', new RegExp(`^${section}`));
  }
  await workbench.row('Versions', /LEARNING_RATE.*2 → 0\.05/).waitFor();
  await workbench.screenshotEveryTheme('version');
  await workbench.row('Versions', /^v4/).hover();
  await workbench.page.locator('.monaco-hover').getByText('digits v4').waitFor();
  await workbench.screenshot('version-hover');
}

async function undone({ workbench }: Windowed) {
  await workbench.view('Operations').locator('.pane-header').click();
  await workbench.row('Operations', /^Committed v4/).waitFor();
  await workbench.screenshotEveryTheme('operations');
  await workbench.rowAction('Operations', /^Committed v4/, 'Undo');
  await workbench.row('Operations', /^Undid/).waitFor();
  await workbench.row('Versions', /^v4/).waitFor({ state: 'detached' });
  await workbench.screenshotEveryTheme('operation-undone');
}
