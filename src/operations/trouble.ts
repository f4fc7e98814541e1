import { isFailure } from '../core/failure';
import { errnoOf } from '../platform';

/** What disks, databases and Git may answer at any time; everything else is a bug and goes through. */
function isTrouble(error: unknown): boolean {
  return isFailure(error) || errnoOf(error) !== null;
}

/**
 * Does what need not succeed now, because recovery does it otherwise: clearing away, and the last
 * steps of what the history holds already. Whether it succeeded.
 */
export async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!isTrouble(error)) throw error;
    return false;
  }
}

/** Runs `work`; when it fails, clears away first, and what failed first is what is told. */
export async function clearingOnFailure<T>(
  work: () => Promise<T>,
  clear: () => Promise<void>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await attempt(clear);
    throw error;
  }
}
