import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Workbench } from './workbench';

const root = path.join(import.meta.dirname, '../..');
const taken = path.join(import.meta.dirname, 'screenshots', 'readme');

/** With it the README's pictures are those of this run. */
const areRenewed = process.env['CAIRN_PICTURES'] !== undefined;

/** How a window looks in the README's pictures. */
export const pictureSettings = {
  'editor.minimap.enabled': false,
  'breadcrumbs.enabled': false,
  'editor.fontSize': 13,
  // Who committed what is nobody's business in a picture.
  'git.blame.statusBarItem.enabled': false,
};

/**
 * Takes a picture of the README. That it shows one of this name and size keeps those that are there
 * from being forgotten when something is moved about; CAIRN_PICTURES puts this one in its place.
 */
export async function readmePicture(workbench: Workbench, name: string): Promise<void> {
  const picture = `docs/images/${name}.png`;
  const shown = path.join(root, picture);
  const file = path.join(taken, `${name}.png`);
  mkdirSync(taken, { recursive: true });
  await workbench.page.screenshot({ path: file, animations: 'disabled' });
  if (areRenewed) copyFileSync(file, shown);
  expect(readFileSync(path.join(root, 'README.md'), 'utf8')).toContain(picture);
  expect(existsSync(shown) && sizeOf(shown), `${picture}: CAIRN_PICTURES=1 makes it anew`).toEqual(
    sizeOf(file),
  );
}

/** Width and height, which the first chunk of a PNG begins with. */
function sizeOf(file: string): readonly [width: number, height: number] {
  const bytes = readFileSync(file);
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

/** Room for a panel alone, as somebody reads it who decides by it. */
export async function showPanelAlone(workbench: Workbench): Promise<void> {
  await workbench.page.setViewportSize({ width: 1280, height: 860 });
  await workbench.command('View: Toggle Primary Side Bar Visibility');
  await workbench.page.locator('.part.sidebar').waitFor({ state: 'hidden' });
  await workbench.page.mouse.move(640, 858);
}

/** Room for the views and an editor beside them. */
export async function showViews(workbench: Workbench): Promise<void> {
  await workbench.page.setViewportSize({ width: 1280, height: 640 });
  await workbench.openView('Cairn');
}

/** Room for what stands beside the versions. */
export async function widenSideBar({ page }: Workbench, width: number): Promise<void> {
  const bar = await page.locator('.part.sidebar').boundingBox();
  if (bar === null) throw new Error('There is no side bar.');
  await page.mouse.move(bar.x + bar.width + 2, 500);
  await page.mouse.down();
  await page.mouse.move(bar.x + width, 500, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(900, 620);
}
