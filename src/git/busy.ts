import { join } from 'node:path';
import type { Disk } from '../platform';
import type { BusyState } from './repository';

/** In the order in which one hides another: a rebase that stops may leave CHERRY_PICK_HEAD too. */
const marks: readonly (readonly [path: string, state: BusyState])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
];

/**
 * What of the user's is under way in a worktree, by the files that Git itself goes by.
 * @param hasRef whether a reference of that name exists: for repositories whose references are not
 *   files (`extensions.refStorage`)
 */
export async function busyState(
  disk: Disk,
  gitDirectory: string,
  hasRef: (name: string) => Promise<boolean>,
): Promise<BusyState | null> {
  const there = async (path: string): Promise<boolean> =>
    (await disk.facts(join(gitDirectory, path))) !== null;
  for (const [path, state] of marks) {
    if (await there(path)) return state;
  }
  if (await there('reftable')) {
    if (await hasRef('CHERRY_PICK_HEAD')) return 'cherry-pick';
    if (await hasRef('REVERT_HEAD')) return 'revert';
  }
  return (
    (await sequencerState(disk, gitDirectory)) ?? ((await there('BISECT_LOG')) ? 'bisect' : null)
  );
}

const todoLimit = 1 << 20;

/** Between two commits of a series no head file is there, only the list of what is still to do. */
async function sequencerState(disk: Disk, gitDirectory: string): Promise<BusyState | null> {
  const todo = await disk.readSmall(join(gitDirectory, 'sequencer', 'todo'), todoLimit);
  if (todo === null) return null;
  const word = /^\s*(\w+)/.exec(Buffer.from(todo).toString('latin1'))?.[1];
  return word === 'revert' ? 'revert' : 'cherry-pick';
}
