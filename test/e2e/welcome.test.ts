import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Workbench } from './workbench';

let folder: string;
let workbench: Workbench;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cairn-folder-'));
  writeFileSync(path.join(folder, 'train.py'), 'learning_rate = 0.1\n');
  workbench = await Workbench.open({ folder });
});

afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a folder without a project is welcomed', async () => {
  await workbench.openView('Cairn');
  const initialize = workbench.page.locator('.sidebar').getByRole('link', { name: /Initialize/ });
  const button = workbench.page.locator('.sidebar').getByRole('button', { name: /Initialize/ });
  await initialize.or(button).first().waitFor();
  await workbench.screenshotEveryTheme('welcome');
  expect(await workbench.page.locator('.notification-toast').count()).toBe(0);
});
