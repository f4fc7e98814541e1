import { appendFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Workspace } from '../operations/sandbox';
import { CommandLine } from './commandLine';
import { expectRefusal, leavingEverything, standing } from './refusal';

const cli = new CommandLine('files');
beforeAll(() => cli.ready());
afterAll(() => cli.close());

/** A model file that takes a while to read: sparse, so that it takes no space. */
function largeFile(workspace: Workspace, bytes = 300_000_000): string {
  const path = join(workspace.root, 'models', 'large.bin');
  writeFileSync(path, '');
  truncateSync(path, bytes);
  return path;
}

/** Waits until a file of the store is being written. */
async function storing(workspace: Workspace): Promise<void> {
  const directory = join(workspace.root, '.git', 'cairn', 'tmp');
  for (let left = 1000; left > 0; left -= 1) {
    const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    if (names.length > 0) return;
    await wait(5);
  }
  throw new Error('nothing was stored');
}

const commitLarge = ['commit', '-m', 'x', '--file', 'models/large.bin'];

describe('a model file that changes while it is read', () => {
  test.each([
    ['vanishes', (path: string) => rmSync(path)],
    ['grows', (path: string) => appendFileSync(path, 'more')],
    ['shrinks', (path: string) => truncateSync(path, 1000)],
  ])('%s', async (_, change) => {
    const workspace = await cli.project();
    const path = largeFile(workspace);
    const running = cli.cairn(commitLarge, { directory: workspace.root });
    await storing(workspace);
    change(path);
    expectRefusal(
      await running,
      ...([5, `${path} changed while it was read.`] as const),
      'Wait until it is written, then try again.',
    );
    rmSync(path, { force: true });
    const untouched = await cli.project();
    const without = ({ references, unfinished, locks }: ReturnType<typeof standing>) => ({
      references: references.replaceAll(/^\S+/gm, ''),
      stored: unfinished.length,
      locks,
    });
    expect(without(standing(workspace))).toEqual(without(standing(untouched)));
  });
});

test('Ctrl+C calls a commit off and leaves nothing behind', async () => {
  const workspace = await cli.project();
  largeFile(workspace, 1_900_000_000);
  const said = await leavingEverything(workspace, async () => {
    let interrupt = (): unknown => undefined;
    const running = cli.cairn([...commitLarge, '--json'], {
      directory: workspace.root,
      started: (child) => {
        interrupt = () => child.kill('SIGINT');
      },
    });
    await storing(workspace);
    interrupt();
    return running;
  });
  expect(said).toMatchObject({ exit: 130, signal: null, stdout: '' });
  expect(JSON.parse(said.stderr).error).toMatchObject({ code: 'cancelled' });
});

describe('a model file that is not in the project', () => {
  test('because its path leads outside', async () => {
    const workspace = await cli.project();
    const path = join(cli.directory, 'outside.bin');
    writeFileSync(path, 'weights');
    const said = await leavingEverything(workspace, () =>
      cli.cairn(['commit', '-m', 'x', '--file', '../outside.bin'], { directory: workspace.root }),
    );
    expectRefusal(
      said,
      ...([2, `${path} lies outside the project ${workspace.root}.`] as const),
      'Name a file inside the repository.',
    );
  });

  test('because it is a symbolic link that leads out', async () => {
    const workspace = await cli.project();
    const target = join(cli.directory, 'elsewhere.bin');
    writeFileSync(target, 'weights');
    symlinkSync(target, join(workspace.root, 'models', 'link.bin'));
    const said = await leavingEverything(workspace, () =>
      cli.cairn(['commit', '-m', 'x', '--file', 'models/link.bin'], { directory: workspace.root }),
    );
    expectRefusal(
      said,
      5,
      `models/link.bin is a symbolic link that leads out of the project, to ${target}.`,
      'Copy the file into the repository, or declare it as a dataset.',
    );
  });

  test('because it is not there at all; paths begin where the command runs', async () => {
    const workspace = await cli.project();
    workspace.train(2, 0.9);
    const directory = join(workspace.root, 'models');
    const said = await leavingEverything(workspace, () =>
      cli.cairn(['commit', '-m', 'x', '--file', 'models/digits.safetensors'], { directory }),
    );
    expectRefusal(
      said,
      ...([4, 'There is no file models/models/digits.safetensors.'] as const),
      'Check the path; it is relative to the folder where the command runs.',
    );
    const argv = ['commit', '-m', 'x', '--file', 'digits.safetensors', '--json'];
    const { stdout } = await cli.cairn([...argv, '--metrics-file', '../metrics.json'], {
      directory,
    });
    expect(JSON.parse(stdout).version).toMatchObject({
      files: [{ path: 'models/digits.safetensors' }],
      metricOrigins: { val_accuracy: { path: 'metrics.json' } },
    });
  });
});

describe('files that are wrong in themselves', () => {
  test('a model file that is torn', async () => {
    const workspace = await cli.project();
    truncateSync(join(workspace.root, 'models/digits.safetensors'), 200);
    const said = await leavingEverything(workspace, () =>
      cli.cairn(['commit', '-m', 'x'], { directory: workspace.root }),
    );
    expect(said).toMatchObject({ exit: 6, stdout: '' });
    expect(said.stderr).toMatch(/^models\/digits\.safetensors is not whole: .+\.\nHint: Wait /);
  });

  test('a cairn.yaml that cannot be read names the lines', async () => {
    const workspace = await cli.project();
    workspace.write({
      'cairn.yaml': 'models:\n  digits:\n    artifact: ["models/*"]\n    code: 7\n',
    });
    const said = await leavingEverything(workspace, () =>
      cli.cairn(['commit', '-m', 'x'], { directory: workspace.root }),
    );
    expect(said).toMatchObject({ exit: 2, stdout: '' });
    expect(said.stderr).toMatch(/^cairn\.yaml is not valid: line 3: .+; line 4: .+\.\nHint: Mend /);
    workspace.write({ 'cairn.yaml': 'models: {digits: [\n' });
    const { stderr } = await cli.cairn(['status'], { directory: workspace.root });
    expect(stderr).toMatch(/^cairn\.yaml is not valid: line \d+: .+\.\nHint: Mend /);
  });

  test('metrics that are no numbers are told, warned of, and never the best', async () => {
    const workspace = await cli.project();
    workspace.train(2, 0.9);
    workspace.write({ 'metrics.json': '{"val_accuracy": NaN, "val_loss": Infinity}' });
    const { exit, stdout } = await cli.cairn(['commit', '-m', 'x', '--json'], {
      directory: workspace.root,
    });
    expect(exit).toBe(0);
    const { version, warnings } = JSON.parse(stdout);
    expect(version.metrics).toMatchObject({ val_accuracy: 'NaN', val_loss: 'Infinity' });
    expect(warnings).toContainEqual({
      code: 'metric-not-finite',
      message: 'val_accuracy is NaN. "@last-good" is the last version whose metrics are sound.',
    });
    const best = await cli.cairn(['show', '@best', '--json'], { directory: workspace.root });
    expect(JSON.parse(best.stdout).version.number).toBe(1);
  });
});
