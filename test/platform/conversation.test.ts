import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Cancelled } from '../../src/core/failure';
import { nodePlatform, type ProcessRequest } from '../../src/platform';
import { FaultySeam, ProcessKilled, thrownBy } from './faultySeam';
import { freshPath, scratchDirectory } from './scratch';

const root = scratchDirectory('conversation');
const environment = {
  PATH: process.env['PATH'],
  HOME: root,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};
const { processes } = nodePlatform();

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, env: environment, encoding: 'utf8' }).trim();
}

function request(args: readonly string[], more: Partial<ProcessRequest> = {}): ProcessRequest {
  return { command: 'git', arguments: args, directory: root, environment, writes: false, ...more };
}

const shell = (script: string, more: Partial<ProcessRequest> = {}): ProcessRequest =>
  request(['-c', script], { command: 'sh', ...more });

let commit = '';

beforeAll(() => {
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  commit = git('rev-parse', 'HEAD');
});

describe('speaking with a process', () => {
  it('asks `git cat-file` for one object after the other, whatever bytes they hold', async () => {
    const contents = [randomBytes(1_000_000), Buffer.from(''), Buffer.from('\n\n'), randomBytes(9)];
    const conversation = await processes.converse(request(['cat-file', '--batch']));
    for (const content of contents) {
      const path = freshPath(root);
      await fs.writeFile(path, content);
      const oid = git('hash-object', '-w', path);
      await conversation.say(`${oid}\n`);
      expect(await conversation.line()).toBe(`${oid} blob ${content.length}`);
      expect((await conversation.bytes(content.length))?.equals(content)).toBe(true);
      expect(await conversation.bytes(1)).toEqual(Buffer.from('\n'));
    }
    expect(await conversation.end()).toMatchObject({ exitCode: 0, stdout: Buffer.alloc(0) });
  });

  it('moves refs in steps, and moves none when it stops in the middle', async () => {
    const converse = () => processes.converse(request(['update-ref', '--stdin'], { writes: true }));
    const first = await converse();
    await first.say(`start\ncreate refs/heads/a ${commit}\nprepare\n`);
    expect(await first.line()).toBe('start: ok');
    expect(await first.line()).toBe('prepare: ok');
    expect(git('for-each-ref', 'refs/heads/a')).toBe('');
    expect(await first.end()).toMatchObject({ exitCode: 0 });
    expect(git('for-each-ref', 'refs/heads/a')).toBe('');
    const second = await converse();
    await second.say(`start\ncreate refs/heads/a ${commit}\nprepare\n`);
    await second.say('commit\n');
    await second.end();
    expect(git('rev-parse', 'refs/heads/a')).toBe(commit);
  });

  it('tells the end of a process that did not like what it heard', async () => {
    const conversation = await processes.converse(request(['update-ref', '--stdin']));
    await conversation.say('nonsense\n');
    expect(await conversation.line()).toBeNull();
    expect(await conversation.bytes(1)).toBeNull();
    await conversation.say('more\n');
    const { exitCode, stderr } = await conversation.end();
    expect(exitCode).toBe(128);
    expect(stderr).toContain('nonsense');
  });

  it('gives a last line without an end, and what nobody asked for', async () => {
    const one = await processes.converse(shell('printf "a\\n\\nb"'));
    expect([await one.line(), await one.line(), await one.line(), await one.line()]).toEqual([
      'a',
      '',
      'b',
      null,
    ]);
    await one.end();
    const halting = await processes.converse(shell('printf ab; sleep 0.1; printf "\\ncd\\n"'));
    expect([await halting.line(), await halting.line()]).toEqual(['ab', 'cd']);
    await halting.end();
    const other = await processes.converse(shell('cat; echo rest', { input: 'begin\n' }));
    expect((await other.end()).stdout.toString()).toBe('begin\nrest\n');
  });

  it('says more than the other one reads at once', async () => {
    const conversation = await processes.converse(shell('sleep 0.2; cat > /dev/null; echo done'));
    await conversation.say('x'.repeat(1_000_000));
    expect((await conversation.end()).stdout.toString()).toBe('done\n');
  });

  it('ends one that does not answer in time', async () => {
    const conversation = await processes.converse(shell('sleep 60', { milliseconds: 200 }));
    expect(await conversation.line()).toBeNull();
    expect(await conversation.end()).toMatchObject({ exitCode: null, timedOut: true });
  });

  it('is called off', async () => {
    const controller = new AbortController();
    const conversation = await processes.converse(shell('sleep 60', { signal: controller.signal }));
    controller.abort();
    expect(await conversation.line()).toBeNull();
    expect(await thrownBy(() => conversation.say('x'))).toBeInstanceOf(Cancelled);
    expect(await thrownBy(() => conversation.end())).toBeInstanceOf(Cancelled);
  });

  it('is ended by `kill`, and more than once', async () => {
    const conversation = await processes.converse(shell('sleep 60'));
    conversation.kill();
    conversation.kill();
    expect(await conversation.end()).toMatchObject({ exitCode: null, timedOut: false });
  });

  it('finds a missing Git at once', async () => {
    const lost = processes.converse(request([], { environment: { PATH: root } }));
    await expect(lost).rejects.toMatchObject({ code: 'git-missing' });
  });

  it('passes the seam with everything it says, and hears the end when the speaker dies', async () => {
    const seam = new FaultySeam();
    const ground = nodePlatform({ seam });
    const update = request(['update-ref', '--stdin'], { writes: true });
    const conversation = await ground.processes.converse(update);
    await conversation.say(`start\ncreate refs/heads/dead ${commit}\nprepare\n`);
    await conversation.line();
    await conversation.line();
    expect(seam.calls.map((call) => call.target)).toEqual([
      'git update-ref --stdin',
      `git update-ref --stdin < start\ncreate refs/heads/dead ${commit}\nprepare`,
    ]);
    seam.arm({ at: 1, mode: 'killed' });
    expect(await thrownBy(() => conversation.say('commit\n'))).toBeInstanceOf(ProcessKilled);
    expect(await conversation.line()).toBeNull();
    await conversation.end();
    expect(git('for-each-ref', 'refs/heads/dead')).toBe('');
    const lock = join(root, '.git', 'refs', 'heads', 'dead.lock');
    await expect(fs.access(lock)).rejects.toThrow();
  });
});
