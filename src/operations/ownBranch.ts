import { Failure } from '../core/failure';
import { branchOf, type Rooms } from './rooms';

const blocking = 'refs/heads/cairn';

/**
 * Finds what keeps the model's branch from moving, before anything is stored for it: a branch that
 * stands where the models' branches belong, or a worktree that has the model's branch checked out
 * and would see its files change under it.
 * @throws Failure `branch-name-blocked`, `branch-checked-out`
 */
export async function requireOwnBranch(rooms: Rooms, model: string): Promise<void> {
  const [block, worktree] = await Promise.all([
    rooms.repository.ref(blocking),
    rooms.repository.checkedOutIn(branchOf(model)),
  ]);
  if (block !== null) throw new Failure('branch-name-blocked', { branch: 'cairn' });
  if (worktree !== null)
    throw new Failure('branch-checked-out', { branch: `cairn/${model}`, worktree });
}
