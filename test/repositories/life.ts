import { expect } from 'vitest';
import { isFailure } from '../../src/core/failure';
import type { Project } from '../../src/operations';
import { script, type Workspace } from '../operations/sandbox';
import { usersGit } from './usersGit';

export interface LifeOptions {
  /** What a rollback is refused with, where the user is in the middle of something. */
  readonly refused?: 'repository-busy';
  /** Opens the project; left out: at the workspace's top. */
  readonly use?: <T>(work: (project: Project) => Promise<T>) => Promise<T>;
  /** The next training's changes; left out: another learning rate, other weights and metrics. */
  readonly change?: () => void;
  /** Paths that a rollback does not bring back, because no version holds them. */
  readonly kept?: readonly string[];
}

/**
 * Two versions, a rollback to the first and its undo, in a repository of any state: the user's side
 * of Git is byte for byte as it was after each step, the working files after each commit, and they
 * are those of the version after the rollback, and those from before it after the undo.
 */
export async function liveThrough(workspace: Workspace, options: LifeOptions = {}): Promise<void> {
  const use = options.use ?? ((work) => workspace.use(work));
  const user = usersGit(workspace);
  const first = workspace.files();
  const standsAs = (files: Record<string, string>) => {
    expect(usersGit(workspace)).toEqual(user);
    expect(workspace.files()).toEqual(files);
  };
  await use((project) => project.commit({ message: 'first', model: 'digits' }));
  standsAs(first);

  (options.change ?? (() => train(workspace)))();
  const second = workspace.files();
  await use((project) => project.commit({ message: 'second', model: 'digits' }));
  standsAs(second);

  if (options.refused !== undefined) {
    const rollback = use((project) => project.rollback({ reference: 'digits@v1' }));
    const failure = await rollback.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(isFailure(failure, options.refused)).toBe(true);
    standsAs(second);
  } else {
    await use((project) => project.rollback({ reference: 'digits@v1' }));
    const kept = Object.fromEntries((options.kept ?? []).map((path) => [path, second[path] ?? '']));
    standsAs({ ...first, ...kept });
    await use((project) => project.undo({}));
    standsAs(second);
  }
  const { problems } = await use((project) => project.verify({ full: true }));
  expect(problems).toEqual([]);
}

function train(workspace: Workspace): void {
  workspace.write({ 'train.py': script(0.7) });
  workspace.train(9, 0.9);
}
