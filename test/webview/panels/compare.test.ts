import { afterAll, afterEach, expect, test } from 'vitest';
import {
  type CompareContract,
  type CompareState,
  compareReaders,
} from '../../../src/wire/comparePanel';
import { compareView, nastyComparison } from './exampleComparison';
import { nasty } from './exampleVersions';
import { type Answers, bundleSize, closeBrowser, PanelWindow } from './panelWindow';

const two: CompareState = { root: '/project', sides: ['digits@v3.1', 'digits@v7.1'] };

let open: PanelWindow<CompareContract>;

afterEach(async () => {
  await open.close();
  expect(open.troubles).toEqual([]);
});
afterAll(closeBrowser);

async function opened(
  answers: Partial<Answers<CompareContract>> = {},
  { state = two, width = 1000 } = {},
) {
  open = await PanelWindow.open<CompareContract>({
    panel: 'compare',
    state,
    readers: compareReaders,
    width,
    height: 1150,
    answers: {
      load: ({ sides }) => compareView(sides),
      openCode: () => null,
      openFile: () => null,
      copy: () => null,
      rollBack: () => null,
      ...answers,
    },
  });
  await open.page.getByRole('heading', { name: 'Overview' }).waitFor();
  return open.page;
}

const picker = (name: string) => open.page.getByRole('combobox', { name });
const lastSides = () => open.asks('load').at(-1)?.sides;

test('the comparison can be read in every theme', async () => {
  expect(bundleSize('compare')).toBeLessThan(900_000);
  await opened();
  await expect.poll(() => picker('Base').getAttribute('title')).toMatch(/^v3 · wider/);
  await open.lookInEveryTheme('two');
});

test('only what differs is shown until it is switched off, also after a reload', async () => {
  const page = await opened();
  const same = page.getByRole('rowheader', { name: 'epochs' });
  await expect.poll(() => same.count()).toBe(0);
  await page.getByText('All 2 entries are the same.').waitFor();
  await page.getByRole('checkbox', { name: 'Only differences' }).click();
  await same.waitFor();
  await open.picture('all-rows');
  await expect.poll(() => page.getByRole('rowheader', { name: 'differs: lr' }).count()).toBe(1);
  await page.reload();
  await same.waitFor();
});

test('better and worse stand as words beside the numbers, which are short', async () => {
  const page = await opened();
  const row = (name: string) => page.getByRole('row', { name });
  await expect.poll(() => row('val_accuracy').innerText()).toMatch(/0\.951\s+▲ 0\.0086\s+better/);
  await expect.poll(() => row('val_loss').innerText()).toMatch(/0\.2345\s+▲ 0\.0245\s+worse/);
  await expect.poll(() => page.getByTitle('0.95101010101').innerText()).toBe('0.951');
  await expect.poll(() => page.getByTitle('0.30000000000000004').innerText()).toBe('0.3');
});

test('the two sides are swapped', async () => {
  const page = await opened();
  await page.getByRole('button', { name: 'Swap' }).click();
  await page.getByRole('heading', { name: 'v7 → v3' }).waitFor();
  expect(lastSides()).toEqual(['digits@v7.1', 'digits@v3.1']);
  await page.reload();
  await page.getByRole('heading', { name: 'v7 → v3' }).waitFor();
});

test('a version is picked by keyboard, and the working files are never the base', async () => {
  const page = await opened();
  await picker('Compared').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'v3 → Working files' }).waitFor();
  expect(lastSides()).toEqual(['digits@v3.1', null]);
  await page.locator('vscode-button[title="The working files cannot be the base"]').waitFor();
  await expect.poll(() => open.focused()).toMatch(/^vscode-dropdown Compared version/);
});

test('keys that come before the list is filled are not lost', async () => {
  const page = await opened();
  await picker('Compared').focus();
  // Without the pauses that a person makes, and that every step of a browser's driver is.
  await page.evaluate(`(() => {
    let control = document.activeElement;
    while (control.localName !== 'vscode-dropdown') control = control.shadowRoot.activeElement;
    for (const key of ['Enter', 'Home', 'Enter']) {
      control.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
    }
  })()`);
  await page.getByRole('heading', { name: 'v3 → Working files' }).waitFor();
});

test('one of a thousand versions is picked by mouse', async () => {
  const page = await opened({
    load: ({ sides }) => {
      const view = compareView(sides);
      const older = Array.from({ length: 1_000 }, (_, index) => ({
        ...view.choices[1]!,
        reference: `digits@v${index + 10}.1`,
        title: `v${index + 10}`,
      }));
      return { ...view, choices: [...view.choices, ...older] };
    },
  });
  await picker('Compared').click();
  await page.getByRole('option', { name: /^v12 ·/ }).click();
  await page.getByRole('heading', { name: 'v3 → v12' }).waitFor();
  expect(open.asks('load').map(({ sides }) => sides[1])).toEqual(['digits@v7.1', 'digits@v12.1']);
});

test('more versions stand side by side, and one is left out again', async () => {
  const page = await opened({}, { state: { ...two, sides: [...two.sides, 'digits@v6.1'] } });
  await page.getByRole('button', { name: 'Add Version' }).click();
  await page.getByRole('columnheader', { name: 'Working files' }).first().waitFor();
  await open.picture('four');
  await page.getByRole('button', { name: 'Leave v7 out' }).click();
  await expect.poll(lastSides).toEqual(['digits@v3.1', 'digits@v6.1', null]);
});

test('narrow panels cut nothing off', async () => {
  const page = await opened({}, { width: 380 });
  await open.picture('narrow');
  await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(380);
});

test('it is copied as Markdown, and its code opened', async () => {
  const page = await opened();
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByText('Copied as Markdown.').waitFor({ state: 'attached' });
  expect(open.asks('copy')).toEqual([{ sides: two.sides }]);
  await page.getByRole('button', { name: 'train.py' }).click();
  await page.getByRole('button', { name: 'Open Code Diff' }).click();
  await page.getByRole('button', { name: 'Roll back to v3' }).click();
  const sides = { from: 'digits@v3.1', to: 'digits@v7.1' };
  await expect.poll(() => open.asks('rollBack')).toEqual([{ reference: 'digits@v3.1' }]);
  expect(open.asks('openFile')).toEqual([{ ...sides, path: 'train.py' }]);
  expect(open.asks('openCode')).toEqual([sides]);
});

test('what cannot be compared is told, and tried again', async () => {
  let fail = false;
  const page = await opened({
    load: ({ sides }) => {
      if (fail) throw new Error('There is no version digits@v7.');
      return compareView(sides);
    },
  });
  fail = true;
  await open.tell('changed');
  await page.getByRole('alert').getByText('There is no version digits@v7.').waitFor();
  fail = false;
  await page.getByRole('button', { name: 'Try Again' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

test('no name is read as HTML', async () => {
  const page = await opened({ load: ({ sides }) => nastyComparison(sides) });
  await page.getByRole('checkbox', { name: 'Only differences' }).click();
  await page.getByRole('rowheader', { name: nasty }).first().waitFor();
  await page.waitForTimeout(50);
  await expect.poll(() => page.locator('img').count()).toBe(0);
});
