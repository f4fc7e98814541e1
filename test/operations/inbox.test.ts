import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Project } from '../../src/operations';
import { Sandbox, type Workspace } from './sandbox';
import { python, start, train } from './training';

const sandbox = new Sandbox('inbox');
afterEach(() => sandbox.close());
afterAll(() => rmSync(sandbox.directory, { recursive: true, force: true }));

const fresh = sandbox.once(async () => undefined);

async function opened(): Promise<{ workspace: Workspace; project: Project }> {
  const workspace = await fresh();
  return { workspace, project: await workspace.open() };
}

function inbox(workspace: Workspace): string {
  return join(workspace.root, '.git', 'cairn', 'inbox');
}

/** A run's journal as training code would write it. */
function journal(workspace: Workspace, run: string, lines: readonly (object | string)[]): string {
  const directory = join(inbox(workspace), run);
  mkdirSync(directory, { recursive: true });
  const text = lines.map((line) => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`));
  writeFileSync(join(directory, 'journal.jsonl'), text.join(''));
  return join(directory, 'journal.jsonl');
}

const log = (step: number, values: object, at = 1_795_000_000_000 + step) => ({
  ...{ kind: 'log', at, step, values },
});
const end = { kind: 'end', at: 1_795_000_100_000, state: 'finished' };
const begin = (more: object = {}) => ({
  ...{
    kind: 'start',
    format: 1,
    at: 1_795_000_000_000,
    model: 'digits',
    pid: 1,
    host: 'elsewhere',
  },
  ...more,
});

/** Asks until it is so. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it never came');
    await wait(20);
  }
}

describe('journals', () => {
  test('come in once, in order, and go on where they were left', async () => {
    const { workspace, project } = await opened();
    const file = journal(workspace, 'r1', [
      begin({ parameters: { lr: 0.1, optimizer: { name: 'sgd' } } }),
      log(0, { loss: 2 }),
      log(1, { loss: 'NaN', 'grösse a/b': 'Infinity' }),
      '{"kind":"log","step":2,"val',
    ]);
    expect(await project.takeIn({})).toEqual({ runs: 1, versions: [], refused: [] });
    expect(await project.takeIn({})).toEqual({ runs: 0, versions: [], refused: [] });
    appendFileSync(file, 'ues":{"loss":1}}\n');
    appendFileSync(file, '{"kind":"of another time"}\nno json\n[]\n\n');
    appendFileSync(file, `${JSON.stringify(end)}\n`);
    expect((await project.takeIn({})).runs).toBe(1);
    const { runs } = await project.runs({});
    expect(runs).toMatchObject([
      {
        ...{ id: 'r1', model: 'digits', state: 'finished', step: 2, source: 'cairn' },
        parameters: { lr: 0.1, 'optimizer.name': 'sgd' },
        metrics: { loss: 1, 'grösse a/b': 'Infinity' },
      },
    ]);
    const curves = await project.runCurves({ run: 'r' });
    expect(curves.find(({ name }) => name === 'loss')?.values).toEqual([2, 'NaN', 1]);
  });

  test('of a hundred runs, by two readers at once', async () => {
    const { workspace, project } = await opened();
    for (let run = 0; run < 100; run++) {
      journal(workspace, `r${run}`, [begin(), log(0, { loss: run }), end]);
    }
    const second = await workspace.open();
    const taken = await Promise.all([project.takeIn({}), second.takeIn({}), project.takeIn({})]);
    await project.takeIn({});
    expect(taken.reduce((sum, { runs }) => sum + runs, 0)).toBeLessThanOrEqual(100);
    const { runs, total } = await project.runs({ limit: 100 });
    expect(total).toBe(100);
    for (const { id, metrics } of runs) expect(`r${metrics.loss}`).toBe(id);
    // A beginning that several have names none of them.
    await expect(project.run({ run: 'r' })).rejects.toMatchObject({ code: 'no-such-run' });
  });

  test('with ten thousand names', async () => {
    const { workspace, project } = await opened();
    const values = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`m/${n} ä`, n]));
    journal(workspace, 'many', [begin(), log(0, values), log(1, values), end]);
    await project.takeIn({});
    const { series } = await project.run({ run: 'many' });
    expect(series).toHaveLength(10_000);
    expect(series.every(({ points }) => points === 2)).toBe(true);
    const { runs } = await project.runs({});
    expect(Object.keys(runs[0]?.metrics ?? {})).toHaveLength(200);
  });

  test('whose process is gone have vanished, and may come back', async () => {
    const { workspace, project } = await opened();
    journal(workspace, 'gone', [begin({ pid: 2 ** 22 + 1, host: hostname() }), log(0, { a: 1 })]);
    journal(workspace, 'far', [begin(), log(0, { a: 1 })]);
    await project.takeIn({});
    const states = async () =>
      Object.fromEntries((await project.runs({})).runs.map(({ id, state }) => [id, state]));
    expect(await states()).toEqual({ gone: 'vanished', far: 'running' });
    appendFileSync(join(inbox(workspace), 'gone', 'journal.jsonl'), `${JSON.stringify(end)}\n`);
    await project.takeIn({});
    expect((await states()).gone).toBe('finished');
    await project.deleteRun({ run: 'gone' });
    expect(readdirSync(inbox(workspace))).toEqual(['far']);
    await expect(project.run({ run: 'gone' })).rejects.toMatchObject({ code: 'no-such-run' });
    await expect(project.deleteRun({ run: 'far' })).rejects.toMatchObject({ code: 'run-writing' });
  });

  test('survive a rebuild from nothing', async () => {
    const { workspace, project } = await opened();
    journal(workspace, 'r1', [begin(), log(0, { loss: 1 }), end]);
    await project.takeIn({});
    await project.rebuild();
    expect((await project.runs({})).total).toBe(1);
    expect((await project.verify({ full: true })).problems).toEqual([]);
  });
});

describe.skipIf(python === null)('training processes', () => {
  test('a version has the code of the start, the files of the commit, the metrics until then', async () => {
    const { workspace, project } = await opened();
    workspace.write({ 'train.py': 'LEARNING_RATE = 0.5\n', 'new.py': 'first = 1\n' });
    train(
      workspace,
      `
run = cairn.init("digits", params={"lr": 0.5})
open("train.py", "w").write("later = 1\\n")
open("new.py", "w").write("later = 1\\n")
import shutil
shutil.copy("models/digits.safetensors", "kept")
run.log({"loss": 2.0, "val_accuracy": 0.5}, step=1)
run.log_predictions([0, 1, 1, 0], [0, 1, 0, 0], split="test")
run.log_dataset("data.csv", source="UCI", preprocessing="none")
run.log_predictions([0, 1, 1, 0], [0, 1, 0, 1], split="val")
run.commit("models/digits.safetensors", message="asked for", label="asked", primary=("val_accuracy", "higher"))
run.log_predictions([0, 1, 1, 0], [0, 1, 1, 0], split="val")
open("models/digits.safetensors", "ab").write(b"later")
run.log({"loss": 1.0, "val_accuracy": 0.9}, step=2)
`,
    );
    const { versions, refused } = await project.takeIn({});
    expect({ versions, refused }).toEqual({ versions: ['digits@v1.1'], refused: [] });
    const { version } = await project.show({ reference: 'digits@asked' });
    expect(version).toMatchObject({
      description: 'asked for',
      parameters: { lr: 0.5 },
      metrics: { loss: 2, val_accuracy: 0.5, test_accuracy: 0.75 },
      primary: { metric: 'val_accuracy', better: 'higher' },
      code: {
        as: 'start',
        dirty: true,
        branch: 'main',
        head: workspace.git('rev-parse', 'HEAD').trim(),
      },
      environment: { python: expect.stringMatching(/^3\./) },
      // Those of the primary metric's split, as they were when the version was asked for.
      predictions: { path: 'predictions/val.csv' },
    });
    const [evidence] = (await project.evidence({ sides: ['digits@asked', 'digits@asked'] }))
      .predictions;
    expect(evidence).toMatchObject({ path: 'predictions/val.csv', examples: 4 });
    const kept = readFileSync(join(workspace.root, 'kept'));
    const file = await project.readFile({
      reference: 'digits@asked',
      path: 'models/digits.safetensors',
      limit: 1e6,
    });
    expect(Buffer.from(file ?? []).equals(kept)).toBe(true);
    const code = async (path: string) => {
      const bytes = await project.readFile({ reference: 'digits@asked', path, limit: 1e6 });
      return Buffer.from(bytes ?? []).toString();
    };
    expect(await code('train.py')).toBe('LEARNING_RATE = 0.5\n');
    expect(await code('new.py')).toBe('first = 1\n');
    expect(
      (await project.curves({ reference: 'digits@asked' })).map(({ values }) => values),
    ).toEqual([[2], [0.5]]);
    expect(await project.takeIn({})).toEqual({ runs: 0, versions: [], refused: [] });
    expect((await project.verify({ full: true })).problems).toEqual([]);
    await project.rebuild();
    await project.takeIn({});
    expect((await project.log({})).total).toBe(1);
  });

  test('two at once, one killed in the middle of a line', async () => {
    const { workspace, project } = await opened();
    const endless = `
import time
run = cairn.init("digits", name=NAME)
step = 0
while True:
    run.log({"loss": 1.0 / (step + 1)}, step=step)
    step += 1
    if step == 50:
        print("ready", flush=True)
    time.sleep(0.002)
`;
    await project.commit({ message: 'first' });
    const one = start(workspace, endless.replace('NAME', '"one"'));
    const two = start(workspace, endless.replace('NAME', '"two"'));
    await Promise.all([one.line(), two.line()]);
    const stepOf = async (title: string) => {
      await project.takeIn({});
      return (await project.runs({})).runs.find((run) => run.title === title);
    };
    await until(async () => ((await stepOf('one'))?.step ?? 0) >= 50);
    await until(async () => ((await stepOf('two'))?.step ?? 0) >= 50);
    one.kill('SIGKILL');
    await one.ended;
    const [killed] = (await project.runs({})).runs.filter(({ title }) => title === 'one');
    // What the disk kept of a line that was being written.
    appendFileSync(join(inbox(workspace), killed?.id ?? '', 'journal.jsonl'), '{"kind":"log","st');
    await until(async () => (await stepOf('one'))?.state === 'vanished');
    expect((await stepOf('two'))?.state).toBe('running');
    const going = await stepOf('two');
    await expect(project.rollback({ reference: 'digits@v1' })).rejects.toMatchObject({
      code: 'run-writing',
    });
    await project.stopRun({ run: going?.id ?? '' });
    await two.ended;
    expect((await stepOf('two'))?.state).toBe('stopped');
  });

  test('a label that is taken is refused, and told', async () => {
    const { workspace, project } = await opened();
    await project.commit({ message: 'first', label: 'taken' });
    const create = (more: string) =>
      train(
        workspace,
        `import shutil\nshutil.which = lambda name: None\ncairn.create_version("taken", "models/digits.safetensors"${more})`,
      );
    create(', model="digits"');
    expect(await project.takeIn({})).toMatchObject({
      versions: [],
      refused: [{ why: 'label-taken' }],
    });
    create(', model="digits", update=True, history_path="history.json"');
    expect(await project.takeIn({})).toMatchObject({ versions: ['digits@v1.2'], refused: [] });
    const { version } = await project.show({ reference: 'digits@taken' });
    expect(version.curves?.series.length).toBeGreaterThan(0);
  });
});
