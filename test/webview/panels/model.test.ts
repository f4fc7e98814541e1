import { afterAll, afterEach, expect, test } from 'vitest';
import { type ModelContract, type ModelView, modelReaders } from '../../../src/wire/modelPanel';
import { closeBrowser, PanelWindow } from './panelWindow';

const view: ModelView = {
  summary: 'keras · 35.6 kB · 202 tensors · 2,286 parameters',
  verdict: 'Dangerous: do not load this file.',
  danger: 'danger',
  findings: [
    {
      severity: 'dangerous',
      message: 'The model has a Lambda layer <b>, which is Python code.',
      place: 'config.json',
    },
  ],
  warnings: ['a part was not read'],
  metadata: [{ key: 'keras_version', value: '3.15.1 <script>' }],
  layers: [
    { depth: 0, name: '', kind: 'Sequential', attributes: '' },
    { depth: 1, name: 'd1', kind: 'Dense', attributes: 'units 32' },
  ],
  tensors: 202,
};
const all = Array.from({ length: 202 }, (_, index) => ({
  ...{ name: `layers.${index}.weight`, dtype: 'F32', shape: '64 × 32', size: '8.19 kB' },
}));

let open: PanelWindow<ModelContract>;

afterEach(async () => {
  await open.close();
  expect(open.troubles).toEqual([]);
});
afterAll(closeBrowser);

test('a model file: read in every theme, searched and looked into by keyboard alone', async () => {
  open = await PanelWindow.open<ModelContract>({
    ...{ panel: 'model', state: { path: '/m.keras' }, readers: modelReaders, height: 900 },
    answers: {
      load: () => view,
      tensors: ({ search, from }) => {
        const found = all.filter(({ name }) => name.includes(search));
        return { rows: found.slice(from, from + 200), total: found.length };
      },
      histogram: () => ({ counts: [1, 4, 2], sentence: 'from -1 to 1, mean 0' }),
    },
  });
  const { page } = open;
  await page.getByText('Dangerous: do not load this file.').waitFor();
  await page.getByText('layers.0.weight').waitFor();
  await page.getByRole('button', { name: 'Show more' }).press('Enter');
  await page.getByText('layers.201.weight').waitFor();
  await page.getByRole('textbox').fill('201');
  await page.getByText('1 of 202').waitFor();
  await page.getByRole('button', { name: 'layers.201.weight' }).press('Enter');
  await page.getByText('from -1 to 1, mean 0', { exact: true }).waitFor();
  await open.lookInEveryTheme('file');
});
