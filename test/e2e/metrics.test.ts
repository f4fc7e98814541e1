import { expect } from 'vitest';
import { scenario } from './scenario';

scenario('the metrics of all versions, in a table and a chart', async ({ workbench }) => {
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
  await expect.poll(titles).toEqual(['v4', 'v2', 'v1', 'v3']);
});
