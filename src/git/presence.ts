import { join } from 'node:path';
import type { DirectoryEntry, Disk } from '../platform';

/**
 * Tells whether files are on disk, by listing directories that exist, each once: of a sparse
 * checkout's many absent files most lie in directories that are absent themselves.
 * @returns for a path relative to `root` whether something other than a directory is there, not
 *   through a symbolic link
 */
export function presence(disk: Disk, root: string): (path: string) => Promise<boolean> {
  const listings = new Map<string, Promise<Map<string, DirectoryEntry['kind']>>>();

  const read = async (directory: string): Promise<Map<string, DirectoryEntry['kind']>> => {
    const isThere = directory === '' || (await kindOf(directory)) === 'directory';
    const entries = isThere ? await disk.list(join(root, directory)) : null;
    return new Map((entries ?? []).map(({ name, kind }) => [name, kind]));
  };
  const listing = (directory: string): Promise<Map<string, DirectoryEntry['kind']>> => {
    const known = listings.get(directory) ?? read(directory);
    listings.set(directory, known);
    return known;
  };
  const kindOf = async (path: string): Promise<DirectoryEntry['kind'] | null> => {
    const slash = path.lastIndexOf('/');
    const names = await listing(path.slice(0, Math.max(0, slash)));
    return names.get(path.slice(slash + 1)) ?? null;
  };

  return async (path) => {
    const kind = await kindOf(path);
    return kind !== null && kind !== 'directory';
  };
}
