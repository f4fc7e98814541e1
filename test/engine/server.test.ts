import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineServer } from '../../src/engine/server';
import type { CommitResult, InitializeResult } from '../../src/operations';
import { nodePlatform } from '../../src/platform';
import type { EngineQuestion, EngineReply, OpenedProject } from '../../src/wire/engine';

let folder: string;
let replies: EngineReply[];
let server: EngineServer;
let nextId = 1;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cairn-engine-'));
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: folder });
  mkdirSync(path.join(folder, 'models'));
  writeFileSync(path.join(folder, 'train.py'), 'LEARNING_RATE = 0.1\n');
  writeFileSync(path.join(folder, 'metrics.json'), '{"val_accuracy": 0.9}');
  writeFileSync(path.join(folder, 'models', 'digits.npy'), npy());
  replies = [];
  server = new EngineServer(nodePlatform(), (reply) => replies.push(structuredClone(reply)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A NumPy array of three bytes. */
function npy(): Buffer {
  const header = `${"{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }".padEnd(117)}\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  return Buffer.concat([start, Buffer.from(header, 'latin1'), Buffer.from([1, 2, 3])]);
}

type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never;

/** The one reply to a question that is not progress. */
async function ask(question: WithoutId<EngineQuestion>): Promise<EngineReply> {
  const id = nextId++;
  server.receive({ ...question, id });
  for (;;) {
    const reply = replies.find((one) => one.id === id && one.kind !== 'progress');
    if (reply !== undefined) return reply;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function answerTo<T>(question: WithoutId<EngineQuestion>): Promise<T> {
  const reply = await ask(question);
  if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply));
  return reply.answer as T;
}

test('a project is made, opened, committed to and closed by letters alone', async () => {
  const made = await answerTo<InitializeResult>({
    kind: 'initialize',
    directory: folder,
    options: {},
  });
  expect(made.created).toBe(true);
  const { project } = await answerTo<OpenedProject>({
    kind: 'open',
    directory: folder,
    readOnly: false,
  });
  const call = (verb: string, request: unknown) => ask({ kind: 'call', project, verb, request });
  const { version } = await answerTo<CommitResult>({
    kind: 'call',
    project,
    verb: 'commit',
    request: { message: 'first' },
  });
  expect(version).toMatchObject({ number: 1, metrics: { val_accuracy: 0.9 } });
  expect(await call('show', { reference: '@v9' })).toMatchObject({
    kind: 'failure',
    code: 'no-such-version',
  });
  expect(await call('rebuild', undefined)).toMatchObject({ answer: { versions: 1 } });
  expect(await call('overview', undefined)).toMatchObject({ kind: 'answer' });
  expect(await call('toString', undefined)).toMatchObject({ kind: 'bug' });
  expect(await call('close', undefined)).toMatchObject({ kind: 'bug' });
  await answerTo({ kind: 'close', project });
  expect(await call('stamp', undefined)).toMatchObject({ kind: 'bug' });
});

test('what is called off before it begins ends as cancelled', async () => {
  const { project } = await answerTo<OpenedProject>({
    kind: 'open',
    directory: folder,
    readOnly: false,
  });
  const id = nextId;
  const asked = ask({ kind: 'call', project, verb: 'verify', request: { full: true } });
  server.receive({ kind: 'cancel', id });
  expect((await asked).kind).toBe('cancelled');
  await answerTo({ kind: 'close', project });
});

test('a folder that is no project is a failure and not a bug', async () => {
  const other = mkdtempSync(path.join(tmpdir(), 'cairn-none-'));
  try {
    const reply = await ask({ kind: 'open', directory: other, readOnly: false });
    expect(reply).toMatchObject({ kind: 'failure', code: 'not-a-repository' });
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});
