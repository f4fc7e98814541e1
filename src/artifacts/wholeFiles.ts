import { dirname } from 'node:path';
import type { Activity } from '../core/progress';
import type { Intake } from './chunkedIntake';
import { objectPath, recipePath, type Shelf } from './layout';
import type { PutHints } from './store';

/**
 * Takes one file of an older store into packs. It goes only when the same bytes are durable in the
 * other way, so that a crash leaves one or both.
 */
export async function takeInWholeFile(
  shelf: Shelf,
  intake: Intake,
  sha256: string,
  { hints, activity }: { hints: PutHints; activity: Activity | undefined },
): Promise<boolean> {
  const { disk } = shelf.platform;
  const path = objectPath(shelf, sha256);
  const stored = await intake.put(path, activity, hints);
  if (stored.sha256 !== sha256) {
    // These bytes are nobody's; what they became is garbage from now on.
    await disk.remove(recipePath(shelf, stored.sha256));
    return false;
  }
  await disk.remove(path);
  await disk.removeEmptyDirectory(dirname(path));
  return true;
}
