import { join } from 'node:path';
import { withBases } from './collect';
import {
  digestsIn,
  objectSize,
  packsDirectory,
  recipePath,
  type Shelf,
  tablesDirectory,
} from './layout';
import type { PackIndex } from './packIndex';
import type { PackRows } from './packRows';
import { damagedRecipe, loadRecipe } from './recipe';
import type { Usage } from './store';

/** What something takes on the disk: a chunk, a recipe, a whole file. */
type Parts = Map<string, number>;

/**
 * What groups of artifacts (versions) take: by themselves, which is what removing one would free, and
 * together with others. A chunk that others are deltas of is needed by those too.
 */
export async function usageOf(
  shelf: Shelf,
  index: PackIndex,
  groups: readonly (readonly string[])[],
): Promise<Usage> {
  await index.refresh();
  const rows = await index.inMemory();
  const known = new Map<string, Promise<Parts>>();
  const parts: Parts[] = [];
  for (const group of groups) {
    const all: Parts = new Map();
    for (const sha256 of group) {
      const own = known.get(sha256) ?? partsOf(shelf, rows, sha256);
      known.set(sha256, own);
      for (const [part, bytes] of await own) all.set(part, bytes);
    }
    parts.push(all);
  }
  const users = new Map<string, number>();
  for (const part of parts.flatMap((all) => [...all.keys()])) {
    users.set(part, (users.get(part) ?? 0) + 1);
  }
  return { bytes: await wholeStore(shelf), groups: parts.map((all) => split(all, users)) };
}

function split(parts: Parts, users: ReadonlyMap<string, number>) {
  const usage = { own: 0, shared: 0 };
  for (const [part, bytes] of parts) usage[users.get(part) === 1 ? 'own' : 'shared'] += bytes;
  return usage;
}

async function partsOf(shelf: Shelf, rows: PackRows, sha256: string): Promise<Parts> {
  const parts: Parts = new Map();
  const recipe = await loadRecipe(shelf, sha256);
  const facts = await shelf.platform.disk.facts(recipePath(shelf, sha256));
  if (facts !== null) parts.set(`recipe ${sha256}`, facts.size);
  const whole = await objectSize(shelf, sha256);
  if (whole !== null) parts.set(`file ${sha256}`, whole);
  if (recipe === null || recipe === damagedRecipe) return parts;
  const chunks = new Set<string>();
  for (const { digest } of recipe.chunks ?? []) withBases(rows, digest, chunks);
  for (const digest of chunks) {
    const [location] = rows.find(digest);
    if (location !== undefined) parts.set(digest, location.stored);
  }
  return parts;
}

async function wholeStore(shelf: Shelf): Promise<number> {
  const { disk } = shelf.platform;
  const files: string[] = [];
  for (const directory of [packsDirectory(shelf), tablesDirectory(shelf)]) {
    for (const { name } of (await disk.list(directory)) ?? []) files.push(join(directory, name));
  }
  for (const sha256 of await digestsIn(shelf, join(shelf.directory, 'recipes'))) {
    files.push(recipePath(shelf, sha256));
  }
  let bytes = 0;
  for (const file of files) bytes += (await disk.facts(file))?.size ?? 0;
  for (const sha256 of await digestsIn(shelf, shelf.directory)) {
    bytes += (await objectSize(shelf, sha256)) ?? 0;
  }
  return bytes;
}
