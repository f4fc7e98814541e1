import { afterEach, expect, test } from 'vitest';
import { FaultySeam, thrownBy } from '../platform/faultySeam';
import { caseBlindDisk } from './caseBlindDisk';
import { Sandbox, type Workspace } from './sandbox';

const sandbox = new Sandbox('case-blind');
afterEach(() => sandbox.close());

function platform(seam?: FaultySeam) {
  const real = sandbox.platform(seam === undefined ? {} : { seam });
  return { ...real, disk: caseBlindDisk(real.disk) };
}

/** Two versions between which a file was renamed by its case alone, and changed. */
const renamed = sandbox.once(async (workspace, project) => {
  workspace.git('config', 'core.ignoreCase', 'true');
  workspace.write({ 'Readme.py': 'first = 1\n' });
  await project.commit({ message: 'first' });
  workspace.remove('Readme.py');
  workspace.write({ 'README.py': 'second = 2\n' });
  await project.commit({ message: 'second' });
});

/** The file under whichever of its names. */
function text(workspace: Workspace): string | undefined {
  const files = workspace.files();
  const names = Object.keys(files).filter((path) => path.toLowerCase() === 'readme.py');
  expect(names).toHaveLength(1);
  return workspace.read(names[0] ?? '');
}

test('a rename of case alone is gone back over where names ignore case', async () => {
  const workspace = await renamed();
  await workspace.use((project) => project.rollback({ reference: 'digits@v1' }), platform());
  expect(text(workspace)).toBe('first = 1\n');
  await workspace.use((project) => project.undo({}), platform());
  expect(text(workspace)).toBe('second = 2\n');
});

test('and is there once more when the process dies between any two steps', async () => {
  for (let at = 1; ; at += 1) {
    const workspace = await renamed();
    const seam = new FaultySeam();
    const only = ({ kind, target }: { kind: string; target: string }) =>
      !target.includes('/.git/') && /^disk\.(?:rename|remove|syncDirectory)$/.test(kind);
    seam.arm({ at, mode: 'killed', only });
    const rollback = () =>
      workspace.use((project) => project.rollback({ reference: 'digits@v1' }), platform(seam));
    const thrown = await thrownBy(rollback);
    // Opening it finishes what was begun.
    const { problems } = await workspace.use(
      (project) => project.verify({ full: true }),
      platform(),
    );
    expect(problems).toEqual([]);
    expect(['first = 1\n', 'second = 2\n'], `killed at step ${at}`).toContain(text(workspace));
    if (thrown !== null) continue;
    expect(text(workspace)).toBe('first = 1\n');
    break;
  }
});
