import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Sandbox, Workspace } from '../operations/sandbox';

const sandbox = new Sandbox('formats');
afterEach(() => sandbox.close());

/**
 * Projects as earlier versions of Cairn left them, by the number of their database's format: each
 * with v1 (label `good`), v2 in two revisions, dropped and brought back, and the backup of a
 * rollback to v1. Made with the command line of its time; a new format adds one, none is changed.
 */
const formats = [1];

function unpacked(format: number): Workspace {
  const directory = mkdtempSync(join(sandbox.directory, 'format-'));
  const archive = join(import.meta.dirname, `projects/format-${format}.tar.gz`);
  execFileSync('tar', ['-xzf', archive, '-C', directory]);
  return new Workspace(sandbox, join(directory, 'digits'));
}

for (const format of formats) {
  test(`a project of format ${format} is taken over whole`, async () => {
    const workspace = unpacked(format);
    await workspace.use(async (project) => {
      const { versions, total } = await project.log({});
      expect(total).toBe(2);
      expect(versions.map(({ number, revision, label }) => [number, revision, label])).toEqual([
        [2, 2, null],
        [1, 1, 'good'],
      ]);
      expect(versions[0]?.metrics).toMatchObject({ val_accuracy: 0.9, f1: 0.8 });
      expect(await project.curves({ reference: 'digits@v2' })).toHaveLength(2);
      const { problems } = await project.verify({ full: true });
      expect(problems).toEqual([]);
    });
    for (const [reference, line] of [
      ['digits@v2', 'LEARNING_RATE = 0.2\n'],
      ['digits@b1', 'LEARNING_RATE = 0.3\n'],
      ['digits@good', 'LEARNING_RATE = 0.1\n'],
    ] as const) {
      await workspace.use((project) => project.rollback({ reference }));
      expect(workspace.read('train.py')).toBe(line);
    }
    const { version } = await workspace.use((project) =>
      project.commit({ message: 'third', allowEmpty: true }),
    );
    expect(version.number).toBe(3);
    const { problems } = await workspace.use((project) => project.verify({ full: true }));
    expect(problems).toEqual([]);
  });
}
