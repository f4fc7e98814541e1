import { afterAll, expect, test } from 'vitest';
import { Sandbox, type Workspace } from './sandbox';

const sandbox = new Sandbox('operations-comparing');
afterAll(() => sandbox.close());

/** Predictions for forty examples, of which those in `wrong` are mistaken. */
function predictions(wrong: readonly number[]): string {
  const lines = Array.from({ length: 40 }, (_, index) => {
    const truth = index % 2;
    return `${index * 3},${truth},${wrong.includes(index) ? 1 - truth : truth}`;
  });
  return ['index,y_true,y_pred', ...lines, ''].join('\n');
}

/** A table of 120 rows, of which so many are cats. */
function table(cats: number): string {
  const lines = Array.from({ length: 120 }, (_, row) => `${row / 7},${row < cats ? 'cat' : 'dog'}`);
  return ['width,label', ...lines, ''].join('\n');
}

const several = Array.from({ length: 12 }, (_, index) => index);

/** Two versions with predictions that Git ignores, and data that it keeps. */
const twoVersions = sandbox.once(
  async (workspace, project) => {
    await project.commit({
      message: 'first',
      datasets: ['data/animals.csv'],
      predictions: 'out.csv',
    });
    workspace.train(2, 0.9);
    workspace.write({
      'out.csv': predictions([3]),
      'data/animals.csv': table(90),
      'train.py': 'LEARNING_RATE = 0.5\nEPOCHS = 3\n',
    });
    await project.commit({
      message: 'second',
      datasets: ['data/animals.csv'],
      predictions: 'out.csv',
    });
  },
  {
    ...files(),
    '.gitignore': 'models/\nout.csv\n',
    'out.csv': predictions(several),
    'data/animals.csv': table(60),
  },
);

function files(): Record<string, string | Uint8Array> {
  const template: Workspace = sandbox.repository();
  const names = ['train.py', 'metrics.json', 'history.json', 'models/digits.safetensors'];
  return Object.fromEntries(names.map((name) => [name, template.bytes(name)]));
}

const sides = ['digits@v1', 'digits@v2'];

test('predictions are kept with a version, and compared example by example', async () => {
  const workspace = await twoVersions();
  // What the folder holds now has no part in it.
  workspace.remove('out.csv');
  workspace.write({ 'data/animals.csv': table(1) });
  const { predictions: found, tables } = await workspace.use((project) =>
    project.evidence({ sides }),
  );
  const [judged] = found;
  if (judged === undefined || 'why' in judged) throw new Error('not compared');
  expect(judged).toMatchObject({ side: 1, examples: 40, unpaired: 0, chance: 'more' });
  expect(judged.flips).toEqual({ right: 11, wrong: 0 });
  expect(judged.flipped[0]).toMatchObject({ row: 0, id: '0', became: 'right' });
  expect(tables.map((side) => side[0]?.classes?.counts)).toEqual([
    [
      { label: 'cat', count: 60 },
      { label: 'dog', count: 60 },
    ],
    [
      { label: 'cat', count: 90 },
      { label: 'dog', count: 30 },
    ],
  ]);
  const { sound } = await workspace.use((project) => project.verify({ full: true }));
  expect(sound).toBe(true);
});

test('the row of the data that an example is, is found by its number', async () => {
  const workspace = await twoVersions();
  const row = (row: number) =>
    workspace.use((project) => project.exampleRow({ base: 'digits@v1', side: 'digits@v2', row }));
  // The header is the first line, and rows are counted from 0.
  expect(await row(5)).toEqual({ path: 'data/animals.csv', line: 17 });
});

test('the Markdown of a comparison has its sentences, and weights once they were compared', async () => {
  const workspace = await twoVersions();
  const text = (values?: boolean) =>
    workspace.use((project) =>
      project.reportMarkdown(values === undefined ? { sides } : { sides, values }),
    );
  const before = await text();
  expect(before).toContain('## digits: v1 / v2');
  expect(before).toMatch(/on the same 40 examples accuracy is 0\.2\d* higher .*: more than chance/);
  expect(before).toContain(
    '| `data/animals.csv` | 120 × 2, cat: 60, dog: 60 | 120 × 2, cat: 90, dog: 30 |',
  );
  expect(before).toMatch(/\| `train\.py` \| modified \| \+\d+ −\d+ \|/);
  expect(before).not.toContain('### Weights');
  const weighed = await text(true);
  expect(weighed).toContain('weights: 1 of 1 tensor changed');
  expect(await text()).toBe(weighed);
});

test('the values of a tensor are spread over a histogram for either side', async () => {
  const workspace = await twoVersions();
  const place = { path: 'models/digits.safetensors', tensor: 'weight' };
  const { from, to } = await workspace.use((project) =>
    project.tensorSpread({ base: 'digits@v1', side: null, from: place, to: place }),
  );
  const total = (counts: readonly number[] = []) => counts.reduce((sum, count) => sum + count, 0);
  expect([total(from?.counts), total(to?.counts)]).toEqual([64, 64]);
  expect(from).not.toEqual(to);
});
