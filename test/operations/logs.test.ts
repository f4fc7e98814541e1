import { appendFileSync, cpSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Project, RunSummary } from '../../src/operations';
import { nodePlatform } from '../../src/platform';
import { Sandbox, type Workspace } from './sandbox';

const sandbox = new Sandbox('logs');
afterEach(() => sandbox.close());
afterAll(() => rmSync(sandbox.directory, { recursive: true, force: true }));

const fresh = sandbox.once(async () => undefined);
const fixtures = join(import.meta.dirname, '../fixtures/imports');
const second = 1_000;

/** A window that is open on a project, and a clock that it can turn on. */
async function opened() {
  const workspace = await fresh();
  let ahead = 0;
  const { clock } = nodePlatform();
  const now = () => new Date(clock.now().getTime() + ahead);
  const platform = sandbox.platform({ clock: { ...clock, now } });
  const project = await workspace.open(platform);
  const pass = (milliseconds: number) => {
    ahead += milliseconds;
  };
  return { workspace, project, pass, now, platform };
}

type Opened = Awaited<ReturnType<typeof opened>>;

/** The window sees that files were written; long enough after the look before. */
async function seen({ project, pass }: Opened, ...changed: string[]): Promise<RunSummary[]> {
  pass(20 * second);
  await project.takeIn({ changed });
  return [...(await project.runs({})).runs];
}

function log(workspace: Workspace, path: string, epochs: number, from = 1): void {
  const rows = Array.from({ length: epochs }, (_, epoch) => `${epoch},${from / (epoch + 1)},NA\n`);
  workspace.write({ [path]: `epoch,loss,val_loss\n${rows.join('')}` });
}

async function lossOf(project: Project, run: string | undefined) {
  const curves = await project.runCurves({ run: run ?? '' });
  return curves.find(({ name }) => name === 'loss')?.values;
}

test('a log that grows is a run that goes on, until it is quiet', async () => {
  const window = await opened();
  const { workspace, project, pass } = window;
  log(workspace, 'out/training.csv', 2);
  expect(await seen(window, 'out/training.csv')).toEqual([]);
  log(workspace, 'out/training.csv', 3);
  const [run, ...others] = await seen(window, 'out/training.csv');
  expect(others).toEqual([]);
  expect(run).toMatchObject({
    ...{ source: 'file', model: 'digits', state: 'running', step: 2, metrics: { loss: 1 / 3 } },
    commit: { guessed: true },
  });
  // What has only part of a line yet is looked at again.
  appendFileSync(join(workspace.root, 'out/training.csv'), '3,0.2');
  log(workspace, 'out/training.csv', 5);
  await seen(window, 'out/training.csv');
  expect(await lossOf(project, run?.id)).toEqual([1, 1 / 2, 1 / 3, 1 / 4, 1 / 5]);
  pass(120 * second);
  const [over] = await seen(window);
  expect(over).toMatchObject({ id: run?.id, state: 'finished' });
  // A training that begins anew writes over it, and is another run from its first epoch on.
  log(workspace, 'out/training.csv', 1, 7);
  const moment = new Date(window.now().getTime() + 20 * second);
  utimesSync(join(workspace.root, 'out/training.csv'), moment, moment);
  const both = await seen(window, 'out/training.csv');
  expect(both.map(({ state }) => state)).toEqual(['running', 'finished']);
  expect((await project.verify({ full: true })).problems).toEqual([]);
});

test('what a checkout, a copy or a person writes is no run', async () => {
  const window = await opened();
  const { workspace } = window;
  cpSync(fixtures, join(workspace.root, 'old'), { recursive: true });
  const events = 'old/tensorboard/plain/events.out.tfevents.1795324522.vm';
  const copied = ['old/keras_log.csv', 'old/lightning_logs/version_0/metrics.csv', events];
  expect(await seen(window, ...copied, 'history.json', 'train.py', '../elsewhere.csv')).toEqual([]);
  workspace.train(2, 0.7);
  expect(await seen(window, 'history.json', 'metrics.json', ...copied)).toEqual([]);
  workspace.write({ 'metrics.csv': 'a,b\n1,2\n', 'results.json': '{"accuracy": 0.5}' });
  expect(await seen(window, 'metrics.csv', 'results.json')).toEqual([]);
});

test('what a rollback and its undo write is no run', async () => {
  const window = await opened();
  const { workspace, project, pass } = window;
  const commit = async (epochs: number) => {
    log(workspace, 'log.csv', epochs);
    workspace.write({ 'metrics.json': JSON.stringify({ epoch: epochs, loss: 1 / epochs }) });
    await project.commit({ message: `${epochs} epochs` });
  };
  await commit(2);
  await commit(5);
  const files = ['log.csv', 'metrics.json'];
  expect(await seen(window, ...files)).toEqual([]);
  await project.rollback({ reference: 'v1' });
  expect(await seen(window, ...files)).toEqual([]);
  await project.undo({});
  await project.takeIn({ changed: ['log.csv'] });
  pass(2 * second);
  await project.takeIn({ changed: files });
  expect((await project.runs({})).runs).toEqual([]);
  // What grows later is one again, and keeps nobody from going back.
  pass(30 * second);
  log(workspace, 'log.csv', 6);
  expect((await seen(window, 'log.csv')).map(({ state }) => state)).toEqual(['running']);
  await project.rollback({ reference: 'v1' });
});

test('two tools that log one training are one run, and a file with one value at a time grows too', async () => {
  const window = await opened();
  const { workspace, project } = window;
  const step = (number: number) => {
    workspace.write({ 'metrics.json': JSON.stringify({ step: number, loss: 10 / number }) });
    log(workspace, 'log.csv', number);
  };
  step(1);
  expect(await seen(window, 'metrics.json')).toEqual([]);
  step(2);
  // Once is what the end of another training looks like.
  expect(await seen(window, 'metrics.json')).toEqual([]);
  step(3);
  await seen(window, 'log.csv', 'metrics.json');
  step(4);
  const runs = await seen(window, 'log.csv', 'metrics.json');
  expect(runs).toHaveLength(1);
  expect(await lossOf(project, runs[0]?.id)).toEqual([10 / 3, 10 / 4]);
});

test('two windows see one run, and import knows it', async () => {
  const window = await opened();
  const { workspace } = window;
  const other = { ...window, project: await workspace.open(window.platform) };
  const path = 'lightning_logs/version_0/metrics.csv';
  workspace.write({ 'lightning_logs/version_0/hparams.yaml': 'rate: 0.5\n' });
  for (const epochs of [1, 2, 3, 4]) {
    log(workspace, path, epochs);
    await seen(window, path);
    await seen(other, path);
  }
  const [run, ...others] = await seen(other);
  expect(others).toEqual([]);
  expect(run).toMatchObject({ source: 'lightning', parameters: { rate: 0.5 }, step: 3 });
  expect(await lossOf(other.project, run?.id)).toHaveLength(4);
  log(workspace, path, 6);
  expect((await other.project.importHistory({})).runs).toBe(1);
  expect((await other.project.importHistory({})).runs).toBe(0);
  expect(await lossOf(other.project, run?.id)).toHaveLength(6);
  expect((await other.project.runs({})).total).toBe(1);
});

test('training code that speaks for itself is the only run', async () => {
  const window = await opened();
  const { workspace } = window;
  const inbox = join(workspace.root, '.git/cairn/inbox/own');
  mkdirSync(inbox, { recursive: true });
  const start = {
    kind: 'start',
    format: 1,
    at: Date.now(),
    root: workspace.root,
    pid: process.pid,
  };
  const host = (await import('node:os')).hostname();
  appendFileSync(join(inbox, 'journal.jsonl'), `${JSON.stringify({ ...start, host })}\n`);
  await seen(window);
  for (const epochs of [1, 2, 3]) {
    log(workspace, 'log.csv', epochs);
    expect((await seen(window, 'log.csv')).map(({ id }) => id)).toEqual(['own']);
  }
});
