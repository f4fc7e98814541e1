import { afterAll, afterEach, expect, test } from 'vitest';
import {
  type RollbackContract,
  type RollbackState,
  rollbackReaders,
} from '../../../src/wire/rollbackPanel';
import { nastyRollback, rollbackView } from './exampleRollback';
import { nasty } from './exampleVersions';
import { type Answers, closeBrowser, PanelWindow } from './panelWindow';

const state: RollbackState = {
  root: '/project',
  reference: 'digits@v3',
  only: ['code', 'parameters', 'artifacts', 'data'],
};

let open: PanelWindow<RollbackContract>;

afterEach(async () => {
  await open.close();
  expect(open.troubles).toEqual([]);
});
afterAll(closeBrowser);

async function opened(answers: Partial<Answers<RollbackContract>> = {}, width = 900, height = 900) {
  open = await PanelWindow.open<RollbackContract>({
    panel: 'rollback',
    state,
    readers: rollbackReaders,
    width,
    height,
    answers: {
      load: ({ only }) => rollbackView(only),
      openCode: () => null,
      apply: () => ({ applied: true }),
      cancel: () => null,
      ...answers,
    },
  });
  await open.page.getByRole('button', { name: 'Roll Back' }).waitFor();
  return open.page;
}

const code = () => open.page.getByRole('checkbox', { name: 'Code' });
const button = () => open.page.getByRole('button', { name: 'Roll Back', exact: true });
const disabled = () => button().isDisabled();

test('the plan can be read in every theme', async () => {
  const page = await opened();
  await page.getByText('it belongs to another model').waitFor();
  await open.lookInEveryTheme('plan');
});

test('narrow panels cut nothing off', async () => {
  const page = await opened({}, 360, 1150);
  await open.picture('narrow');
  await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(360);
});

test('by keyboard alone: a part is taken out, the plan made anew, and the rest rolled back', async () => {
  const page = await opened();
  await expect.poll(() => open.focused()).toMatch(/^vscode-checkbox Code 2 files/);
  await page.keyboard.press('Space');
  await page.getByText('digits/network.py').waitFor({ state: 'detached' });
  expect(open.asks('load').at(-1)).toEqual({ only: ['parameters', 'artifacts', 'data'] });
  await expect.poll(() => open.focused()).toMatch(/^vscode-checkbox Code/);
  await page.getByRole('textbox', { name: 'Why, for the log' }).focus();
  await page.keyboard.type('the loss exploded');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Rolled back to v3' }).waitFor();
  expect(open.asks('apply')).toEqual([
    { only: ['parameters', 'artifacts', 'data'], reason: 'the loss exploded' },
  ]);
});

test('without any part there is nothing to press', async () => {
  const page = await opened();
  for (const name of ['Code', 'Parameters', 'Model files']) {
    await page.getByRole('checkbox', { name }).click();
  }
  await page.getByText('Nothing to do for the chosen parts.').waitFor();
  await expect.poll(disabled).toBe(true);
  await page.keyboard.press('Control+Enter');
  expect(open.asks('apply')).toEqual([]);
});

test('the diff of the code is opened, and Escape calls off', async () => {
  const page = await opened();
  await page.getByRole('button', { name: 'Open Code Diff' }).click();
  await page.keyboard.press('Escape');
  await expect
    .poll(() => open.asked.map(({ name }) => name))
    .toEqual(['load', 'openCode', 'cancel']);
});

test('progress is shown, and a rollback that was called off leaves the plan', async () => {
  let end: (answer: { applied: boolean }) => void = () => undefined;
  const page = await opened({
    apply: () =>
      new Promise((resolve) => {
        end = resolve;
      }),
  });
  await button().click();
  await open.tell('progress', { text: 'Backing up models/digits.safetensors', fraction: 0.4 });
  await page.getByText('Backing up models/digits.safetensors').waitFor();
  await expect.poll(() => page.getByRole('progressbar').getAttribute('value')).toBe('0.4');
  await open.picture('progress');
  await expect.poll(disabled).toBe(true);
  end({ applied: false });
  await page.getByText('Called off. Nothing was changed.').first().waitFor();
  await expect.poll(disabled).toBe(false);
});

test('a rollback goes on while its panel is hidden, and how it ends is told', async () => {
  let end: (failure: Error) => void = () => undefined;
  const page = await opened({
    apply: () =>
      new Promise((_, reject) => {
        end = reject;
      }),
  });
  await button().click();
  await expect.poll(() => open.asks('apply').length).toBe(1);
  await page.reload();
  await button().waitFor();
  await open.tell('progress', { text: 'Restoring train.py', fraction: null });
  await page.getByText('Restoring train.py').waitFor();
  await expect.poll(disabled).toBe(true);
  end(new Error('The disk is full.'));
  await page.getByRole('alert').getByText('The disk is full.').waitFor();
  await expect.poll(disabled).toBe(false);
});

test('a refusal is told in its sentence and the plan stays', async () => {
  const page = await opened({
    apply: () => {
      throw new Error('A merge is under way: finish it or abort it first.');
    },
  });
  await button().click();
  await page.getByRole('alert').getByText('A merge is under way').waitFor();
  await page.getByText('models/digits.safetensors').waitFor();
});

test('what the engine refuses from the start disables the button', async () => {
  const refused = 'A run of this model is writing: wait until it ends.';
  const page = await opened({ load: ({ only }) => ({ ...rollbackView(only), refused }) });
  await page.getByRole('alert').getByText(refused).waitFor();
  await expect.poll(disabled).toBe(true);
  await open.picture('refused');
});

test('what was chosen and typed survives hiding, and changes load the plan again', async () => {
  const page = await opened();
  await code().click();
  await page.getByText('digits/network.py').waitFor({ state: 'detached' });
  await page.getByRole('textbox', { name: 'Why, for the log' }).fill('because');
  await page.reload();
  await button().waitFor();
  expect(open.asks('load').at(-1)).toEqual({ only: ['parameters', 'artifacts', 'data'] });
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Why, for the log' }).inputValue())
    .toBe('because');
  const before = open.asks('load').length;
  await open.tell('changed');
  await expect.poll(() => open.asks('load').length).toBe(before + 1);
});

test('pressed while the files are looked at again: done if the plan stays, else shown first', async () => {
  const waiting: ((description: string) => void)[] = [];
  let isFirst = true;
  const page = await opened({
    load: ({ only }) => {
      if (isFirst) return rollbackView(only);
      return new Promise((resolve) => {
        waiting.push((description) => {
          resolve({ ...rollbackView(only), description, detail: 'later' });
        });
      });
    },
    apply: () => ({ applied: false }),
  });
  isFirst = false;
  const pressed = async (description: string) => {
    await open.tell('changed');
    await expect.poll(() => waiting.length).toBe(1);
    await button().click();
    waiting.pop()?.(description);
  };
  await pressed('Another plan');
  await page.getByText('Look at it once more.').first().waitFor();
  expect(open.asks('apply')).toEqual([]);
  await pressed('Another plan');
  await expect.poll(() => open.asks('apply').length).toBe(1);
});

test('no name is read as HTML', async () => {
  const page = await opened({ load: ({ only }) => nastyRollback(only) });
  await page.getByRole('heading', { name: nasty }).waitFor();
  await page.waitForTimeout(50);
  await expect.poll(() => page.locator('img').count()).toBe(0);
});
