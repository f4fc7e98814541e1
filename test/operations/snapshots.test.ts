import { chmodSync, existsSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Sandbox, safetensors, script, type Workspace } from './sandbox';

const sandbox = new Sandbox('snapshots');
const oneVersion = sandbox.once((_, project) => project.commit({ message: 'first' }));

/** What Git, and nobody but Git, may change. */
function usersGit(workspace: Workspace): unknown {
  const git = join(workspace.root, '.git');
  const read = (name: string) =>
    existsSync(join(git, name)) ? readFileSync(join(git, name)).toString('base64') : null;
  return {
    files: ['HEAD', 'index', 'config', 'packed-refs', 'logs/HEAD', 'refs/stash'].map(read),
    refs: workspace
      .git('for-each-ref')
      .split('\n')
      .filter((line) => !line.includes('cairn/')),
  };
}

/** A program that Git runs as a filter. */
function filterScript(workspace: Workspace, name: string, text: string): string {
  const path = `.git/${name}`;
  workspace.write({ [path]: `#!/bin/sh\n${text}\n` });
  chmodSync(join(workspace.root, path), 0o755);
  return join(workspace.root, path);
}

describe('a commit beside the user', () => {
  test('HEAD, index, stash and configuration stay byte for byte, also within a merge', async () => {
    const workspace = await oneVersion();
    workspace.write({ 'stashed.py': 'x = 1\n' });
    workspace.git('stash', '-q', '-u');
    workspace.git('checkout', '-q', '-b', 'side');
    workspace.write({ 'train.py': script(0.3) });
    workspace.git('commit', '-q', '-a', '-m', 'side');
    workspace.git('checkout', '-q', 'main');
    workspace.write({ 'train.py': script(0.4) });
    workspace.git('commit', '-q', '-a', '-m', 'main');
    expect(() => workspace.git('merge', '-q', 'side')).toThrow();
    workspace.write({ 'staged.py': 'y = 1\n' });
    workspace.git('add', 'staged.py');
    workspace.write({ 'staged.py': 'y = 2\n' });
    const before = [usersGit(workspace), workspace.files()];
    const { version } = await workspace.use((project) => project.commit({ message: 'merging' }));
    expect([usersGit(workspace), workspace.files()]).toEqual(before);
    expect(version.number).toBe(2);
    expect(workspace.git('show', 'cairn/digits:staged.py')).toBe('y = 2\n');
    expect(workspace.git('show', 'cairn/digits:train.py')).toContain('<<<<<<<');
  });

  test('cleaning and stashing everything reaches nothing of Cairn’s', async () => {
    const workspace = await oneVersion();
    workspace.git('stash', '-q', '-a');
    workspace.git('clean', '-x', '-d', '-f', '-f', '-q');
    expect(workspace.files()).not.toHaveProperty('models/digits.safetensors');
    await workspace.use(async (project) => {
      expect(await project.verify({ full: true })).toMatchObject({ sound: true });
      await project.rollback({ reference: 'digits@v1', only: ['artifacts'] });
    });
    expect(workspace.bytes('models/digits.safetensors')).toEqual(Buffer.from(safetensors(1)));
  });

  test('merging the branch of a model with a few code files loses none of the others', async () => {
    const workspace = sandbox.repository();
    workspace.write({
      'cairn.yaml':
        'models:\n  digits:\n    code: ["train.py"]\n    artifacts: ["models/*.safetensors"]\n    parameters: ["params.yaml"]\n',
      'params.yaml': 'lr: 1\n',
      'docs/deep/guide.md': 'guide\n',
    });
    workspace.git('add', '-A');
    workspace.git('commit', '-q', '-m', 'more');
    await workspace.initialize();
    workspace.write({
      'train.py': script(0.5),
      'README.md': 'not of the model\n',
      'params.yaml': 'lr: 2\n',
    });
    await workspace.use((project) => project.commit({ message: 'first' }));
    const tracked = workspace.git('ls-files').split('\n');
    workspace.git('checkout', '-q', '--', '.');
    workspace.git('merge', '-q', '-m', 'merge', 'cairn/digits');
    expect(workspace.git('ls-files').split('\n')).toEqual(tracked);
    expect(workspace.read('train.py')).toBe(script(0.5));
    expect(workspace.read('params.yaml')).toBe('lr: 2\n');
    expect(workspace.read('README.md')).toBe('# digits\n');
    expect(workspace.read('docs/deep/guide.md')).toBe('guide\n');
  });

  test('an edit of the same size in the moment of the index is seen', async () => {
    const workspace = await oneVersion();
    const path = join(workspace.root, 'train.py');
    const moment = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);
    workspace.git('config', 'core.trustctime', 'false');
    utimesSync(path, moment, moment);
    workspace.git('update-index', '--refresh');
    workspace.write({ 'train.py': script(0.7) });
    utimesSync(path, moment, moment);
    utimesSync(join(workspace.root, '.git/index'), moment, moment);
    await workspace.use((project) => project.commit({ message: 'second' }));
    expect(workspace.git('show', 'cairn/digits:train.py')).toBe(script(0.7));
  });
});

describe('model files and filters', () => {
  test('no clean filter sees a model file, and its bytes come back as they were', async () => {
    const workspace = sandbox.repository({
      '.gitattributes': '*.safetensors filter=lfs\n*.txt filter=upper\n',
      'train.py': script(0.1),
      'models/digits.safetensors': safetensors(1),
      'notes.txt': 'one\n',
    });
    // Without any filter, as for whoever added them before the attributes were there.
    const log = join(workspace.root, '.git/filtered');
    const clean = filterScript(
      workspace,
      'clean',
      `echo "$1" >> '${log}'; mkdir -p .git/lfs; tr a-z A-Z`,
    );
    workspace.git('config', 'filter.lfs.clean', `${clean} %f`);
    workspace.git('config', 'filter.lfs.smudge', 'tr A-Z a-z');
    workspace.git('config', 'filter.upper.clean', 'tr a-z A-Z');
    workspace.git('config', 'filter.upper.smudge', 'tr A-Z a-z');
    await workspace.initialize();
    await workspace.use(async (project) => {
      await project.commit({ message: 'first' });
      workspace.write({ 'models/digits.safetensors': safetensors(2), 'notes.txt': 'two\n' });
      await project.commit({ message: 'second' });
      expect(workspace.git('show', 'cairn/digits:notes.txt')).toBe('TWO\n');
      await project.status({});
      await project.rollback({ reference: 'digits@v1' });
      expect(workspace.read('notes.txt')).toBe('one\n');
      expect(workspace.bytes('models/digits.safetensors')).toEqual(Buffer.from(safetensors(1)));
      await project.undo({});
    });
    expect(workspace.bytes('models/digits.safetensors')).toEqual(Buffer.from(safetensors(2)));
    expect(existsSync(log)).toBe(false);
    expect(existsSync(join(workspace.root, '.git/lfs'))).toBe(false);
    expect(workspace.git('rev-parse', 'cairn/digits:models/digits.safetensors')).toBe(
      workspace.git('rev-parse', 'HEAD:models/digits.safetensors'),
    );
  });
});

describe('what a version leaves out', () => {
  test('secrets, large files and directories, environments and repositories, each named', async () => {
    const workspace = await oneVersion();
    const many = Array.from({ length: 1001 }, (_, index) => [`outputs/${index}.txt`, '']);
    workspace.write({
      ...Object.fromEntries(many),
      '.env': 'TOKEN=1\n',
      'dump.bin': Buffer.alloc(10_000_001),
      'env/pyvenv.cfg': 'home = /usr\n',
      'env/lib/x.py': 'x\n',
      'kept.py': 'kept = 1\n',
    });
    mkdirSync(join(workspace.root, 'vendor/empty'), { recursive: true });
    sandbox.git(join(workspace.root, 'vendor/empty'), 'init', '-q', '--template=');
    const plan = await workspace.use((project) => project.planCommit({ message: 'second' }));
    const { warnings } = await workspace.use((project) => project.commit({ message: 'second' }));
    const leftOut = warnings
      .filter(({ code }) => code.startsWith('left-out-'))
      .map(({ code, path }) => `${path} ${code.slice('left-out-'.length)}`);
    expect(leftOut.sort()).toEqual([
      '.env secret',
      'dump.bin large-file',
      'env environment',
      'outputs large-directory',
      'vendor/empty nested-repository',
    ]);
    expect(plan.plan.left_out.map(({ path, why }) => `${path} ${why}`).sort()).toEqual(leftOut);
    const added = workspace.git('diff', '--name-only', 'HEAD', 'cairn/digits').trim();
    expect(added.split('\n')).toEqual(['cairn.yaml', 'kept.py']);
  });
});
