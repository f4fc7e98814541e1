import { expect } from 'vitest';
import { scenario } from './scenario';

scenario('past values stand after the lines that set them', async ({ workbench }) => {
  await workbench.openFile('train.py');
  const line = async () => {
    const lines = await workbench.editorLines();
    return lines.find((text) => text.startsWith('LEARNING_RATE ='));
  };
  await expect.poll(line, { timeout: 20_000 }).toMatch(/v4 0\.05 · v3 2 · v2 0\.1/);
  await workbench.screenshotEveryTheme('inline');
  await workbench.replaceInEditor('LEARNING_RATE = 0.05', 'LEARNING_RATE = 0.02');
  await expect.poll(line).toMatch(/≠ v4: 0\.05/);
  await workbench.screenshotEveryTheme('inline-edited');
});
