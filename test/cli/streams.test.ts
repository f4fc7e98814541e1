import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../setup.mjs';
import { CommandLine } from './commandLine';
import { errorOf, expectRefusal, leavingEverything } from './refusal';

const cli = new CommandLine('streams');
beforeAll(() => cli.ready());
afterAll(() => cli.close());

/** A project whose log is longer than a pipe holds. */
async function talkative() {
  const workspace = await cli.project();
  const project = await workspace.open();
  await project.commit({ message: `long\n${'x'.repeat(400_000)}`, allowEmpty: true });
  await project.close();
  return workspace;
}

describe('standard output', () => {
  test('is whole also for a reader that takes its time', async () => {
    const { root: directory } = await talkative();
    const said = await cli.cairn(['log', '--json'], {
      directory,
      started: ({ stdout }) => {
        stdout?.pause();
        void wait(600).then(() => stdout?.resume());
      },
    });
    expect(JSON.parse(said.stdout).versions[0].description).toHaveLength(400_005);
    expect(said).toMatchObject({ exit: 0, stderr: '' });
  });

  test('may be closed early, which is no failure', async () => {
    const { root: directory } = await talkative();
    const line = '{ cairn log --json; echo "exit $?" >&2; } | head -1';
    const said = await cli.shell(line, { directory });
    expect(said).toMatchObject({ stdout: '{\n', stderr: 'exit 0\n' });
  });

  test('that takes nothing is a failure', async () => {
    const { root: directory } = await cli.project();
    expectRefusal(
      await cli.shell('cairn log > /dev/full', { directory }),
      ...([6, 'Writing failed for standard output (ENOSPC).'] as const),
      'Check the path, its permissions and the disk, then try again.',
    );
  });

  test('says nothing that plays with the terminal', async () => {
    const workspace = await cli.project();
    const project = await workspace.open();
    const message = 'up\u001b[2J\u0007 \u202egnp.\nHint: rm -rf /';
    await project.commit({ message, allowEmpty: true });
    await project.close();
    const said = await cli.cairn(['log', '--limit', '1'], { directory: workspace.root });
    expect(said.stdout).toMatch(/ up\?\[2J\? \?gnp\. …\n1 more; use --limit\.\n$/);
  });
});

describe('another process that is writing', () => {
  /** Holds the writers' lock until it is told to end. */
  async function holder(workspace: string) {
    const script = `const Database = require('better-sqlite3');
      const lock = new Database(process.argv[1]);
      lock.exec('BEGIN EXCLUSIVE');
      process.stdout.write('held');
      process.stdin.on('end', () => process.exit()).resume();`;
    const file = join(workspace, '.git', 'cairn', 'lock.db');
    const child = spawn(process.execPath, ['-e', script, file], { cwd: root });
    await once(child.stdout, 'data');
    return child;
  }

  test('is waited for, so long as it was asked, and does not keep anybody from reading', async () => {
    const workspace = await cli.project();
    workspace.train(2, 0.9);
    const child = await holder(workspace.root);
    const options = { directory: workspace.root, environment: { CAIRN_LOCK_TIMEOUT: '300' } };
    const said = await leavingEverything(workspace, () =>
      cli.cairn(['rollback', 'v1', '--json'], options),
    );
    expect(said.exit).toBe(7);
    expect(errorOf(said)).toMatchObject({
      code: 'lock-held',
      message: `Another process holds ${workspace.root}/.git/cairn/lock.db; waited 0.3 s.`,
      hint: 'Wait until it is done, then try again.',
    });
    expect((await cli.cairn(['status'], options)).stdout).toContain('digits is at digits@v1.1');
    const waiting = cli.cairn(['commit', '-m', 'x'], { directory: workspace.root });
    await wait(500);
    child.stdin.end();
    expect((await waiting).exit).toBe(0);
  });

  test('the time to wait is a number', async () => {
    const { root: directory } = await cli.project();
    const environment = { CAIRN_LOCK_TIMEOUT: 'soon' };
    expectRefusal(
      await cli.cairn(['log'], { directory, environment }),
      ...([2, 'CAIRN_LOCK_TIMEOUT is a number of milliseconds, not "soon".'] as const),
      'Run "cairn help" to see how the command is used.',
    );
  });
});
