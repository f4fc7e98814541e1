import { afterAll, afterEach, expect, test } from 'vitest';
import {
  type CompareContract,
  type CompareState,
  compareReaders,
} from '../../../src/wire/comparePanel';
import {
  comparedCurves,
  comparedEvidence,
  comparedSpread,
  comparedWeights,
  compareView,
  nastyComparison,
  nastyEvidence,
  nastyWeights,
  oddComparison,
} from './exampleComparison';
import { nasty } from './exampleVersions';
import { type Answers, closeBrowser, PanelWindow } from './panelWindow';

const two: CompareState = { root: '/project', sides: ['digits@v3.1', 'digits@v7.1'], at: null };

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
      curves: ({ sides }) => ({ curves: comparedCurves(sides) }),
      evidence: ({ sides }) => comparedEvidence(sides),
      weights: ({ side }) => comparedWeights(side),
      cancelWeights: () => null,
      spread: comparedSpread,
      openExample: () => null,
      openCode: () => null,
      openFile: () => null,
      copy: () => null,
      rollBack: () => null,
      pin: () => null,
      ...answers,
    },
  });
  await open.page.getByRole('heading', { name: 'Overview' }).waitFor();
  return open.page;
}

const picker = (name: string) => open.page.getByRole('combobox', { name });
const lastSides = () => open.asks('load').at(-1)?.sides;

test('the comparison can be read in every theme', async () => {
  const page = await opened();
  await expect.poll(() => picker('Base').getAttribute('title')).toMatch(/^v3 · wider/);
  await page.locator('canvas').waitFor();
  await page.getByText('3 of 63 tensors changed').first().waitFor();
  await page.getByRole('button', { name: 'Histogram of head.out.weight' }).click();
  await page.getByText('deviation').first().waitFor();
  await page.evaluate('scrollTo(0, 0)');
  await open.lookInEveryTheme('two');
});

test('only what differs is shown until it is switched off, also after a reload', async () => {
  const page = await opened();
  const same = page.getByRole('rowheader', { name: 'epochs' });
  await expect.poll(() => same.count()).toBe(0);
  await page.getByText('All 3 entries are the same.').waitFor();
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
  await page.keyboard.type('work files');
  await page.getByRole('option', { name: 'Working files' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'v3 → Working files' }).waitFor();
  expect(lastSides()).toEqual(['digits@v3.1', null]);
  await page.locator('vscode-button[title="The working files cannot be the base"]').waitFor();
  await expect.poll(() => open.focused()).toMatch(/^input Compared version/);
});

test('the list is left by Escape, and walked through by arrows', async () => {
  const page = await opened();
  await picker('Compared').focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('option', { name: /^v6/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('option', { name: /^v6/ }).waitFor({ state: 'hidden' });
  expect(lastSides()).toEqual(two.sides);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'v3 → v6' }).waitFor();
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
  await page.getByText(/\d+ more: type to find them/).waitFor();
  await page.keyboard.type('v12');
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

test('another side becomes the base that all are held against', async () => {
  const page = await opened({}, { state: { ...two, sides: [...two.sides, 'digits@v6.1'] } });
  await page.getByRole('button', { name: 'Make v6 the base' }).click();
  await page.getByRole('heading', { name: 'v6 → v3' }).waitFor();
  expect(lastSides()).toEqual(['digits@v6.1', 'digits@v3.1', 'digits@v7.1']);
});

test('the base is pinned as the baseline of comparisons to come, and let go', async () => {
  const page = await opened();
  const pin = page.getByRole('button', { name: 'Pin v3 as the baseline' });
  await pin.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => pin.getAttribute('aria-pressed')).toBe('true');
  await expect.poll(() => picker('Base').getAttribute('title')).toMatch(/^v3 \(baseline\) · wider/);
  await open.picture('baseline');
  await page.keyboard.press('Enter');
  await expect.poll(() => pin.getAttribute('aria-pressed')).toBe('false');
  const reference = 'digits@v3.1';
  expect(open.asks('pin')).toEqual([
    { reference, pinned: true },
    { reference, pinned: false },
  ]);
});

test('the filter looks into all sections, and is kept', async () => {
  const page = await opened();
  await page.getByText('3 of 63 tensors changed').first().waitFor();
  await page.getByRole('searchbox', { name: 'Filter all sections' }).fill('head');
  await page.getByText('3 metrics do not match the filter.').waitFor();
  await page.getByText('No curve matches the filter.').waitFor();
  await page.getByText('2 of 2 files do not match the filter.').waitFor();
  await page.getByRole('rowheader', { name: 'head.out.weight' }).waitFor();
  await page.reload();
  await page.getByText('3 metrics do not match the filter.').waitFor();
});

test('weights are compared with progress, called off, and begun again', async () => {
  let finish: (outcome: 'done' | 'off') => void = () => undefined;
  const page = await opened({
    weights: ({ side }) =>
      new Promise((resolve, reject) => {
        finish = (outcome) =>
          outcome === 'done' ? resolve(comparedWeights(side)) : reject(new Error('Called off.'));
      }),
    cancelWeights: () => {
      finish('off');
      return null;
    },
  });
  await page.getByRole('progressbar', { name: 'Comparing the weights' }).waitFor();
  await open.tell('progress', { side: 1, text: 'Checking, 1 MB of 4 MB', fraction: 0.25 });
  await page.getByText('Checking, 1 MB of 4 MB').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('alert').getByText('Called off.').waitFor();
  await page.getByRole('button', { name: 'Try Again' }).click();
  await page.getByRole('progressbar', { name: 'Comparing the weights' }).waitFor();
  // Versions stay what they are, whatever else is new: their comparison goes on.
  await open.tell('changed');
  await expect.poll(() => open.asks('evidence').length).toBe(2);
  await page.getByRole('progressbar', { name: 'Comparing the weights' }).waitFor();
  expect(open.asks('weights')).toHaveLength(2);
  finish('done');
  await page.getByRole('rowheader', { name: 'head.out.weight' }).waitFor();
  // What was found stands in the overview, too.
  await page.getByText('weights: 3 of 63 tensors changed').waitFor();
});

test('weights of working files that change meanwhile are compared anew', async () => {
  let waiting = 0;
  const page = await opened(
    { weights: () => new Promise(() => waiting++) },
    { state: { ...two, sides: ['digits@v3.1', null] } },
  );
  await page.getByRole('progressbar', { name: 'Comparing the weights' }).waitFor();
  await open.tell('changed');
  await expect.poll(() => waiting).toBe(2);
  expect(open.asks('cancelWeights')).toHaveLength(1);
  await page.getByRole('progressbar', { name: 'Comparing the weights' }).waitFor();
});

test('an example that flipped opens its row of the data', async () => {
  const page = await opened();
  await page
    .getByText(/On the same 300 examples accuracy is .* higher .*: more than chance\./)
    .waitFor();
  await page.getByRole('button', { name: 'row 20', exact: true }).click();
  const ask = { base: 'digits@v3.1', side: 'digits@v7.1', row: 19 };
  await expect.poll(() => open.asks('openExample')).toEqual([ask]);
});

test('one curve is drawn alone, and smoothed, also after a reload', async () => {
  const page = await opened();
  await page.locator('canvas').waitFor();
  const lineOf = (name: string) => page.getByRole('button', { name, exact: true });
  await page.getByRole('button', { name: 'Only v7' }).click();
  await expect.poll(() => lineOf('v3').getAttribute('aria-pressed')).toBe('false');
  await page.getByRole('slider', { name: 'Smoothing' }).fill('0.6');
  await page.getByText('Smoothed: the values').waitFor();
  await page.getByRole('combobox', { name: 'Axis' }).focus();
  await page.keyboard.press('End');
  await page
    .getByRole('cell', { name: /at \d+ min/ })
    .first()
    .waitFor();
  await page.reload();
  await page
    .getByRole('cell', { name: /at \d+ min/ })
    .first()
    .waitFor();
  await page.getByText('Smoothed: the values').waitFor();
  expect(await lineOf('v3').getAttribute('aria-pressed')).toBe('false');
  await page.getByRole('button', { name: 'Only v7' }).click();
  await expect.poll(() => lineOf('v3').getAttribute('aria-pressed')).toBe('true');
});

test('it opens at a section, and the links lead to the others', async () => {
  const page = await opened({}, { state: { ...two, at: 'weights' } });
  await expect.poll(() => open.focused()).toBe('h2 Weights');
  await page.getByRole('navigation').getByRole('button', { name: 'Code' }).click();
  await expect.poll(() => open.focused()).toBe('h2 Code');
});

test('narrow panels cut nothing off', async () => {
  const page = await opened({}, { width: 380 });
  await open.picture('narrow');
  await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(380);
});

test('six sides with long names, other letters and numbers at the ends find their place', async () => {
  const sides = ['v3', 'v7', 'v6', 'v5', 'v4', 'v2'].map((name) => `digits@${name}.1`);
  const page = await opened(
    { load: ({ sides: asked }) => oddComparison(asked) },
    { state: { ...two, sides }, width: 1300 },
  );
  await page
    .getByRole('rowheader', { name: /a_name_without/ })
    .first()
    .waitFor();
  await page.getByText('1e-7').first().waitFor();
  await page.locator('canvas').waitFor();
  await open.picture('odd');
  await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(1300);
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
  const page = await opened({
    load: ({ sides }) => nastyComparison(sides),
    evidence: ({ sides }) => nastyEvidence(sides),
    weights: ({ side }) => nastyWeights(side),
    curves: ({ sides }) => ({
      curves: comparedCurves(sides).map((set) => set.map((curve) => ({ ...curve, name: nasty }))),
    }),
  });
  await page.getByRole('checkbox', { name: 'Only differences' }).click();
  await page.getByRole('rowheader', { name: nasty }).first().waitFor();
  await page.waitForTimeout(50);
  await expect.poll(() => page.locator('img').count()).toBe(0);
});
