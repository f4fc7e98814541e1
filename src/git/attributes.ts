import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Disk } from '../platform';
import { bytePathOf, byteRecords, nulList } from './bytePaths';
import type { GitRequest, GitRunner } from './gitRunner';
import type { TreeEntry } from './repository';

const attributesFile = '.gitattributes';
/** Git itself ignores larger ones (attr.h). */
const attributesLimit = 100 * 1024 * 1024;

/** Where the attributes of paths may stand, from the top down. */
export function attributeFilesFor(paths: readonly string[]): Set<string> {
  const files = new Set([attributesFile]);
  for (const path of paths) {
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      files.add(`${path.slice(0, end + 1)}${attributesFile}`);
    }
  }
  return files;
}

/** The id that Git gives to a file of these bytes; the length of `like` tells by which hash. */
function blobId(bytes: Uint8Array, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/**
 * Which attribute files of the tree apply to the entries, and whether the working files have just
 * the same ones.
 * @param tree all entries of the tree that the entries are from
 */
export async function attributesOf(
  disk: Disk,
  root: string,
  entries: readonly TreeEntry[],
  tree: readonly TreeEntry[],
): Promise<{ files: readonly TreeEntry[]; same: boolean }> {
  const names = attributeFilesFor(entries.map(({ path }) => path));
  const files = tree.filter(({ path }) => names.has(path));
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const name of names) {
    const bytes = await disk.readSmall(join(root, name), attributesLimit);
    const oid = byPath.get(name)?.oid;
    if ((bytes === null) !== (oid === undefined)) return { files, same: false };
    if (bytes !== null && oid !== undefined && blobId(bytes, oid) !== oid) {
      return { files, same: false };
    }
  }
  return { files, same: true };
}

/**
 * The name of the filter that each path is to go through; paths without one are not in the answer.
 * @param where directory and variables, where they are not those of the worktree
 */
export async function filtersOf(
  git: GitRunner,
  paths: readonly string[],
  where: Pick<GitRequest, 'directory' | 'environment'>,
): Promise<Map<string, string>> {
  const fields = byteRecords(
    await git.run({
      ...where,
      command: ['check-attr', '-z', '--stdin', 'filter'],
      input: nulList(paths.map(bytePathOf)),
      writes: false,
    }),
  );
  const filters = new Map<string, string>();
  paths.forEach((path, index) => {
    const value = fields[3 * index + 2] ?? '';
    if (!['', 'set', 'unset', 'unspecified'].includes(value)) filters.set(path, value);
  });
  return filters;
}
