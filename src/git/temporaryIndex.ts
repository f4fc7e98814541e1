import { join } from 'node:path';
import { isFailure } from '../core/failure';
import type { Disk, Platform } from '../platform';
import type { GitLocation } from './gitRunner';

/** A directory of our own with an index in it that Git is told to use in place of the user's. */
export interface TemporaryIndex {
  readonly directory: string;
  /** `GIT_INDEX_FILE`, and where objects go when they are not to stay. */
  readonly environment: Readonly<Record<string, string>>;
  /** Removes it with everything in it. */
  dispose(): Promise<void>;
}

/**
 * Makes the directory and copies the user's index into it.
 * @param scratch objects go into the directory as well, which then lies outside of the repository
 * @returns also whether there was an index to copy
 */
export function openTemporaryIndex(
  platform: Platform,
  location: GitLocation,
  { scratch, copied }: { scratch: boolean; copied: boolean },
): Promise<{ temporary: TemporaryIndex; found: boolean }> {
  const { disk } = platform;
  const directory = scratch
    ? join(platform.temporary, `cairn-${platform.random.token(12)}`)
    : join(location.commonDirectory, 'cairn', 'tmp', `snapshot-${platform.random.token(12)}`);
  const index = join(directory, 'index');
  const temporary = Object.freeze({
    directory,
    environment: {
      GIT_INDEX_FILE: index,
      ...(scratch ? scratchObjects(directory, location, platform.system) : {}),
    },
    dispose: () => disk.removeTree(directory),
  });
  return disposingOnError(temporary, async () => {
    await disk.makeDirectory(scratch ? join(directory, 'objects') : directory);
    // The system's temporary directory is everybody's, the code is not.
    await disk.setMode(directory, 0o700);
    const found = copied && (await copyIndex(disk, join(location.gitDirectory, 'index'), index));
    return { temporary, found };
  });
}

/**
 * Git takes an entry whose file is as old as the index for suspect and looks into the file. A copy
 * that is younger than its original would lose that doubt, and with it same-size edits of the same
 * moment. An older one only costs a few more looks: so the time is read before the bytes.
 */
async function copyIndex(disk: Disk, from: string, to: string): Promise<boolean> {
  const facts = await disk.followedFacts(from);
  if (facts === null) return false;
  await disk.copy(from, to);
  await disk.setTimes(to, facts.modified);
  return true;
}

/** New objects in `directory`, all others from the repository (whose own alternates still count). */
function scratchObjects(
  directory: string,
  location: GitLocation,
  system: string,
): Record<string, string> {
  return {
    GIT_OBJECT_DIRECTORY: join(directory, 'objects'),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: alternatePath(
      join(location.commonDirectory, 'objects'),
      system,
    ),
  };
}

/** In a list that is separated by colons (semicolons on Windows) a path may be quoted as in C. */
function alternatePath(path: string, system: string): string {
  const windows = system.startsWith('win32');
  const plain = windows ? path.replaceAll('\\', '/') : path;
  const special = windows ? /[;"]/ : /[:"\\\n]/;
  if (!special.test(plain)) return plain;
  const quoted = plain.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
  return `"${quoted}"`;
}

/** Runs `work`; when it fails, the directory goes too, and the first failure is the one told. */
export async function disposingOnError<T>(
  temporary: TemporaryIndex,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    try {
      await temporary.dispose();
    } catch (second) {
      // A disk that fails now failed before; what is left is removed with the other unfinished work.
      if (!isFailure(second)) throw second;
    }
    throw error;
  }
}
