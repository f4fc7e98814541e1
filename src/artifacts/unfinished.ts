import { join } from 'node:path';
import type { FileFacts } from '../platform';
import { type Shelf, unfinishedPrefix } from './layout';

/** What was not written to for so long, in milliseconds, is a crashed process's. */
const ruin = 3_600_000;

/** Files that are being written, or were when their process ended. */
async function unfinishedFiles(shelf: Shelf): Promise<{ path: string; facts: FileFacts }[]> {
  const { disk } = shelf.platform;
  const found: { path: string; facts: FileFacts }[] = [];
  for (const { name, kind } of (await disk.list(shelf.temporaryDirectory)) ?? []) {
    if (kind !== 'file' || !name.startsWith(unfinishedPrefix)) continue;
    const path = join(shelf.temporaryDirectory, name);
    const facts = await disk.facts(path);
    if (facts !== null) found.push({ path, facts });
  }
  return found;
}

/** See `ArtifactStore.clearUnfinished`. */
export async function clearUnfinished(shelf: Shelf, grace: number): Promise<void> {
  const { disk, clock } = shelf.platform;
  const before = BigInt(clock.now().getTime() - grace) * 1_000_000n;
  for (const { path, facts } of await unfinishedFiles(shelf)) {
    // One that is being written is written to all the time.
    if (facts.modified <= before) await disk.remove(path);
  }
}

/** Whether another process is storing something at this moment. */
export async function isStoring(shelf: Shelf): Promise<boolean> {
  const since = BigInt(shelf.platform.clock.now().getTime() - ruin) * 1_000_000n;
  return (await unfinishedFiles(shelf)).some(({ facts }) => facts.modified > since);
}
