import { Failure } from '../core/failure';
import { branchOf, type Rooms } from './rooms';

/** A worktree that has the model's branch checked out would see its files change under it. */
export async function requireOwnBranch(rooms: Rooms, model: string): Promise<void> {
  const worktree = await rooms.repository.checkedOutIn(branchOf(model));
  if (worktree !== null)
    throw new Failure('branch-checked-out', { branch: `cairn/${model}`, worktree });
}
