import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { scenario } from './scenario';

scenario('a folder without a project is welcomed', async ({ folder, open }) => {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'train.py'), 'learning_rate = 0.1\n');
  const workbench = await open({ folder });
  const initialize = workbench.view('Versions').getByRole('button', { name: 'Initialize' });
  await initialize.waitFor();
  await workbench.screenshotEveryTheme('welcome');
  await expect.poll(() => workbench.page.locator('.notification-toast').count()).toBe(0);

  // The pictures beside the steps need room.
  await workbench.command('View: Toggle Primary Side Bar Visibility');
  await workbench.command('Welcome: Open Walkthrough...');
  await workbench.pick('Get Started with Cairn');
  await workbench.page.getByText('Begin where you are').first().waitFor();
  await workbench.webview().locator('svg').first().waitFor();
  await workbench.screenshotEveryTheme('walkthrough');
});
