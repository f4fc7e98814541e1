import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Workspace } from '../operations/sandbox';
import { CommandLine } from './commandLine';
import { expectRefusal, leavingEverything } from './refusal';

const cli = new CommandLine('branches');
beforeAll(() => cli.ready());
afterAll(() => cli.close());

const commit = (workspace: Workspace) =>
  cli.cairn(['commit', '-m', 'x', '--json'], { directory: workspace.root });

describe('branches in the way', () => {
  test('a branch named "cairn" is found before anything is published', async () => {
    const workspace = cli.repository();
    await workspace.initialize();
    workspace.git('branch', 'cairn');
    const said = await leavingEverything(workspace, () =>
      cli.cairn(['commit', '-m', 'x', '--allow-empty'], { directory: workspace.root }),
    );
    expectRefusal(
      said,
      5,
      'A branch named "cairn" stands in the way of the models\' branches cairn/….',
      'Rename it: git branch -m cairn cairn-old',
    );
    workspace.git('branch', '-m', 'cairn', 'cairn-old');
    expect((await commit(workspace)).exit).toBe(0);
  });

  test("the model's branch is checked out somewhere", async () => {
    const workspace = await cli.project();
    workspace.train(2, 0.9);
    const elsewhere = join(cli.directory, 'worktree');
    workspace.git('worktree', 'add', '-q', elsewhere, 'cairn/digits');
    const said = await leavingEverything(workspace, () =>
      cli.cairn(['commit', '-m', 'x'], { directory: workspace.root }),
    );
    expectRefusal(
      said,
      5,
      `The branch cairn/digits is checked out in ${elsewhere}.`,
      'Go back to your own branch there: git switch -',
    );
  });
});

describe('heads of every kind', () => {
  test('a detached head', async () => {
    const workspace = await cli.project();
    workspace.train(2, 0.9);
    workspace.git('checkout', '-q', '--detach');
    const head = workspace.git('rev-parse', 'HEAD').trim();
    const { version } = JSON.parse((await commit(workspace)).stdout);
    expect(version.code).toMatchObject({ head, branch: null });
    expect(workspace.git('rev-parse', 'HEAD').trim()).toBe(head);
  });

  test('a repository without a commit', async () => {
    const workspace = cli.repository();
    workspace.git('update-ref', '-d', 'HEAD');
    const index = workspace.git('ls-files', '--stage');
    await workspace.initialize();
    const { version } = JSON.parse((await commit(workspace)).stdout);
    expect(version.code).toMatchObject({ head: null, branch: 'main', dirty: true });
    expect(workspace.git('ls-tree', '-r', '--name-only', version.code.commit)).toContain(
      'train.py',
    );
    expect(workspace.git('ls-files', '--stage')).toBe(index);
  });

  test('a merge under way: a version can be made, and none gone back to', async () => {
    const workspace = await cli.project();
    workspace.git('checkout', '-q', '-b', 'other');
    workspace.write({ 'README.md': 'theirs\n' });
    workspace.git('commit', '-q', '-a', '-m', 'theirs');
    workspace.git('checkout', '-q', 'main');
    workspace.write({ 'README.md': 'ours\n' });
    workspace.git('commit', '-q', '-a', '-m', 'ours');
    expect(() => workspace.git('merge', '-q', 'other')).toThrow();
    expect((await commit(workspace)).exit).toBe(0);
    const said = await leavingEverything(workspace, () =>
      cli.cairn(['rollback', 'v1'], { directory: workspace.root }),
    );
    expectRefusal(
      said,
      ...([5, 'A merge is under way in this repository.'] as const),
      'Finish it or call it off (git merge --abort), then try again.',
    );
    expect(workspace.git('status')).toContain('Unmerged paths');
  });
});
