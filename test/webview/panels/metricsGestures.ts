import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Panel } from './inPanel';

/** What a person sees and does in the Metrics panel, wherever it is shown. */
export function metricsGestures(panel: Panel, { mouse, keyboard }: Page) {
  const grid = panel.getByRole('grid');
  const head = (name: string) => grid.getByRole('columnheader', { name });
  const chart = panel.getByRole('application');
  const active = () => panel.locator('.scroller .active').innerText();
  const drag = async (from: readonly [number, number], by: readonly [number, number]) => {
    await mouse.move(...from);
    await mouse.down();
    await mouse.move(from[0] + by[0], from[1] + by[1], { steps: 5 });
    await mouse.up();
  };
  return {
    grid,
    head,
    chart,
    legend: panel.getByRole('table', { name: /drawn versions/ }),
    filter: panel.getByRole('combobox', { name: /^Filter by words/ }),
    titles: async () =>
      (await panel.locator('[data-reference] .number-of').allInnerTexts()).join(' '),
    columnNames: () => panel.locator('[data-column] .name').allInnerTexts(),
    active,
    /** Goes to a column's head by the arrow keys; the grid has the focus. */
    async goToHead(name: string) {
      await keyboard.press('Control+Home');
      for (let now = await active(); !isHeadOf(now, name); now = await active()) {
        await keyboard.press('ArrowRight');
        await expect.poll(active).not.toBe(now);
      }
    },
    exportOf: (format: string) =>
      panel.getByRole('group', { name: 'Export' }).getByRole('button', { name: format }),
    /** Makes a column wider by its head's grip, in pixels. */
    async widen(name: string, by: number) {
      const { x, y } = await boxOf(head(name).locator('.grip'));
      await drag([x + 3, y + 10], [by, 0]);
    },
    /** Brushes the upper end of the last axis of parallel coordinates, which is the metric's. */
    async brush() {
      const { x, y, width } = await boxOf(panel.locator('canvas'));
      await drag([x + width - 90, y + 44], [0, 36]);
    },
  };
}

/** Whether this is the text of a column's head; the primary metric's says that it is. */
function isHeadOf(text: string, name: string): boolean {
  return text.split('\n').some((line) => line.replace(/^primary:/, '').trim() === name);
}

async function boxOf(place: Locator) {
  const box = await place.boundingBox();
  if (box === null) throw new Error('It cannot be seen.');
  return box;
}
