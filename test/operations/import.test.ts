import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { Sandbox, type Workspace } from './sandbox';

const sandbox = new Sandbox('import');
afterEach(() => sandbox.close());
afterAll(() => rmSync(sandbox.directory, { recursive: true, force: true }));

const fresh = sandbox.once(async () => undefined);
const fixtures = join(import.meta.dirname, '../fixtures/imports');

/** A file store as MLflow 2 writes it. */
function mlruns(workspace: Workspace, commit: string): void {
  const run = 'a'.repeat(32);
  const gone = 'b'.repeat(32);
  const meta = (id: string, stage: string) =>
    `artifact_uri: x\nend_time: 1760000100000\nentry_point_name: ''\nexperiment_id: '0'\nlifecycle_stage: ${stage}\nrun_id: ${id}\nrun_name: bold-fox-1\nstart_time: 1760000000000\nstatus: 4\nuser_id: ada\n`;
  workspace.write({
    'mlruns/0/meta.yaml': 'experiment_id: "0"\nname: Default\n',
    [`mlruns/0/${run}/meta.yaml`]: meta(run, 'active'),
    [`mlruns/0/${run}/metrics/val/loss`]:
      '1760000000000 0.5 0\n1760000001000 nan 1\n1760000002000 0.25 2\n',
    [`mlruns/0/${run}/params/lr`]: '0.1',
    [`mlruns/0/${run}/params/optimizer`]: 'sgd',
    [`mlruns/0/${run}/tags/mlflow.source.git.commit`]: commit,
    [`mlruns/0/${run}/tags/mlflow.runName`]: 'bold-fox-1',
    [`mlruns/0/${gone}/meta.yaml`]: meta(gone, 'deleted'),
    'mlruns/models/digits/meta.yaml': 'name: digits\n',
    'mlruns/models/digits/version-3/meta.yaml': `name: digits\nversion: '3'\ncurrent_stage: Production\nrun_id: ${run}\n`,
    'mlruns/models/digits/aliases/champion': '3',
    'mlruns/models/digits/version-4/meta.yaml': `name: digits\nversion: '4'\nrun_id: ${gone}\n`,
    'mlruns/models/digits/version-5/meta.yaml': `name: digits\nversion: '5'\nrun_id: ''\nsource: models:/m-${'9'.repeat(32)}\n`,
    [`mlruns/0/models/m-${'9'.repeat(32)}/meta.yaml`]: `source_run_id: ${run}\n`,
    'mlruns/models/digits/version-6/meta.yaml': 'a: [\n',
  });
}

/** The tables of MLflow's SQLite store that are read. */
function mlflowDatabase(path: string): void {
  const database = new Database(path);
  database.exec(`
    CREATE TABLE runs (run_uuid TEXT, name TEXT, status TEXT, start_time BIGINT, end_time BIGINT, lifecycle_stage TEXT, artifact_uri TEXT, experiment_id INTEGER);
    CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN);
    CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
    CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
    CREATE TABLE model_versions (name TEXT, version INTEGER, current_stage TEXT, run_id TEXT);
    CREATE TABLE registered_model_aliases (name TEXT, alias TEXT, version INTEGER);
    INSERT INTO runs VALUES ('${'c'.repeat(32)}', 'sql run', 'FINISHED', 1760000000000, 1760000100000, 'active', '', 0);
    INSERT INTO runs VALUES ('${'d'.repeat(32)}', 'gone', 'FINISHED', 1760000000000, NULL, 'deleted', '', 0);
    INSERT INTO metrics VALUES ('loss', 0.5, 1760000000000, '${'c'.repeat(32)}', 0, 0), ('loss', 0, 1760000001000, '${'c'.repeat(32)}', 1, 1),
      ('loss', 1.7976931348623157e308, 1760000002000, '${'c'.repeat(32)}', 2, 0);
    INSERT INTO params VALUES ('layers', '2', '${'c'.repeat(32)}'), ('flag', 'True', '${'c'.repeat(32)}');
    INSERT INTO model_versions VALUES ('digits', 1, 'Staging', '${'c'.repeat(32)}');
    INSERT INTO registered_model_aliases VALUES ('digits', 'best', 1);`);
  database.close();
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
const field = (number: number, payload: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(payload as string);
  return Buffer.concat([
    Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]),
    bytes,
  ]);
};
const integer = (number: number, value: number) =>
  Buffer.from([...varint(number << 3), ...varint(value)]);
const item = (key: string, json: string) =>
  field(1, Buffer.concat([field(1, key), field(16, json)]));

/** A W&B log: LevelDB's format with protobuf records, one of them longer than a block. */
function wandbLog(): Buffer {
  const note = 'x'.repeat(50_000);
  const run = field(
    17,
    Buffer.concat([
      field(8, 'bright-sun'),
      field(4, item('lr', '0.01')),
      field(17, integer(1, 1_760_000_000)),
      field(21, field(2, 'e'.repeat(40))),
    ]),
  );
  const history = (step: number, loss: string) =>
    field(
      2,
      Buffer.concat([
        item('loss', loss),
        item('_step', String(step)),
        item('_timestamp', String(1_760_000_000 + step)),
        item('note', JSON.stringify(note)),
      ]),
    );
  const records = [run, history(0, '2.5'), history(1, 'NaN'), field(18, integer(1, 0))];
  let out = Buffer.from([0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0]);
  for (const whole of records) {
    let rest = whole;
    for (let first = true; rest.length > 0 || first; first = false) {
      const left = 32_768 - (out.length % 32_768);
      if (left < 7) {
        out = Buffer.concat([out, Buffer.alloc(left)]);
        first = rest === whole;
        continue;
      }
      const piece = rest.subarray(0, left - 7);
      rest = rest.subarray(piece.length);
      const begins = piece.length + rest.length === whole.length;
      const type = begins ? (rest.length === 0 ? 1 : 2) : rest.length === 0 ? 4 : 3;
      const head = Buffer.alloc(7);
      head.writeUInt16LE(piece.length, 4);
      head[6] = type;
      out = Buffer.concat([out, head, piece]);
      if (rest.length === 0) break;
    }
  }
  return out;
}

async function everything(): Promise<Workspace> {
  const workspace = await fresh();
  const head = workspace.git('rev-parse', 'HEAD').trim();
  cpSync(fixtures, join(workspace.root, 'old'), { recursive: true });
  mlruns(workspace, head);
  mlflowDatabase(join(workspace.root, 'mlflow.db'));
  workspace.write({
    'wandb/offline-run-20251009_090000-abc123/files/config.yaml':
      'lr:\n  value: 0.02\n_wandb:\n  value:\n    x: 1\n',
    'wandb/offline-run-20251009_090000-abc123/run-abc123.wandb': wandbLog(),
    'wandb/run-20251009_100000-summary/files/wandb-summary.json': '{"acc": 0.9, "_runtime": 3}',
    'wandb/run-20251009_100000-summary/files/wandb-metadata.json': '{"program": "train.py"}',
    'dvclive/metrics.json': '{"train": {"loss": 0.1}, "step": 2}',
    'dvclive/params.yaml': 'lr: 0.3\n',
    'dvclive/plots/metrics/train/loss.tsv': 'step\tloss\n0\t0.5\n1\t0.2\n2\t0.1\n',
  });
  workspace.git('tag', 'digits@v1.0.0');
  workspace.git('tag', 'digits#prod#1');
  const blob = (text: string) => {
    writeFileSync(join(sandbox.directory, 'blob'), text);
    return workspace.git('hash-object', '-w', join(sandbox.directory, 'blob')).trim();
  };
  mkdirSync(join(sandbox.directory, 'trees'), { recursive: true });
  const index = { GIT_INDEX_FILE: join(sandbox.directory, 'trees', `index-${Math.random()}`) };
  Object.assign(sandbox.environment, index);
  workspace.git(
    'update-index',
    '--add',
    '--cacheinfo',
    `100644,${blob('{"loss": 0.7, "step": 4}')},dvclive/metrics.json`,
  );
  workspace.git('update-index', '--add', '--cacheinfo', `100644,${blob('lr: 0.7\n')},params.yaml`);
  const tree = workspace.git('write-tree').trim();
  sandbox.environment.GIT_INDEX_FILE = undefined;
  const experiment = workspace.git('commit-tree', tree, '-p', head, '-m', 'exp').trim();
  workspace.git(
    'update-ref',
    `refs/exps/${head.slice(0, 2)}/${head.slice(2)}/lucky-owl`,
    experiment,
  );
  return workspace;
}

describe('import', () => {
  test('brings in what other tools left, once, and leaves it as it was', async () => {
    const workspace = await everything();
    const before = workspace.files();
    const project = await workspace.open();
    const looked = await project.importHistory({ dryRun: true });
    expect(looked.runs).toBe(0);
    const { sources, runs } = await project.importHistory({});
    const counts = Object.fromEntries(
      sources.map(({ tool, path, imported }) => [`${tool} ${path}`, imported]),
    );
    expect(counts).toEqual({
      'dvc refs/exps': 1,
      'dvclive dvclive': 1,
      'gto refs/tags': 0,
      'huggingface old': 1,
      'lightning old': 1,
      'mlflow mlflow.db': 1,
      'mlflow mlruns': 1,
      'tensorboard old': 3,
      'wandb old/wandb': 1,
      'wandb wandb': 2,
    });
    expect(runs).toBe(12);
    expect(workspace.files()).toEqual(before);
    const again = await project.importHistory({});
    expect(again.runs).toBe(0);
    expect(again.sources.reduce((sum, { known }) => sum + known, 0)).toBe(12);
    const leftOut = sources.flatMap((source) => source.leftOut.map(({ why }) => why));
    expect(leftOut).toContain('they were deleted there');
    expect(leftOut).toContain('it was deleted there, or has no meta.yaml');
    expect(leftOut).toContain(`its run ${'b'.repeat(32)} is not here`);
    expect(sources.find(({ tool }) => tool === 'gto')?.leftOut).toEqual([]);
    expect((await project.verify({ full: true })).problems).toEqual([]);
  });

  test('with parameters, metrics by step, states, tags and commits', async () => {
    const workspace = await everything();
    const head = workspace.git('rev-parse', 'HEAD').trim();
    const project = await workspace.open();
    await project.importHistory({});
    const all = (await project.runs({})).runs;
    const detail = async (source: string, title?: string) => {
      const run = all.find(
        (one) => one.source === source && (title === undefined || one.title === title),
      );
      const details = await project.run({ run: run?.id ?? '' });
      return { ...details.record, curves: await project.runCurves({ run: run?.id ?? '' }) };
    };
    expect(await detail('mlflow', 'bold-fox-1')).toMatchObject({
      ...{ state: 'failed', startedAt: '2025-10-09T08:53:20.000Z' },
      parameters: { lr: 0.1, optimizer: 'sgd' },
      tags: {
        'registered model': 'digits v3 Production @champion, digits v5',
        gto: 'digits at prod, digits v1.0.0',
      },
      commit: { oid: head, guessed: false },
      curves: [{ name: 'val/loss', steps: [0, 1, 2], values: [0.5, 'NaN', 0.25] }],
    });
    expect(await detail('mlflow', 'sql run')).toMatchObject({
      parameters: { layers: 2, flag: true },
      tags: { 'registered model': 'digits v1 Staging @best' },
      curves: [{ name: 'loss', values: [0.5, 'NaN', 'Infinity'] }],
    });
    expect(await detail('wandb', 'bright-sun')).toMatchObject({
      ...{
        state: 'finished',
        parameters: { lr: 0.01 },
        commit: { oid: 'e'.repeat(40), guessed: false },
      },
      curves: [{ name: 'loss', steps: [0, 1], values: [2.5, 'NaN'] }],
    });
    expect(await detail('wandb', 'run-20251009_100000-summary')).toMatchObject({
      ...{ state: 'vanished', command: ['train.py'], curves: [{ name: 'acc', values: [0.9] }] },
    });
    expect(await detail('dvclive')).toMatchObject({
      ...{ parameters: { lr: 0.3 }, commit: { oid: head, guessed: true } },
      curves: [{ name: 'train/loss', steps: [0, 1, 2], values: [0.5, 0.2, 0.1] }],
    });
    expect(await detail('dvc', 'lucky-owl')).toMatchObject({
      ...{ parameters: { lr: 0.7 }, commit: { oid: head, guessed: false } },
      curves: [{ name: 'loss', steps: [4], values: [0.7] }],
    });
    const lightning = await detail('lightning');
    expect(lightning.parameters).toEqual({ rate: 0.1 });
    expect(lightning.curves.map(({ name, steps }) => [name, steps.length])).toEqual([
      ['train_loss_epoch', 2],
      ['train_loss_step', 4],
    ]);
    const real = all.find(({ origin }) => origin?.startsWith('old/wandb'));
    expect(real).toMatchObject({
      ...{ title: 'brave-sun', state: 'finished', step: 3 },
      parameters: { lr: 0.01, layers: [8, 4], 'opt.name': 'sgd' },
      metrics: { loss: 'NaN', 'val/acc': 0.7, 'nested.a': 2 },
    });
    expect(await detail('tensorboard', 'old/tensorboard/torch')).toMatchObject({
      parameters: { lr: 0.2, layers: 3 },
      curves: [{ name: 'a/loss', steps: [0, 1, 2] }, { name: 'hparam/acc' }],
    });
    const trainer = await detail('huggingface');
    expect(trainer.curves.find(({ name }) => name === 'loss')?.steps).toEqual([2, 4]);
  });

  test('a run that grew is brought in anew, and one that was deleted stays away', async () => {
    const workspace = await everything();
    const project = await workspace.open();
    await project.importHistory({});
    const [run] = (await project.runs({})).runs.filter(({ title }) => title === 'bold-fox-1');
    const file = `mlruns/0/${'a'.repeat(32)}/metrics/val/loss`;
    workspace.write({ [file]: `${workspace.read(file)}1760000003000 0.1 3\n` });
    expect((await project.importHistory({})).runs).toBe(1);
    expect((await project.runCurves({ run: run?.id ?? '' }))[0]?.steps).toEqual([0, 1, 2, 3]);
    await project.deleteRun({ run: run?.id ?? '' });
    workspace.write({ [file]: `${workspace.read(file)}1760000004000 0.1 4\n` });
    expect((await project.importHistory({ path: 'mlruns' })).runs).toBe(0);
    await expect(project.importHistory({ path: 'nowhere' })).rejects.toMatchObject({
      code: 'no-such-file',
    });
  });
});

test('results of DVC pipelines come commit by commit, with what their stages ran with', async () => {
  const workspace = await fresh();
  const commit = (name: string, files: Record<string, string>) => {
    workspace.write(files);
    workspace.git('add', '-A');
    workspace.git('commit', '-q', '-m', name);
    return workspace.git('rev-parse', 'HEAD').trim();
  };
  const lock = (rate: number) =>
    `schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    params:\n      params.yaml:\n        train.rate: ${rate}\n    outs:\n    - path: model.pkl\n      md5: ${'a'.repeat(31)}${rate * 10}\n`;
  const first = commit('one', {
    'dvc.yaml':
      'stages:\n  train:\n    cmd: python train.py\n    params: [train.rate]\n    metrics:\n    - out/scores.yaml:\n        cache: false\n  each:\n    foreach: [1]\n    do: {cmd: x, metrics: ["$' +
      '{item}.json"]}\nplots:\n- out/curve.csv:\n    x: step\n- out/confusion.csv\n',
    'dvc.lock': lock(0.1),
    'params.yaml': 'train:\n  rate: 0.5\n  epochs: 3\n',
    'out/scores.yaml': 'test:\n  accuracy: 0.5\n  name: x\n',
    'out/curve.csv': 'step,loss\n0,2\n1,1\n',
    'out/confusion.csv': 'actual,predicted\n1,0\n',
  });
  commit('another file', { 'notes.md': 'x' });
  const third = commit('better', {
    'dvc.lock': lock(0.2),
    'out/scores.yaml': 'test:\n  accuracy: 0.75\n',
  });
  workspace.git('tag', '-a', '-m', 'x', 'digits@v1.0.0', first);
  workspace.git('tag', 'digits@v2.0.0#1', first);
  workspace.git('tag', 'digits@v2.0.0!#2', first);
  workspace.git('tag', 'digits#prod#1', first);
  workspace.git('tag', 'digits#prod#2', third);
  workspace.git('tag', 'digits#dev#3', third);
  workspace.git('tag', 'digits#dev!#4', third);
  workspace.git('tag', 'other@v0.1.0', `${third}~1`);
  const project = await workspace.open();
  const { sources } = await project.importHistory({});
  expect(sources.map(({ tool, path, imported }) => [tool, path, imported])).toEqual([
    ['dvc', 'dvc.yaml', 2],
    ['gto', 'refs/tags', 0],
  ]);
  expect(sources[1]?.leftOut).toMatchObject([{ what: 'other v0.1.0' }]);
  expect((await project.importHistory({})).runs).toBe(0);
  const { runs } = await project.runs({});
  const of = (oid: string) => runs.find((run) => run.commit?.oid === oid);
  expect(of(first)).toMatchObject({
    ...{ parameters: { 'train.rate': 0.1, 'train.epochs': 3 }, commit: { guessed: false } },
    metrics: { 'test.accuracy': 0.5, loss: 1 },
    tags: { gto: 'digits was at prod, digits v1.0.0', 'output model.pkl': expect.any(String) },
  });
  expect(of(third)).toMatchObject({
    metrics: { 'test.accuracy': 0.75 },
    tags: { gto: 'digits at prod' },
  });
  workspace.git('tag', 'digits#dev#5', third);
  expect((await project.importHistory({})).runs).toBe(1);
});

test('an MLflow database of an old release, and a damaged one', async () => {
  const workspace = await fresh();
  const path = join(workspace.root, 'old/mlflow.db');
  mkdirSync(join(workspace.root, 'old'));
  const database = new Database(path);
  database.exec(`
    CREATE TABLE runs (run_uuid TEXT, name TEXT, status TEXT, start_time BIGINT, end_time BIGINT, lifecycle_stage TEXT);
    CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT);
    CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
    CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
    CREATE TABLE model_versions (name TEXT, version INTEGER);
    INSERT INTO runs VALUES ('${'c'.repeat(32)}', 'old', 'RUNNING', 1500000000000, NULL, 'active');
    INSERT INTO metrics VALUES ('loss', 0.5, 1500000000000, '${'c'.repeat(32)}'), ('loss', 0.25, 1500000001000, '${'c'.repeat(32)}');
    INSERT INTO metrics VALUES (NULL, 1, 1, '${'c'.repeat(32)}'), ('odd', 'text', 'x', '${'c'.repeat(32)}');
    INSERT INTO params VALUES (NULL, x'ff00', '${'c'.repeat(32)}');
    INSERT INTO runs VALUES (NULL, 5, 7, 'x', 'y', 'active');
    INSERT INTO model_versions VALUES ('digits', 1);`);
  database.close();
  workspace.write({ 'damaged/mlflow.db': workspace.bytes('old/mlflow.db').subarray(0, 5000) });
  workspace.write({ 'none/mlflow.db': 'no database' });
  const project = await workspace.open();
  const { sources } = await project.importHistory({});
  expect(sources.map(({ path: where, imported }) => [where, imported])).toEqual([
    ['damaged/mlflow.db', 0],
    ['none/mlflow.db', 0],
    ['old/mlflow.db', 1],
  ]);
  expect(sources.flatMap(({ leftOut }) => leftOut.map(({ what }) => what))).toEqual([
    ...['damaged/mlflow.db', 'none/mlflow.db', 'registered model digits v1'],
  ]);
  const [run] = (await project.runs({})).runs;
  expect(run).toMatchObject({ state: 'vanished', metrics: { loss: 0.25 }, source: 'mlflow' });
});

test('what is damaged leaves out no more than itself', async () => {
  const workspace = await fresh();
  const state =
    '{"global_step": 5, "log_history": [{"step": 5, "loss": NaN}, null, {"loss": "x"}]}';
  const wandb = 'wandb/run-20260101_000000-';
  workspace.write({
    'a/checkpoint-5/trainer_state.json': state,
    'a/checkpoint-10/trainer_state.json': state.slice(0, 50),
    'b/checkpoint-5/trainer_state.json': '{"log_history": null}',
    'c/metrics.csv': '\ufeffepoch;loss;val\r\n0;1,5;\r\n1;0,5;nan\r\n',
    'c/hparams.yaml': 'a: [',
    'd/metrics.json': '{"loss": NaN, "step": 3}',
    'd/plots/metrics/bad.tsv': '',
    'd/plots/metrics/loss.tsv': 'step\tloss\n0\t1\n',
    [`${wandb}bad/files/config.yaml`]: 'a: [',
    [`${wandb}good/files/wandb-summary.json`]: '{"acc": 0.5, "n": NaN}',
    [`mlruns/0/${'b'.repeat(32)}/meta.yaml`]: '',
  });
  const project = await workspace.open();
  const { sources } = await project.importHistory({});
  expect(sources.map(({ path, imported, leftOut }) => [path, imported, leftOut.length])).toEqual([
    ...[
      ['a', 1, 0],
      ['b', 0, 1],
      ['c', 1, 0],
      ['d', 1, 0],
      ['mlruns', 0, 1],
      ['wandb', 1, 1],
    ],
  ]);
  const { runs } = await project.runs({});
  expect(runs.find(({ origin }) => origin === 'c')?.metrics).toEqual({ loss: 0.5, val: 'NaN' });
});
