import { Failure } from '../core/failure';
import { type FileFacts, isSameState, type ReadHandle } from '../platform';
import type { Shelf } from './layout';

/** The longest step of a file system's clock that is common (100 Hz), doubled; in milliseconds. */
const clockStep = 20;

/** A file that is being stored, with what it was when it was opened. */
export interface SourceFile {
  readonly path: string;
  readonly facts: FileFacts;
  readonly source: ReadHandle;
}

/** Opens a file for the time that `use` takes. @throws Failure `file-changed`, `no-such-file`, … */
export async function withSourceFile<T>(
  shelf: Shelf,
  path: string,
  use: (file: SourceFile) => Promise<T>,
): Promise<T> {
  const facts = await regularFacts(shelf, path);
  const source = await shelf.platform.disk.openRead(path);
  if (source === null) throw new Failure('file-changed', { path });
  try {
    if (!isSameState(facts, await source.facts())) throw new Failure('file-changed', { path });
    return await use({ path, facts, source });
  } finally {
    await source.close();
  }
}

/** @throws Failure `file-changed` when it is not what it was, as it is open or by its path */
export async function requireUnchanged(shelf: Shelf, file: SourceFile): Promise<void> {
  const { path, facts, source } = file;
  const there = await shelf.platform.disk.followedFacts(path);
  // By its path too: a file that was replaced meanwhile is open here as it was.
  const same =
    there !== null && isSameState(facts, there) && isSameState(facts, await source.facts());
  if (!same) throw new Failure('file-changed', { path });
}

/**
 * The facts of the file at `path`, or that a link there leads to. One written within the last step
 * of the file system's clock could be written again without its time showing it, so that step is
 * waited for.
 */
async function regularFacts(shelf: Shelf, path: string): Promise<FileFacts> {
  const { disk, clock } = shelf.platform;
  const look = async () => {
    const facts = await disk.followedFacts(path);
    if (facts === null) throw new Failure('no-such-file', { path });
    if (facts.kind === 'file') return facts;
    const why = facts.kind === 'directory' ? 'it is a directory' : 'not a regular file';
    throw new Failure('unreadable', { path, why });
  };
  const facts = await look();
  const age = clock.now().getTime() - Number(facts.modified / 1_000_000n);
  if (Math.abs(age) >= clockStep) return facts;
  await clock.sleep(clockStep - age);
  return look();
}

/** The failure to throw when so many bytes do not fit where the store lies. */
export async function missingSpace(
  shelf: Shelf,
  needed: number,
): Promise<Failure<'disk-full'> | null> {
  const path = shelf.temporaryDirectory;
  const free = await shelf.platform.disk.freeSpace(path);
  return free === null || needed <= free ? null : new Failure('disk-full', { path, needed, free });
}
