import { isFailure } from '../core/failure';
import type { Disk, WriteHandle } from '../platform';

/**
 * Closes and removes a file that was begun and failed. When the disk refuses that too, the failure
 * that led here is the one to be told; whatever is no failure of the disk goes through.
 */
export async function discard(disk: Disk, file: WriteHandle): Promise<void> {
  for (const step of [() => file.close(), () => disk.remove(file.path)]) {
    try {
      await step();
    } catch (error) {
      if (!isFailure(error)) throw error;
    }
  }
}
