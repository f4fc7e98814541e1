import type { TreeEntry } from '../git';
import { expand } from '../workspace';
import { configurationOf, knownModels } from './models';
import { ownershipOf } from './ownership';
import { resolve } from './resolve';
import type { Rooms } from './rooms';

/** The code of a version: every entry of its tree that belongs to the model's code. */
export async function codeOf(
  rooms: Rooms,
  request: { reference: string },
): Promise<readonly TreeEntry[]> {
  const record = await resolve(rooms, request.reference);
  if (record.code.commit === null) return [];
  const { isCode } = await ownershipOf(
    rooms,
    record.model,
    record.files.map(({ path }) => path),
  );
  const entries = await rooms.repository.entries(await rooms.repository.treeOf(record.code.commit));
  return entries.filter(({ path }) => isCode(path));
}

/**
 * The bytes of one file of a version, code as Git stores it or a model file; `null` where the
 * version has none at that path. @throws Failure `unreadable` over the limit, `artifact-missing`
 */
export async function readFile(
  rooms: Rooms,
  request: { reference: string; path: string; limit: number },
): Promise<Uint8Array | null> {
  const record = await resolve(rooms, request.reference);
  const file = record.files.find(({ path }) => path === request.path);
  if (file !== undefined) return rooms.store.readWhole(file.sha256, request.limit);
  if (record.code.commit === null) return null;
  const entries = await rooms.repository.entries(await rooms.repository.treeOf(record.code.commit));
  const entry = entries.find(({ path, mode }) => path === request.path && mode !== '160000');
  return entry === undefined ? null : rooms.repository.blob(entry.oid, request.limit);
}

/** Model files on disk that the configured globs name now. */
export async function modelFiles(
  rooms: Rooms,
): Promise<readonly { model: string; path: string; size: number; modified: number }[]> {
  const found: { model: string; path: string; size: number; modified: number }[] = [];
  for (const model of await knownModels(rooms)) {
    const { artifacts } = await configurationOf(rooms, model);
    const { files } = await expand(rooms.platform, rooms.repository.root, artifacts);
    for (const { path, size, modified } of files) {
      found.push({ model, path, size, modified: Number(modified / 1_000_000n) });
    }
  }
  return found;
}
