import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Project } from '../../src/operations';
import { Sandbox, type Workspace } from '../operations/sandbox';
import { CommandLine, ended } from './commandLine';
import { deep } from './crashSite';

const sandbox = new Sandbox('processes');
let cairn: CommandLine;
beforeAll(async () => {
  cairn = await CommandLine.build(sandbox.directory);
});

const megabytes = deep ? 200 : 48;
const times = deep ? 200 : 10;
/** Between two looks at every byte of all versions, which grow in number. */
const between = deep ? 25 : 10;
const weights = 'models/digits.safetensors';
const patience = { timeout: deep ? 4 * 3_600_000 : 240_000 };

/** One round of a verb that may be killed: what is made ready, what runs, and what must hold after. */
interface Round {
  readonly words: readonly string[];
  readonly holds: (told: string) => Promise<void>;
}

/** Lets a verb end once, to know how long it takes, then kills it again and again. */
async function killAgain(
  workspace: Workspace,
  round: (number: number) => Promise<Round>,
): Promise<void> {
  const first = await round(0);
  const whole = await timed(() => succeed(workspace, ...first.words));
  await first.holds('not killed');
  for (let number = 1; number <= times; number += 1) {
    const { words, holds } = await round(number);
    const at = await killed(workspace, whole, ...words);
    const told = `round ${number}, killed after ${at} ms`;
    expect(await soundness(workspace, number % between === 0), told).toEqual([]);
    expect(Object.keys(workspace.files([weights])).join(), told).not.toContain('.cairn-');
    await holds(told);
  }
}

/** A project with two versions of large weights; `digests` are theirs. */
async function twoLarge(): Promise<{ workspace: Workspace; digests: string[] }> {
  const workspace = sandbox.repository();
  await workspace.initialize();
  const digests: string[] = [];
  for (const version of [1, 2]) {
    large(workspace, version);
    workspace.write({ 'train.py': `LEARNING_RATE = ${version}\n` });
    digests.push(await digestOf(workspace));
    await succeed(workspace, 'commit', '-m', `version ${version}`);
  }
  return { workspace, digests };
}

describe('a command line that is killed at any moment, working on a large file', () => {
  test('commit', patience, async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    await killAgain(workspace, async (number) => {
      large(workspace, number);
      const files = workspace.files([weights]);
      const before = (await overview(workspace)).models[0]?.versions ?? 0;
      return {
        words: ['commit', '-m', `round ${number}`],
        holds: async (told) => {
          const after = (await overview(workspace)).models[0]?.versions;
          expect([before, before + 1], told).toContain(after);
          expect(workspace.files([weights]), told).toEqual(files);
        },
      };
    });
  });

  test('update', patience, async () => {
    const { workspace } = await twoLarge();
    const revisions = () => use(workspace, (project) => project.revisions({ reference: 'v1' }));
    await killAgain(workspace, async (number) => {
      large(workspace, 10 + number);
      const before = (await revisions()).length;
      return {
        words: ['update', 'v1', '--file', weights, '--reason', `round ${number}`],
        holds: async (told) =>
          expect([before, before + 1], told).toContain((await revisions()).length),
      };
    });
  });

  test('rollback, and its undo', patience, async () => {
    const { workspace, digests } = await twoLarge();
    const standsAtOne = async (told: string) => {
      const found = 1 + digests.indexOf(await digestOf(workspace));
      expect([1, 2], `${told}: the weights are of v${found}`).toContain(found);
      expect(workspace.read('train.py'), told).toBe(`LEARNING_RATE = ${found}\n`);
      const { models } = await overview(workspace);
      expect(models[0]?.current, told).toBe(`digits@v${found}.1`);
    };
    await killAgain(workspace, async (number) => {
      const { models } = await overview(workspace);
      const other = models[0]?.current === 'digits@v1.1' ? 'v2' : 'v1';
      const words = number % 2 === 0 ? ['rollback', `@${other}`] : ['undo'];
      return { words, holds: standsAtOne };
    });
  });

  test('drop, and its undo', patience, async () => {
    const { workspace } = await twoLarge();
    const versions = () => use(workspace, (project) => project.log({}));
    await killAgain(workspace, async () => {
      const { total } = await versions();
      return {
        words: total === 2 ? ['drop', 'v2', '--reason', 'no'] : ['undo'],
        holds: async (told) => expect([1, 2], told).toContain((await versions()).total),
      };
    });
  });

  test('rebuild', patience, async () => {
    const { workspace } = await twoLarge();
    await killAgain(workspace, async () => ({
      words: ['rebuild'],
      holds: async (told) => {
        const { total } = await use(workspace, (project) => project.log({}));
        expect(total, told).toBe(2);
      },
    }));
  });
});

describe('processes that write at the same time', () => {
  test('each gets a number of its own, and nothing is lost', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    const writers = [1, 2, 3, 4];
    const children = writers.map((who) =>
      cairn.start(workspace, 'commit', '-m', `by ${who}`, '--param', `WHO=${who}`, '--allow-empty'),
    );
    for (const { exitCode, stderr } of await Promise.all(children.map(ended))) {
      expect(stderr).not.toContain('bug');
      expect(exitCode).toBe(0);
    }
    const { versions } = await use(workspace, (project) => project.log({}));
    expect(versions.map(({ number }) => number)).toEqual([4, 3, 2, 1]);
    expect(versions.map(({ parameters }) => parameters.WHO).sort()).toEqual(writers);
    expect(await soundness(workspace)).toEqual([]);
  });
});

test('where no file can grow, all can be looked at, and what would write says why it cannot', async () => {
  const workspace = sandbox.repository();
  await workspace.initialize();
  await succeed(workspace, 'commit', '-m', 'first');
  for (const words of [['log'], ['show', 'v1'], ['verify'], ['operations']]) {
    const { exitCode, stderr } = await ended(cairn.startWithoutSpace(workspace, ...words));
    expect([exitCode, stderr], words.join(' ')).toEqual([0, '']);
  }
  workspace.write({ 'train.py': 'LEARNING_RATE = 9\n' });
  for (const words of [['commit', '-m', 'second'], ['rollback', 'v1'], ['rebuild']]) {
    const { exitCode, stderr } = await ended(cairn.startWithoutSpace(workspace, ...words));
    expect([exitCode, stderr], words.join(' ')).toEqual([
      5,
      expect.stringContaining('Free some space'),
    ]);
  }
  expect(workspace.read('train.py')).toBe('LEARNING_RATE = 9\n');
  expect(await soundness(workspace)).toEqual([]);
  await succeed(workspace, 'commit', '-m', 'second');
});

/** A safetensors file of the size, different in every version; most of it is never changed. */
function large(workspace: Workspace, version: number): void {
  const bytes = megabytes * 1024 * 1024;
  const header = Buffer.from(
    JSON.stringify({ weight: { dtype: 'U8', shape: [bytes], data_offsets: [0, bytes] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  workspace.write({ [weights]: '' });
  const file = openSync(join(workspace.root, weights), 'w');
  writeSync(file, Buffer.concat([length, header]));
  const piece = Buffer.alloc(1024 * 1024, `${version} of the weights, `);
  for (let done = 0; done < megabytes; done += 1) writeSync(file, piece);
  closeSync(file);
}

async function digestOf(workspace: Workspace): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(workspace.root, weights)), hash);
  return hash.digest('hex');
}

async function succeed(workspace: Workspace, ...words: string[]): Promise<void> {
  const { exitCode, stderr } = await cairn.run(workspace, ...words);
  expect(exitCode, stderr).toBe(0);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Starts a command and kills it within the time that it needs; the milliseconds that it had. */
async function killed(workspace: Workspace, whole: number, ...words: string[]): Promise<number> {
  const child = cairn.start(workspace, ...words);
  const end = ended(child);
  const at = Math.random() * whole * 1.1;
  const timer = setTimeout(() => child.kill('SIGKILL'), at);
  await end;
  clearTimeout(timer);
  return Math.round(at);
}

async function soundness(workspace: Workspace, full = true): Promise<unknown> {
  return use(workspace, async (project) => (await project.verify({ full })).problems);
}

function overview(workspace: Workspace) {
  return use(workspace, (project) => project.overview());
}

function use<T>(workspace: Workspace, work: (project: Project) => Promise<T>): Promise<T> {
  return workspace.use(work, sandbox.platform());
}
