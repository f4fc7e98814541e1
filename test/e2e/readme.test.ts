import { cpSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { scenario } from './scenario';
import type { Workbench } from './workbench';

const images = path.join(import.meta.dirname, '../../docs/images');

/** Room for what stands beside the versions. */
async function widenSideBar(workbench: Workbench, width: number): Promise<void> {
  const bar = await workbench.page.locator('.part.sidebar').boundingBox();
  if (bar === null) throw new Error('There is no side bar.');
  const { mouse } = workbench.page;
  await mouse.move(bar.x + bar.width + 2, 500);
  await mouse.down();
  await mouse.move(bar.x + width, 500, { steps: 5 });
  await mouse.up();
  await mouse.move(900, 620);
}

scenario('pictures of the README', async ({ folder, open }) => {
  cpSync(process.env['CAIRN_PICTURES'] ?? '', folder, { recursive: true });
  const settings = {
    'editor.minimap.enabled': false,
    'breadcrumbs.enabled': false,
    'editor.fontSize': 13,
    // Who committed what is nobody's business in a picture.
    'git.blame.statusBarItem.enabled': false,
  };
  const workbench = await open({ folder, settings });
  const picture = (name: string) =>
    workbench.page.screenshot({ path: path.join(images, `${name}.png`), animations: 'disabled' });
  // A panel alone, as somebody reads it who decides by it.
  const wide = async () => {
    await workbench.page.setViewportSize({ width: 1280, height: 860 });
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await workbench.page.locator('.part.sidebar').waitFor({ state: 'hidden' });
    await workbench.page.mouse.move(640, 858);
  };
  const narrow = async () => {
    await workbench.page.setViewportSize({ width: 1280, height: 640 });
    await workbench.openView('Cairn');
  };
  await workbench.page.setViewportSize({ width: 1280, height: 640 });
  await workbench.row('Versions', /^v6/).waitFor();
  await widenSideBar(workbench, 470);

  await workbench.openFile('train.py');
  await workbench.replaceInEditor('LEARNING_RATE = 0.05', 'LEARNING_RATE = 0.02');
  const lines = async () => (await workbench.editorLines()).join('\n');
  await expect.poll(lines).toContain('≠ v6');
  await picture('versions');
  await workbench.command('File: Revert File');
  await workbench.command('View: Close All Editors');

  await workbench.rowAction('Versions', /^v6/, 'Compare with Previous');
  await workbench
    .webview()
    .getByText(/^weights: .* changed/)
    .waitFor();
  await wide();
  await picture('compare');
  await narrow();
  await workbench.command('View: Close All Editors');

  await workbench.command('Cairn: Show Metrics');
  await workbench.webview().getByRole('grid').getByRole('row').nth(4).waitFor();
  await workbench.webview().getByRole('application').locator('canvas').waitFor();
  await wide();
  await picture('metrics');
  await narrow();
  await workbench.command('View: Close All Editors');

  await workbench.rowAction('Versions', /^v3/, 'Roll Back…');
  await workbench.webview().getByRole('checkbox', { name: 'Model files' }).waitFor();
  await picture('rollback');
});
