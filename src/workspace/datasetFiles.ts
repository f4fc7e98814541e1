import { join } from 'node:path';
import { throwIfCancelled } from '../core/failure';
import type { DirectoryEntry, FileFacts, Platform } from '../platform';
import { inOrder } from './parallel';
import { factsBehind } from './paths';

/** A file of a dataset. */
export interface DatasetFile {
  /** Below the dataset's directory, forward slashes, composed letters. */
  readonly path: string;
  readonly absolute: string;
  readonly facts: FileFacts;
}

/** What systems and version control leave in any directory: no data. */
const droppings = new Set(['.git', '.DS_Store', 'Thumbs.db', 'desktop.ini', '.ipynb_checkpoints']);

/**
 * The files below a directory, directory by directory in the order of their names. Symbolic links
 * are followed (a dataset often lies on another disk), but no directory is read twice: links that
 * lead in a circle end there.
 */
export async function* filesBelow(
  platform: Platform,
  directory: string,
  signal?: AbortSignal,
): AsyncGenerator<DatasetFile> {
  const seen = new Set<string>();
  const waiting = [{ absolute: directory, path: '' }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    throwIfCancelled(signal);
    const real = await platform.disk.realPath(next.absolute);
    if (real === null || seen.has(real)) continue;
    seen.add(real);
    const { files, directories } = await listBelow(platform, next);
    yield* files;
    // The last in is the first out: in the order of the names.
    waiting.push(...directories.reverse());
  }
}

interface Place {
  readonly absolute: string;
  readonly path: string;
}

async function listBelow(
  platform: Platform,
  place: Place,
): Promise<{ files: DatasetFile[]; directories: Place[] }> {
  const entries = (await platform.disk.list(place.absolute)) ?? [];
  const files: DatasetFile[] = [];
  const directories: Place[] = [];
  const looked = await inOrder(
    entries.filter(({ name }) => !droppings.has(name)),
    (entry) => lookAt(platform, place, entry),
  );
  for (const found of looked) {
    if (found === null) continue;
    if (found.facts.kind === 'file') files.push(found);
    else if (found.facts.kind === 'directory') directories.push(found);
  }
  return { files, directories };
}

async function lookAt(
  platform: Platform,
  place: Place,
  { name }: DirectoryEntry,
): Promise<DatasetFile | null> {
  const absolute = join(place.absolute, name);
  const facts = await factsBehind(platform, absolute);
  if (facts === null) return null;
  const part = name.normalize('NFC');
  return { absolute, facts, path: place.path === '' ? part : `${place.path}/${part}` };
}
