import { join } from 'node:path';
import { Failure } from '../core/failure';
import type { Platform } from '../platform';

/** Where a store lies, and what it rests on. */
export interface Shelf {
  readonly platform: Platform;
  /** Holds `packs/`, `recipes/` and the files of older stores. */
  readonly directory: string;
  /** On the same file system: what is whole is renamed from here. */
  readonly temporaryDirectory: string;
}

/** Unfinished writes of this room, among those of others in the same directory. */
export const unfinishedPrefix = 'artifact-';

export function isDigest(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** @throws Failure `record-invalid`: what is no digest might name a path outside the store */
function checkedDigest(sha256: string): string {
  if (isDigest(sha256)) return sha256;
  throw new Failure('record-invalid', { where: sha256.slice(0, 80), why: 'not a SHA-256' });
}

function shardPath(shelf: Shelf, sha256: string): string {
  return join(shelf.directory, checkedDigest(sha256).slice(0, 2));
}

/** Where a store of whole files has an artifact. */
export function objectPath(shelf: Shelf, sha256: string): string {
  return join(shardPath(shelf, sha256), sha256);
}

export function recipeShard(shelf: Shelf, sha256: string): string {
  return join(shelf.directory, 'recipes', checkedDigest(sha256).slice(0, 2));
}

export function recipePath(shelf: Shelf, sha256: string): string {
  return join(recipeShard(shelf, sha256), sha256);
}

export function packsDirectory(shelf: Shelf): string {
  return join(shelf.directory, 'packs');
}

const packEnding = '.pack';

export function packPath(shelf: Shelf, name: string): string {
  return join(packsDirectory(shelf), name + packEnding);
}

/** The name of a pack by that of its file; `null` for other files. */
export function packName(file: string): string | null {
  const name = file.slice(0, -packEnding.length);
  return file.endsWith(packEnding) && isDigest(name) ? name : null;
}

/** Copies of the packs' records, many packs in a file; made anew when they are lost. */
export function tablesDirectory(shelf: Shelf): string {
  return join(shelf.directory, 'tables');
}

export function tablePath(shelf: Shelf, name: string): string {
  return join(tablesDirectory(shelf), name);
}

/** What older versions kept in place of tables. */
export function indexPath(shelf: Shelf): string {
  return join(shelf.directory, 'index');
}

export function unfinishedPath(shelf: Shelf): string {
  const name = unfinishedPrefix + shelf.platform.random.token(12);
  return join(shelf.temporaryDirectory, name);
}

/** The length of an object; `null` when it is not here. */
export async function objectSize(shelf: Shelf, sha256: string): Promise<number | null> {
  const facts = await shelf.platform.disk.facts(objectPath(shelf, sha256));
  return facts?.kind === 'file' ? facts.size : null;
}

/** What lies in a directory under its digest, in the shard of its first two digits. */
export async function digestsIn(shelf: Shelf, directory: string): Promise<string[]> {
  const { disk } = shelf.platform;
  const found: string[] = [];
  for (const shard of (await disk.list(directory)) ?? []) {
    if (!/^[0-9a-f]{2}$/.test(shard.name)) continue;
    for (const { name, kind } of (await disk.list(join(directory, shard.name))) ?? []) {
      if (kind === 'file' && isDigest(name) && name.startsWith(shard.name)) found.push(name);
    }
  }
  return found;
}
