import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { WriteCall } from '../../src/platform';
import { Sandbox, safetensors, script, Workspace } from '../operations/sandbox';
import { FaultySeam } from '../platform/faultySeam';
import { liveThrough } from './life';

const sandbox = new Sandbox('handling');
const twoVersions = sandbox.once(async (workspace, project) => {
  workspace.git('add', 'cairn.yaml');
  workspace.git('commit', '-q', '-m', 'a project');
  await project.commit({ message: 'first' });
  workspace.write({ 'train.py': script(0.2) });
  workspace.train(2, 0.9);
  await project.commit({ message: 'second' });
  workspace.write({ 'train.py': script(0.3) });
  workspace.train(3, 0.7);
  await project.rollback({ reference: 'digits@v1' });
});
afterEach(() => sandbox.close());

/** What every version and backup needs is there: all come back byte for byte. */
async function everythingComesBack(workspace: Workspace): Promise<void> {
  const expected = [
    ['digits@v2', script(0.2), safetensors(2)],
    ['digits@v1', script(0.1), safetensors(1)],
    ['digits@b1', script(0.3), safetensors(3)],
  ] as const;
  for (const [reference, code, weights] of expected) {
    await workspace.use((project) => project.rollback({ reference }));
    expect(workspace.read('train.py')).toBe(code);
    expect(workspace.bytes('models/digits.safetensors')).toEqual(Buffer.from(weights));
  }
  const { problems } = await workspace.use((project) => project.verify({ full: true }));
  expect(problems).toEqual([]);
}

describe('what a user does to the repository takes nothing away', () => {
  test('collecting garbage, with every log expired', async () => {
    const workspace = await twoVersions();
    workspace.git('reflog', 'expire', '--expire=now', '--all');
    workspace.git('gc', '-q', '--prune=now', '--aggressive');
    await everythingComesBack(workspace);
  });

  test('stashing and cleaning everything', async () => {
    const workspace = await twoVersions();
    workspace.git('stash', '-q', '-a');
    workspace.git('clean', '-q', '-xdff');
    await everythingComesBack(workspace);
  });

  test('going to another branch, rewriting one, and deleting what was merged', async () => {
    const workspace = await twoVersions();
    workspace.git('checkout', '-q', '-f', '--orphan', 'anew');
    workspace.git('commit', '-q', '--allow-empty', '-m', 'anew');
    workspace.git('branch', '-D', 'main');
    workspace.git('reflog', 'expire', '--expire=now', '--all');
    workspace.git('gc', '-q', '--prune=now');
    await everythingComesBack(workspace);
  });

  test('packing references, and moving the repository elsewhere', async () => {
    const workspace = await twoVersions();
    workspace.git('pack-refs', '--all', '--prune');
    await everythingComesBack(sandbox.copy(workspace));
  });

  test('collecting garbage after the branch was deleted is named, and the rest stands', async () => {
    const workspace = await twoVersions();
    workspace.git('branch', '-q', '-D', 'cairn/digits');
    workspace.git('reflog', 'expire', '--expire=now', '--all');
    workspace.git('gc', '-q', '--prune=now');
    await workspace.use(async (project) => {
      const { sound, problems } = await project.verify({ full: true });
      expect(sound).toBe(false);
      expect(new Set(problems.map(({ code }) => code))).toContain('branch-missing');
      const listed = await project.log({});
      expect(listed.total).toBe(2);
    });
  });
});

describe('repositories that are not whole', () => {
  test('a shallow clone', async () => {
    const origin = await twoVersions();
    const clone = cloned(origin, '--depth', '1');
    clone.write({ 'models/digits.safetensors': safetensors(7) });
    await clone.initialize();
    await liveThrough(clone);
  });

  test('a partial clone', async () => {
    const origin = await twoVersions();
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const clone = cloned(origin, '--filter=blob:none');
    clone.write({ 'models/digits.safetensors': safetensors(7) });
    await clone.initialize();
    await liveThrough(clone);
  });

  function cloned(origin: Workspace, ...options: string[]): Workspace {
    const root = join(mkdtempSync(join(sandbox.directory, 'clone-')), 'digits');
    const clone = ['clone', '-q', '--template=', '--single-branch', '--branch', 'main'];
    sandbox.git(sandbox.directory, ...clone, ...options, `file://${origin.root}`, root);
    return new Workspace(sandbox, root);
  }
});

describe('a project that lies within', () => {
  test('a linked worktree', async () => {
    const origin = sandbox.repository();
    const root = `${origin.root}-beside`;
    origin.git('worktree', 'add', '-q', '-b', 'other', root);
    await livesIn(root);
  });

  test('a submodule', async () => {
    const origin = sandbox.repository();
    const library = sandbox.repository();
    const allowed = ['-c', 'protocol.file.allow=always'];
    origin.git(...allowed, 'submodule', '--quiet', 'add', library.root, 'lib');
    await livesIn(join(origin.root, 'lib'));
  });

  /** The weights are ignored, so no clone has them. */
  async function livesIn(root: string): Promise<void> {
    const workspace = new Workspace(sandbox, root);
    workspace.write({ 'models/digits.safetensors': safetensors(7) });
    await workspace.initialize();
    await liveThrough(workspace);
  }
});

test('a disk that can sync no directory', async () => {
  const workspace = sandbox.repository();
  const only = ({ kind }: WriteCall) => kind === 'disk.syncDirectory';
  const seam = new FaultySeam({ at: 1, mode: 'onwards', code: 'EINVAL', only });
  const platform = sandbox.platform({ seam });
  await workspace.initialize(platform);
  await liveThrough(workspace, { use: (work) => workspace.use(work, platform) });
  expect(seam.fired).toBeGreaterThan(3);
});

/** Whether this Git makes repositories whose references are tables. */
function hasTables(): boolean {
  const [major = 0, minor = 0] = sandbox
    .git(sandbox.directory, 'version')
    .replace(/^git version /, '')
    .split('.')
    .map(Number);
  return major > 2 || (major === 2 && minor >= 45);
}

test.skipIf(!hasTables())('references in tables (reftable; needs Git 2.45)', async () => {
  const workspace = sandbox.repository();
  workspace.remove('.git');
  workspace.git('init', '-q', '--template=', '--ref-format=reftable');
  workspace.git('add', '-A');
  workspace.git('commit', '-q', '-m', 'first');
  await workspace.initialize();
  await liveThrough(workspace);
});

/** Whether Git LFS is installed; the test that wants the real one is skipped by name without it. */
function hasLargeFileStorage(): boolean {
  try {
    execFileSync('git', ['lfs', 'version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    // Git's exit code for a command that it does not know.
    if ((error as { status?: number }).status === 1) return false;
    throw error;
  }
}

test.skipIf(!hasLargeFileStorage())('weights in Git LFS (needs git-lfs)', async () => {
  const workspace = sandbox.repository();
  workspace.git('lfs', 'install', '--local', '--skip-repo');
  workspace.write({
    '.gitattributes': '*.safetensors filter=lfs diff=lfs merge=lfs -text\n',
    '.gitignore': '__pycache__/\n',
  });
  workspace.git('add', '-A');
  workspace.git('commit', '-q', '-m', 'weights');
  await workspace.initialize();
  await liveThrough(workspace);
  const blob = workspace.git('show', 'cairn/digits:models/digits.safetensors');
  expect(blob).toMatch(/^version https:\/\/git-lfs/);
});

test.skipIf(!hasLargeFileStorage())(
  'weights of which only the pointer is here (needs git-lfs)',
  async () => {
    const origin = sandbox.repository();
    origin.git('lfs', 'install', '--local', '--skip-repo');
    origin.write({ '.gitattributes': '*.safetensors filter=lfs diff=lfs merge=lfs -text\n' });
    origin.write({ '.gitignore': '__pycache__/\n' });
    origin.git('add', '-A');
    origin.git('commit', '-q', '-m', 'weights');
    const sha256 = createHash('sha256').update(safetensors(1)).digest('hex');

    const root = mkdtempSync(join(sandbox.directory, 'digits-'));
    const unsmudged = ['-c', 'filter.lfs.smudge=', '-c', 'filter.lfs.required=false'];
    sandbox.git(sandbox.directory, ...unsmudged, 'clone', '-q', '--template=', origin.root, root);
    const workspace = new Workspace(sandbox, root);
    workspace.git('lfs', 'install', '--local', '--skip-repo', '--skip-smudge');
    expect(workspace.read('models/digits.safetensors')).toMatch(/^version https:\/\/git-lfs/);
    await workspace.initialize();
    await liveThrough(workspace, { change: () => workspace.write({ 'train.py': script(0.7) }) });
    await workspace.use(async (project) => {
      const { version } = await project.show({ reference: 'digits@v1' });
      expect(version.files).toMatchObject([{ sha256, size: safetensors(1).length, pointer: true }]);
    });
  },
);
