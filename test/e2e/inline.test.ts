import { expect } from 'vitest';
import { scenario } from './scenario';

const themes = ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const;

scenario('past values beside the code, and an old one used again', async ({ workbench }) => {
  await workbench.openFile('train.py');
  const line = async () => {
    const lines = await workbench.editorLines();
    return lines.find((text) => text.startsWith('LEARNING_RATE ='));
  };
  await expect
    .poll(line)
    .toMatch(/v4 0\.05 · v3 2 → val_accuracy 0\.086\d+( \(\+\d\))? · v2 0\.1 → 0\.93\d+/);
  await workbench.screenshotEveryTheme('inline');

  await workbench.replaceInEditor('LEARNING_RATE = 0.05', 'LEARNING_RATE = 0.02');
  await expect.poll(line).toMatch(/≠ v4: 0\.05 · v3 2/);
  await workbench.screenshotEveryTheme('inline-edited');

  const editor = workbench.page.locator('.editor-group-container.active .monaco-editor').first();
  const hover = workbench.page.locator('.monaco-hover:visible').filter({ hasText: 'in 4 values' });
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await workbench.page.keyboard.press('Escape');
    await workbench.page.mouse.move(5, 5);
    await editor.getByText('LEARNING_RATE', { exact: true }).first().hover();
    await hover.waitFor();
    await expect(hover.locator('img').evaluate(imageWidth)).resolves.toBeGreaterThan(100);
    // The picture and all four values are seen without scrolling.
    await expect.poll(() => hover.evaluate(isAllInSight)).toBe(true);
    await workbench.screenshot('inline-hover');
  }
  await workbench.setTheme('dark');
  await workbench.page.mouse.move(5, 5);
  await editor.getByText('LEARNING_RATE', { exact: true }).first().hover();
  const row = hover.locator('tr').filter({ hasText: 'v2' });
  await row.getByText('Use this value').click();
  await expect.poll(line).toMatch(/^LEARNING_RATE = 0\.1\s*≠ v4: 0\.05/);
  await workbench.screenshot('inline-used');

  await workbench.page.mouse.move(5, 5);
  await workbench.page.keyboard.press('Escape');
  await workbench.page.keyboard.press('ControlOrMeta+End');
  const lens = editor.locator('.codelens-decoration');
  await expect
    .poll(() => lens.allInnerTexts())
    .toContainEqual(expect.stringMatching(/v4\s·\sval_accuracy\s0\.96\d+.*Commit.*Show\sMetrics/s));
  await workbench.screenshot('inline-lens');
});

function isAllInSight(hover: Element): boolean {
  const { bottom } = hover.getBoundingClientRect();
  const parts = [...hover.querySelectorAll('img, tr')];
  return parts.every((part) => part.getBoundingClientRect().bottom <= bottom + 1);
}

function imageWidth(image: Element): number {
  return (image as HTMLImageElement).naturalWidth;
}
