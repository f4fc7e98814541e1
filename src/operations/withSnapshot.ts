import type { Snapshot } from '../git';
import { attempt } from './trouble';

/**
 * Uses a snapshot and clears it away. When clearing fails that is no failure of the work: what is
 * left in Cairn's directory goes with the next recovery.
 */
export async function withSnapshot<T>(snapshot: Snapshot, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await attempt(() => snapshot.dispose());
  }
}
