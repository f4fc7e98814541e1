import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { openProject } from '../../src/operations';
import { Sandbox, type Workspace } from '../operations/sandbox';
import { CommandLine, ended } from './commandLine';
import { deep } from './crashSite';

const sandbox = new Sandbox('processes');
let cairn: CommandLine;
beforeAll(async () => {
  cairn = await CommandLine.build(sandbox.directory);
});

const megabytes = 200;
const times = deep ? 200 : 5;
const weights = 'models/digits.safetensors';

describe('a command line that is killed at any moment, working on a large file', () => {
  test('commit', { timeout: 4 * 3_600_000 }, async () => {
    let whole = 0;
    for (let round = 0; round <= times; round += 1) {
      const workspace = sandbox.repository();
      await workspace.initialize();
      large(workspace, round);
      const files = workspace.files([weights]);
      // The first one may live, and tells how long the others have.
      const words = ['commit', '-m', `round ${round}`];
      if (round === 0) whole = await timed(() => succeed(workspace, ...words));
      const at = round === 0 ? whole : await killed(workspace, whole, ...words);
      expect(await soundness(workspace), `killed after ${at} ms`).toEqual([]);
      const { models } = await overview(workspace);
      expect([0, 1], `killed after ${at} ms`).toContain(models[0]?.versions);
      expect(workspace.files([weights]), `killed after ${at} ms`).toEqual(files);
      rmSync(workspace.root, { recursive: true });
    }
  });

  test('rollback', { timeout: 4 * 3_600_000 }, async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    const digests: string[] = [];
    for (const version of [1, 2]) {
      large(workspace, version);
      workspace.write({ 'train.py': `LEARNING_RATE = ${version}\n` });
      digests.push(await digestOf(workspace));
      await succeed(workspace, 'commit', '-m', `version ${version}`);
    }
    const whole = await timed(() => succeed(workspace, 'rollback', '@v1'));
    for (let round = 1; round <= times; round += 1) {
      const target = 1 + (round % 2);
      const at = await killed(workspace, whole, 'rollback', `@v${target}`);
      expect(await soundness(workspace), `killed after ${at} ms`).toEqual([]);
      const found = 1 + digests.indexOf(await digestOf(workspace));
      const told = `killed after ${at} ms on the way to v${target}: the weights are of v${found}`;
      expect([1, 2], told).toContain(found);
      expect(workspace.read('train.py'), told).toBe(`LEARNING_RATE = ${found}\n`);
      expect(Object.keys(workspace.files([weights])).join(), told).not.toContain('.cairn-');
      const { models } = await overview(workspace);
      expect(models[0]?.current, told).toBe(`digits@v${found}.1`);
    }
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
    const project = await openProject(sandbox.platform(), workspace.root);
    const { versions } = await project.log({});
    await project.close();
    expect(versions.map(({ number }) => number)).toEqual([4, 3, 2, 1]);
    expect(versions.map(({ parameters }) => parameters.WHO).sort()).toEqual(writers);
    expect(await soundness(workspace)).toEqual([]);
  });
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

async function soundness(workspace: Workspace): Promise<unknown> {
  const project = await openProject(sandbox.platform(), workspace.root);
  const { problems } = await project.verify({ full: true });
  await project.close();
  return problems;
}

async function overview(workspace: Workspace) {
  const project = await openProject(sandbox.platform(), workspace.root);
  const found = await project.overview();
  await project.close();
  return found;
}
