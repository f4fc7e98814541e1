import { join } from 'node:path';
import { throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import { ChunkSource } from './chunkSource';
import { giveBack } from './coder';
import { LastingDirectories } from './lasting';
import { digestsIn, objectPath, packPath, packsDirectory, recipePath, type Shelf } from './layout';
import { endLength } from './listing';
import { recordLength } from './packFormat';
import type { PackIndex } from './packIndex';
import type { PackRows } from './packRows';
import type { Location } from './packTable';
import { PackWriter } from './packWriter';
import { PieceMemory } from './pieceMemory';
import { damagedRecipe, loadRecipe } from './recipe';
import type { Collected, CollectRequest } from './store';
import { isStoring } from './unfinished';

/** A pack of which at least this part is garbage is written anew without it. */
const worthRewriting = 0.2;
/** Packs shorter than this are put together, once there are several. */
const shortPack = 8 << 20;
const fewShortPacks = 8;

interface Plan {
  /** What is younger stays; nanoseconds since the epoch. */
  readonly before: bigint;
  /** Recipes and whole files to remove. */
  readonly doomed: readonly string[];
  /** What they take on the disk. */
  readonly doomedBytes: number;
  /** Packs to remove; what lives in them is written to new ones first. */
  readonly packs: ReadonlyMap<string, readonly Location[]>;
  /** By which the packs get shorter. */
  readonly garbage: number;
}

/**
 * Removes what nobody needs: first the recipes, then, from packs with much garbage, the chunks that no
 * recipe and no delta needs any more. What lives on is in new packs before the old ones go.
 *
 * Others may store at the same time, and rely on chunks that are garbage here: their unfinished files
 * show it, and no pack is removed while there are some; who begins at the very moment a pack goes
 * finds, at its end, that something lacks, and stores it again.
 */
export async function collect(
  shelf: Shelf,
  index: PackIndex,
  request: CollectRequest,
  activity?: Activity,
): Promise<Collected> {
  await index.refresh();
  const plan = await planned(shelf, index, request, activity);
  if (!request.dryRun) await carryOut(shelf, index, plan, activity);
  return { artifacts: plan.doomed.length, bytes: plan.doomedBytes + plan.garbage };
}

async function planned(
  shelf: Shelf,
  index: PackIndex,
  { isLive, grace }: CollectRequest,
  activity?: Activity,
): Promise<Plan> {
  const now = BigInt(shelf.platform.clock.now().getTime());
  const before = (now - BigInt(grace)) * 1_000_000n;
  const doomed: string[] = [];
  const kept: string[] = [];
  let doomedBytes = 0;
  for (const sha256 of await everyArtifact(shelf)) {
    throwIfCancelled(activity?.signal);
    const found = await onDisk(shelf, sha256);
    if (isLive(sha256) || found.modified > before) kept.push(sha256);
    else {
      doomed.push(sha256);
      doomedBytes += found.bytes;
    }
  }
  const rows = await index.inMemory();
  const needed = await neededChunks(shelf, rows, kept);
  const garbage =
    needed === null ? new Map<string, Location[]>() : await packPlan(shelf, rows, needed, before);
  return { before, doomed, doomedBytes, packs: garbage, garbage: sparedBy(rows, garbage) };
}

async function everyArtifact(shelf: Shelf): Promise<Set<string>> {
  const recipes = await digestsIn(shelf, join(shelf.directory, 'recipes'));
  return new Set([...recipes, ...(await digestsIn(shelf, shelf.directory))]);
}

async function onDisk(shelf: Shelf, sha256: string): Promise<{ bytes: number; modified: bigint }> {
  const { disk } = shelf.platform;
  let [bytes, modified] = [0, 0n];
  for (const path of [recipePath(shelf, sha256), objectPath(shelf, sha256)]) {
    const facts = await disk.facts(path);
    if (facts?.kind !== 'file') continue;
    bytes += facts.size;
    if (facts.modified > modified) modified = facts.modified;
  }
  return { bytes, modified };
}

/**
 * The chunks of these artifacts and what they rest on; `null` when a recipe cannot be read: then
 * nobody knows what it needs, and nothing may go.
 */
async function neededChunks(
  shelf: Shelf,
  rows: PackRows,
  artifacts: readonly string[],
): Promise<Set<string> | null> {
  const needed = new Set<string>();
  for (const sha256 of artifacts) {
    const recipe = await loadRecipe(shelf, sha256);
    if (recipe === damagedRecipe) return null;
    for (const { digest } of recipe?.chunks ?? []) withBases(rows, digest, needed);
  }
  return needed;
}

/** Adds a chunk and all that any of its copies rests on. */
export function withBases(rows: PackRows, digest: string, into: Set<string>): void {
  const waiting = [digest];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (into.has(next)) continue;
    into.add(next);
    for (const { base } of rows.find(next)) if (base !== null) waiting.push(base);
  }
}

/** Which packs are to be replaced, with what lives in each. */
async function packPlan(
  shelf: Shelf,
  rows: PackRows,
  needed: ReadonlySet<string>,
  before: bigint,
): Promise<Map<string, Location[]>> {
  const living = new Map<string, Location[]>();
  for (const location of rows.locations()) {
    if (!needed.has(location.digest)) continue;
    const those = living.get(location.pack) ?? [];
    those.push(location);
    living.set(location.pack, those);
  }
  const lost = rows.condemned().filter(({ digest }) => rows.find(digest).length === 0);
  const lacking = new Set(lost.filter(({ digest }) => needed.has(digest)).map(({ pack }) => pack));
  const replaced = new Map<string, Location[]>();
  const short: string[] = [];
  for (const { name, length } of rows.packs) {
    const facts = await shelf.platform.disk.facts(packPath(shelf, name));
    // One that is damaged stays: what is whole in it may be all there is.
    if (facts === null || facts.modified > before || facts.size !== length) continue;
    if (lacking.has(name)) continue;
    const alive = living.get(name) ?? [];
    if (bytesOf(alive) < length * (1 - worthRewriting)) replaced.set(name, alive);
    else if (length < shortPack) short.push(name);
  }
  if (short.length >= fewShortPacks) {
    for (const name of short) replaced.set(name, living.get(name) ?? []);
  }
  return replaced;
}

function bytesOf(locations: readonly Location[]): number {
  return locations.reduce((sum, { stored }) => sum + stored + 2 * recordLength, endLength);
}

function sparedBy(rows: PackRows, packs: ReadonlyMap<string, readonly Location[]>): number {
  const lengths = new Map(rows.packs.map(({ name, length }) => [name, length]));
  let spared = 0;
  for (const [name, alive] of packs) {
    spared += (lengths.get(name) ?? 0) - (alive.length === 0 ? 0 : bytesOf(alive));
  }
  return Math.max(0, spared);
}

async function carryOut(
  shelf: Shelf,
  index: PackIndex,
  { doomed, packs, before }: Plan,
  activity?: Activity,
): Promise<void> {
  const { disk } = shelf.platform;
  const known = await everyArtifact(shelf);
  for (const sha256 of doomed) {
    // Somebody may have come to need it since.
    if ((await onDisk(shelf, sha256)).modified > before) return;
    await disk.remove(recipePath(shelf, sha256));
    await disk.remove(objectPath(shelf, sha256));
  }
  await rewrite(shelf, index, [...packs.values()].flat(), activity);
  const now = await everyArtifact(shelf);
  if ([...now].some((sha256) => !known.has(sha256))) return;
  for (const name of packs.keys()) {
    if (await isStoring(shelf)) break;
    await disk.remove(packPath(shelf, name));
  }
  if (packs.size > 0) await disk.syncDirectory(packsDirectory(shelf));
  await index.refresh();
  if (packs.size > 0) await index.tidyAll();
}

/** Copies chunks, as they are written, into new packs; of several copies one is enough. */
async function rewrite(
  shelf: Shelf,
  index: PackIndex,
  locations: readonly Location[],
  activity?: Activity,
): Promise<void> {
  const writer = new PackWriter(shelf, new LastingDirectories(shelf));
  const source = new ChunkSource(shelf, index);
  const memory = new PieceMemory();
  const written = new Set<string>();
  try {
    for (const location of locations) {
      throwIfCancelled(activity?.signal);
      if (written.has(location.digest)) continue;
      written.add(location.digest);
      const stored = await source.read([location], memory);
      for (const chunk of stored) await writer.add({ ...location, chunk });
      giveBack(stored, memory);
      report(written.size, locations.length, activity);
    }
    await writer.publish();
  } catch (error) {
    await writer.drop();
    throw error;
  } finally {
    await source.close();
  }
}

function report(done: number, total: number, activity?: Activity): void {
  activity?.progress?.({ phase: 'storing', path: 'packs', done, total, unit: 'files' });
}
