import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../src/core/failure';
import { nodePlatform, type ProcessRequest } from '../../src/platform';
import { FaultySeam, ProcessKilled, thrownBy } from './faultySeam';
import { freshPath, scratchDirectory } from './scratch';

const root = scratchDirectory('processes');
const { processes, clock } = nodePlatform();

function request(
  command: string,
  args: readonly string[],
  more: Partial<ProcessRequest> = {},
): ProcessRequest {
  const { PATH } = process.env;
  return {
    command,
    arguments: args,
    directory: root,
    environment: { PATH },
    writes: false,
    ...more,
  };
}

const node = (script: string, more: Partial<ProcessRequest> = {}) =>
  request(process.execPath, ['-e', script], more);
const shell = (script: string, more: Partial<ProcessRequest> = {}) =>
  request('sh', ['-c', script], more);

async function isAlive(pid: number): Promise<boolean> {
  // A zombie that waits for its parent is dead enough.
  const status = await fs.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone) Z');
  return !/\) [ZX]/.test(status);
}

describe.concurrent('running a process', () => {
  it('gives its exit code, its output and its errors', async () => {
    const result = await processes.run(shell('echo out; echo err >&2; exit 3'));
    expect(result).toEqual({
      exitCode: 3,
      stdout: Buffer.from('out\n'),
      stderr: 'err\n',
      timedOut: false,
      overflowed: false,
    });
  });

  it('carries bytes through, more than a pipe holds, and exactly', async () => {
    const input = randomBytes(3_000_001);
    const { stdout } = await processes.run(request('cat', [], { input }));
    expect(stdout.equals(input)).toBe(true);
  });

  it('puts what it says into a new file where it is told to', async () => {
    const input = randomBytes(3_000_001);
    const outputFile = freshPath(root);
    const { stdout, exitCode } = await processes.run(request('cat', [], { input, outputFile }));
    expect(exitCode).toBe(0);
    expect(stdout.equals(input)).toBe(true);
    expect(input.equals(await fs.readFile(outputFile))).toBe(true);
    await expect(processes.run(request('cat', [], { input, outputFile }))).rejects.toMatchObject({
      code: 'disk-failed',
    });
    const failing = shell('echo half; echo no >&2; exit 4', {
      outputFile: freshPath(root),
    });
    const half = { exitCode: 4, stdout: Buffer.from('half\n'), stderr: 'no\n' };
    expect(await processes.run(failing)).toMatchObject(half);
  });

  it('gives the environment and nothing of its own', async () => {
    const environment = { PATH: process.env['PATH'], ONE: '1', NONE: undefined };
    const { stdout } = await processes.run(shell('env', { environment }));
    const names = stdout.toString().match(/^\w+(?==)/gm) ?? [];
    expect(names).toContain('ONE');
    expect(names).not.toContain('NONE');
    expect(names).not.toContain('HOME');
  });

  it('does not mind a process that never reads its input', async () => {
    const input = Buffer.alloc(1 << 20);
    expect(await processes.run(shell('exit 7', { input }))).toMatchObject({ exitCode: 7 });
  });

  it('has no exit code for a process that a signal ended', async () => {
    expect(await processes.run(shell('kill -9 $$'))).toMatchObject({
      exitCode: null,
      timedOut: false,
    });
  });

  it('tells a missing Git, another missing command, and a missing directory apart', async () => {
    const environment = { PATH: root };
    await expect(processes.run(request('git', [], { environment }))).rejects.toMatchObject({
      code: 'git-missing',
    });
    await expect(processes.run(request('no-such-command', []))).rejects.toMatchObject({
      code: 'ENOENT',
    });
    const directory = freshPath(root);
    await expect(processes.run(request('git', [], { directory }))).rejects.toMatchObject({
      code: 'no-such-file',
      data: { path: directory },
    });
  });

  it('says so when Git is there and cannot be started', async () => {
    const directory = freshPath(root);
    await fs.mkdir(directory);
    const git = join(directory, 'git');
    await fs.writeFile(git, 'not a program', { mode: 0o644 });
    await expect(processes.run(request(git, ['status']))).rejects.toMatchObject({
      code: 'git-failed',
      data: { command: `${git} status`, exitCode: null, stderr: expect.stringContaining('EACCES') },
    });
  });

  it('ends a process that says too much', async () => {
    const result = await processes.run(shell('yes', { outputLimit: 1000 }));
    expect(result).toMatchObject({ exitCode: null, overflowed: true, timedOut: false });
    expect(result.stdout.length).toBeLessThanOrEqual(1000);
    const within = await processes.run(shell('printf 1234', { outputLimit: 4 }));
    expect(within).toMatchObject({ exitCode: 0, overflowed: false });
  });

  it('keeps the first MiB of errors and lets the rest go', async () => {
    const result = await processes.run(
      node('process.stderr.write("e".repeat(3_000_000), () => process.exit(0))'),
    );
    expect(result).toMatchObject({ exitCode: 0, stderr: 'e'.repeat(1 << 20) });
  });

  it('ends a process in time, with all that it started', async () => {
    const script = 'sleep 60 & echo $!; wait';
    const result = await processes.run(shell(script, { milliseconds: 300 }));
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
    expect(await isAlive(Number(result.stdout.toString()))).toBe(false);
  });

  it('ends one that ignores being asked', async () => {
    const before = clock.elapsed();
    const script = 'trap "" TERM; while :; do sleep 0.1; done';
    const result = await processes.run(shell(script, { milliseconds: 100 }));
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
    expect(clock.elapsed() - before).toBeLessThan(6000);
  });

  it('does not wait for what a process left behind', async () => {
    const before = clock.elapsed();
    const result = await processes.run(shell('sleep 30 & echo $!'));
    process.kill(Number(result.stdout.toString()));
    expect(result.exitCode).toBe(0);
    expect(clock.elapsed() - before).toBeLessThan(10_000);
  });

  it('is called off before it starts and while it runs', async () => {
    const early = AbortSignal.abort();
    const marker = freshPath(root);
    expect(
      await thrownBy(() => processes.run(shell(`: > ${marker}`, { signal: early }))),
    ).toBeInstanceOf(Cancelled);
    const controller = new AbortController();
    const running = processes.run(
      shell(`sleep 60 & echo $! > ${marker}; wait`, { signal: controller.signal }),
    );
    const written = async () => (await fs.readFile(marker, 'utf8').catch(() => '')).trim();
    while ((await written()) === '') await clock.sleep(10);
    controller.abort();
    expect(await thrownBy(() => running)).toBeInstanceOf(Cancelled);
    expect(await isAlive(Number(await written()))).toBe(false);
  });

  it('passes the seam when it writes, and only then', async () => {
    const seam = new FaultySeam();
    const ground = nodePlatform({ seam });
    await ground.processes.run(shell('exit 0'));
    expect(seam.calls).toEqual([]);
    await ground.processes.run(shell('exit 0', { writes: true }));
    expect(seam.calls).toEqual([{ kind: 'process.run', target: 'sh -c exit 0' }]);
    seam.arm({ at: 1, mode: 'killed' });
    const marker = freshPath(root);
    const dead = await thrownBy(() =>
      ground.processes.run(shell(`: > ${marker}`, { writes: true })),
    );
    expect(dead).toBeInstanceOf(ProcessKilled);
    seam.arm({ at: 1, mode: 'once', code: 'EAGAIN' });
    await expect(
      ground.processes.run(request('git', ['gc'], { writes: true })),
    ).rejects.toMatchObject({ code: 'git-failed' });
    await expect(fs.access(marker)).rejects.toThrow();
  });
});
