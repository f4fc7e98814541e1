import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { InlineValues } from '../../src/core/pastValues';
import { openRepository } from '../../src/git';
import type { Project } from '../../src/operations';
import { openRooms } from '../../src/operations/openProject';
import { parameterHistory } from '../../src/operations/parameterHistory';
import { ParameterHistoryIndex } from '../../src/operations/parameterHistoryIndex';
import { exampleFiles, Sandbox } from './sandbox';

const sandbox = new Sandbox('values');

interface Settings {
  readonly lr: number;
  readonly batch: number;
  readonly hidden?: number;
  readonly extra?: string;
}

function source({ lr, batch, hidden = 64, extra = '' }: Settings): string {
  return `"""Train."""
import torch

EPOCHS = 3
${extra}

def train(batch_size=${batch}):
    model = Net(hidden=${hidden})
    optimizer = torch.optim.Adam(model.parameters(), lr=${lr})
    loss.backward()
    torch.save(model, "models/digits.safetensors")


if __name__ == "__main__":
    train()
`;
}

function notebook(lr: number): string {
  const cell = (text: string) => ({ cell_type: 'code', source: text, metadata: {}, outputs: [] });
  const cells = [cell('%matplotlib inline\nimport torch'), cell(`LR = ${lr}\n`)];
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
}

const yaml = (lr: number) => `optimizer:\n  lr: ${lr}\n  name: adam\n`;

function without<T>(files: Record<string, T>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path !== name));
}

/**
 * Five versions of a script whose parameters no record holds: they stand in functions. In v3 the
 * script has another name; v4 is withdrawn.
 */
const five = sandbox.once(
  async (workspace, project) => {
    const commit = async (
      seed: number,
      accuracy: number,
      settings: Settings,
      path = 'train.py',
    ) => {
      workspace.train(seed, accuracy);
      workspace.write({ [path]: source(settings), 'explore.ipynb': notebook(settings.lr) });
      workspace.write({ 'conf/train.yaml': yaml(settings.lr) });
      await project.commit({ message: `seed ${seed}` });
    };
    await commit(1, 0.5, { lr: 0.1, batch: 32 }, 'fit.py');
    await commit(2, 0.9, { lr: 0.01, batch: 64 }, 'fit.py');
    workspace.remove('fit.py');
    await commit(3, 0.8, { lr: 0.001, batch: 64 });
    await commit(4, 0.1, { lr: 5, batch: 64, hidden: 128 });
    await project.drop({ reference: 'v4' });
    workspace.write({ 'lib.py': 'WIDTH = 3\n' });
    await commit(5, 0.95, { lr: 0.001, batch: 64, extra: '# nothing' });
  },
  without(exampleFiles(), 'train.py'),
);

const script = (settings: Partial<Settings> = {}) =>
  source({ lr: 0.001, batch: 64, extra: '# nothing', ...settings });

const ask = (project: Project, text: string, path = 'train.py') =>
  project.parameterHistory({ path, texts: [text] });

/** `path = value: version value → metric (+others)`. */
function told(values: InlineValues | null): string[] {
  return (values?.parameters ?? []).map(({ path, value, current, past }) => {
    const all = past.map(
      (one) =>
        `${one.version.replace('digits@', '')} ${one.value} → ${one.metric} (+${one.others})`,
    );
    return `${path} = ${value} (${current}): ${all.join(', ')}`;
  });
}

describe('past values', () => {
  test('come from the code of each version, through a rename, without the withdrawn one', async () => {
    const workspace = await five();
    await workspace.use(async (project) => {
      const values = await ask(project, script());
      expect(values).toMatchObject({
        model: 'digits',
        metric: 'val_accuracy',
        current: 'digits@v5.1',
      });
      expect(told(values)).toEqual([
        'train.batch_size = 64 (64): v5.1 64 → 0.95 (+3), v1.1 32 → 0.5 (+0)',
        'train.optimizer.lr = 0.001 (0.001): v5.1 0.001 → 0.95 (+4), v2.1 0.01 → 0.9 (+3), v1.1 0.1 → 0.5 (+0)',
      ]);
      const start = script().indexOf('if __name__');
      expect(values?.entryPoint).toEqual({ text: 0, start });
    });
  });

  test('tell at once what an edit changes, and constants only when asked', async () => {
    const workspace = await five();
    await workspace.use(async (project) => {
      const edited = told(await ask(project, script({ hidden: 99 })));
      expect(edited.join('\n')).toContain('train.model.hidden = 99 (64): v5.1 64 → 0.95');
      const constants = await project.parameterHistory({
        path: 'train.py',
        texts: [script()],
        constants: true,
      });
      expect(told(constants).length).toBe(4);
      expect(told(await ask(project, `${script()}\nx = (`)).length).toBe(2);
    });
  });

  test('are known for notebooks and for files of parameters', async () => {
    const workspace = await five();
    await workspace.use(async (project) => {
      const texts = ['import torch', 'LR = 0.5'];
      const cells = await project.parameterHistory({ path: 'explore.ipynb', texts });
      expect(cells?.parameters.map(({ text, path, current }) => [text, path, current])).toEqual([
        [1, 'LR', 0.001],
      ]);
      const document = await ask(project, yaml(0.001), 'conf/train.yaml');
      expect(document?.parameters.map(({ path, past }) => [path, past.length])).toEqual([
        ['optimizer.lr', 3],
      ]);
    });
  });

  test('are none for what belongs to no version of a model', async () => {
    const workspace = await five();
    workspace.write({ 'cairn.yaml': 'models:\n  digits:\n    code: ["train.py", "conf/**"]\n' });
    await workspace.use(async (project) => {
      for (const path of ['new.py', 'lib.py', 'README.md', 'package.json'])
        expect(await ask(project, 'LR = 1\n', path), path).toBeNull();
      expect(await ask(project, script())).not.toBeNull();
    });
  });

  test('are those of the record where Git has no such file', async () => {
    const workspace = sandbox.repository({
      ...exampleFiles(),
      '.gitignore': 'models/\nlocal/\n',
      'cairn.yaml': 'models:\n  digits:\n    parameters: ["local/params.yaml", "train.py"]\n',
    });
    await workspace.initialize();
    await workspace.use(async (project) => {
      for (const lr of [0.3, 0.2]) {
        workspace.train(lr * 10, lr);
        workspace.write({ 'local/params.yaml': `optimizer:\n  lr: ${lr}\n` });
        await project.commit({ message: `${lr}` });
      }
      const values = await ask(project, 'optimizer:\n  lr: 0.5\n', 'local/params.yaml');
      expect(told(values)).toEqual([
        'optimizer.lr = 0.5 (0.2): v2.1 0.2 → 0.2 (+0), v1.1 0.3 → 0.3 (+0)',
      ]);
    });
  });

  test('follow the history: a new version, one that was withdrawn, a rollback', async () => {
    const workspace = await five();
    await workspace.use(async (project) => {
      await ask(project, script());
      workspace.train(6, 0.97);
      workspace.write({ 'train.py': source({ lr: 0.3, batch: 64 }) });
      await project.commit({ message: 'six' });
      const first = async (settings: Partial<Settings>) =>
        told(await ask(project, script(settings))).at(-1);
      expect(await first({ lr: 0.3 })).toMatch(
        /lr = 0.3 \(0.3\): v6.1 0.3 → 0.97 \(\+\d\), v5.1 0.001/,
      );
      await project.drop({ reference: 'v1' });
      expect(await first({ lr: 0.3 })).not.toMatch(/v1.1/);
      await project.rollback({ reference: 'v2' });
      expect(await first({ lr: 0.01 })).toMatch(/lr = 0.01 \(0.01\): v6.1 0.3/);
    });
  });
});

test('of a long history the newest versions answer first, then all do, the next time at once', async () => {
  const workspace = await five();
  const platform = sandbox.platform();
  const repository = await openRepository(platform, workspace.root);
  const rooms = await openRooms(platform, repository, {});
  const request = { path: 'train.py', texts: [script({ lr: 7 })] };
  const ask = (index: ParameterHistoryIndex) => parameterHistory(rooms, index, request);
  try {
    const index = new ParameterHistoryIndex(rooms, 2);
    const first = await ask(index);
    expect(first?.reading).toEqual({ done: 2, total: 5 });
    expect(told(first)).toEqual(['train.optimizer.lr = 7 (0.001): v5.1 0.001 → 0.95 (+4)']);
    await index.settled();
    const then = await ask(index);
    expect(then?.reading).toBeNull();
    expect(then?.parameters.at(-1)?.past.map(({ value }) => value)).toEqual([0.001, 0.01, 0.1]);
    expect(await ask(new ParameterHistoryIndex(rooms, 2))).toEqual(then);
    const folder = join(rooms.home, 'values');
    const [kept = ''] = readdirSync(folder);
    // Torn, it is not believed.
    writeFileSync(join(folder, kept), readFileSync(join(folder, kept), 'utf8').replace('0.1', '9'));
    const again = new ParameterHistoryIndex(rooms, 2);
    expect((await ask(again))?.reading).not.toBeNull();
    await again.settled();
    expect(await ask(again)).toEqual(then);
    expect(readFileSync(join(folder, kept), 'utf8')).toContain('0.1');
  } finally {
    rooms.history.close();
  }
});

describe('the detail of a parameter', () => {
  test('has every value, best first, how to write it, and what else changed', async () => {
    const workspace = await five();
    await workspace.use(async (project) => {
      const text = script({ lr: 1 }).replace('lr=1)', 'lr=1.0)');
      const offset = text.indexOf('lr=1.0') + 4;
      const request = { path: 'train.py', texts: [text], text: 0 };
      const detail = await project.parameterDetail({ ...request, offset });
      expect(detail).toMatchObject({ path: 'train.optimizer.lr', value: 1, better: 'higher' });
      expect(
        detail?.rows.map(({ written, versions, metric, at, others }) => [
          ...[written, versions.join(), metric, at, others.join()],
        ]),
      ).toEqual([
        [
          '0.001',
          'digits@v5.1,digits@v3.1',
          0.95,
          'digits@v5.1',
          'optimizer.lr,train.model.hidden,explore.ipynb,lib.py',
        ],
        ['0.01', 'digits@v2.1', 0.9, 'digits@v2.1', 'optimizer.lr,train.batch_size,explore.ipynb'],
        ['0.1', 'digits@v1.1', 0.5, 'digits@v1.1', ''],
      ]);
      expect(detail?.points.map(([value]) => value)).toEqual([0.1, 0.01, 0.001, 0.001]);
      const onName = text.indexOf('optimizer =');
      const same = await project.parameterDetail({ ...request, offset: onName });
      expect(same?.path).toBe('train.optimizer.lr');
      expect(await project.parameterDetail({ ...request, offset: 0 })).toBeNull();
    });
  });
});

describe('the versions that changed some lines', () => {
  test('are found from an edited text, through a rename', async () => {
    const workspace = await five();
    await workspace.use(async (project) => {
      const text = `# a line of mine\n${script({ lr: 9 })}`;
      const line = text.split('\n').findIndex((one) => one.includes('lr=')) + 1;
      const request = { path: 'train.py', texts: [text], text: 0, from: line, to: line };
      const history = await project.lineHistory(request);
      expect(
        history?.versions.map(({ record, previous, path, pathBefore, from }) => [
          ...[record.number, previous?.number, path, pathBefore, from],
        ]),
      ).toEqual([
        [3, 2, 'train.py', 'fit.py', 8],
        [2, 1, 'fit.py', 'fit.py', 8],
        [1, undefined, 'fit.py', null, 8],
      ]);
      expect((await project.lineHistory({ ...request, from: 1, to: 1 }))?.versions).toEqual([]);
    });
  });

  test('of a notebook, by the lines of its cells', async () => {
    const source = (text: string) => text.split(/(?<=\n)/);
    const notebook = (lr: number, output: string) =>
      `${JSON.stringify(
        {
          cells: [
            { cell_type: 'markdown', metadata: {}, source: ['# lr\n', 'of it'] },
            { cell_type: 'code', metadata: {}, outputs: [], source: source('import x\n\ny = 1') },
            {
              cell_type: 'code',
              ...{
                metadata: {},
                outputs: [{ text: [output] }],
                source: source(`a = 1\nlr = ${lr}`),
              },
            },
          ],
          ...{ metadata: {}, nbformat: 4, nbformat_minor: 5 },
        },
        null,
        1,
      )}\n`;
    const workspace = sandbox.repository();
    await workspace.initialize();
    await workspace.use(async (project) => {
      for (const [lr, output] of [
        [0.1, 'a'],
        [0.2, 'b'],
        [0.2, 'c'],
      ] as const) {
        workspace.write({ 'explore.ipynb': notebook(lr, output) });
        await project.commit({ message: `${lr} ${output}` });
      }
      const texts = ['import x\n\ny = 1', '# new\na = 1\nlr = 0.3'];
      const asked = async (text: number, line: number) => {
        const request = { path: 'explore.ipynb', texts, text, from: line, to: line };
        const history = await project.lineHistory(request);
        return history?.versions.map(({ record }) => record.number);
      };
      expect(await asked(1, 3)).toEqual([2, 1]);
      expect(await asked(1, 2)).toEqual([1]);
      expect(await asked(0, 3)).toEqual([1]);
      expect(await asked(1, 1)).toEqual([]);
    });
  });
});
