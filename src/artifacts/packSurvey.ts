import { Failure } from '../core/failure';
import {
  isDigest,
  packName,
  packPath,
  packsDirectory,
  type Shelf,
  tablesDirectory,
} from './layout';
import { readListing } from './listing';
import { OpenFiles } from './openFiles';
import { recordsLength } from './packFormat';
import type { Known, Teller } from './packRows';
import { PackTable } from './packTable';
import { TableFile } from './tableFile';

/** So many packs or tables are asked at once. */
const askedAtOnce = 16;

/**
 * Looks at what lies there: takes up new packs and tables, and lets go of those that are gone.
 * @param before what was known: no table or pack is asked twice
 * @param refused tables that are not to be gone by
 */
export async function survey(
  shelf: Shelf,
  before: Known,
  refused: ReadonlySet<string>,
): Promise<Known> {
  const { disk } = shelf.platform;
  const files = new OpenFiles(disk);
  try {
    const [entries, tables] = await Promise.all([
      disk.list(packsDirectory(shelf)),
      tablesThere(shelf, files, before, refused),
    ]);
    const present = new Set((entries ?? []).flatMap(({ name }) => packName(name) ?? []));
    const { packs, ...told } = whatTablesTell(present, tables);
    const loose = await packsAsked(
      { shelf, files, before },
      [...present].filter((name) => !packs.has(name)),
    );
    for (const teller of loose) {
      for (const { name, length } of teller.packs) packs.set(name, { teller, length });
    }
    return { ...told, loose, packs };
  } finally {
    await files.close();
  }
}

interface TablesThere {
  /** Longest first. */
  readonly read: readonly TableFile[];
  readonly broken: readonly string[];
}

async function tablesThere(
  shelf: Shelf,
  files: OpenFiles,
  { tables }: Known,
  refused: ReadonlySet<string>,
): Promise<TablesThere> {
  const entries = (await shelf.platform.disk.list(tablesDirectory(shelf))) ?? [];
  const names = entries.filter(({ name, kind }) => kind === 'file' && isDigest(name));
  const known = new Map(tables.map((table) => [table.name, table]));
  const found = await someAtOnce(names, async ({ name }) => {
    if (refused.has(name)) return name;
    return known.get(name) ?? (await TableFile.read(shelf, files, name)) ?? name;
  });
  const read = found.filter((one) => typeof one !== 'string');
  return {
    read: read.sort((one, other) => other.length - one.length),
    broken: found.filter((one) => typeof one === 'string'),
  };
}

/** Of two tables that tell of a pack, the longer one counts. */
function whatTablesTell(present: ReadonlySet<string>, { read, broken }: TablesThere) {
  const packs = new Map<string, { teller: Teller; length: number }>();
  const tables: TableFile[] = [];
  const useless = [...broken];
  for (const teller of read) {
    const news = teller.packs.filter(({ name }) => present.has(name) && !packs.has(name));
    for (const { name, length } of news) packs.set(name, { teller, length });
    if (news.length > 0) tables.push(teller);
    else useless.push(teller.name);
  }
  return { packs, tables, useless };
}

async function packsAsked(
  { shelf, files, before }: { shelf: Shelf; files: OpenFiles; before: Known },
  names: readonly string[],
): Promise<PackTable[]> {
  const known = new Map(before.loose.map((table) => [table.packs[0]?.name, table]));
  const asked = await someAtOnce(
    names,
    async (name) => known.get(name) ?? readPack(shelf, files, name),
  );
  return asked.filter((table) => table !== null);
}

async function someAtOnce<T, R>(values: readonly T[], ask: (value: T) => Promise<R>): Promise<R[]> {
  const found: R[] = [];
  for (let at = 0; at < values.length; at += askedAtOnce) {
    found.push(...(await Promise.all(values.slice(at, at + askedAtOnce).map(ask))));
  }
  return found;
}

/** What a pack's end says it holds; `null` when it is gone or its end is not what was written. */
async function readPack(shelf: Shelf, files: OpenFiles, name: string): Promise<PackTable | null> {
  const { hashing } = shelf.platform;
  try {
    const file = { path: packPath(shelf, name), name };
    const listing = await readListing({ files, hashing }, file, recordsLength);
    return listing === null ? null : PackTable.of({ name, length: listing.size }, listing.bytes);
  } catch (error) {
    // It is gone, or has a bad sector in its end: then none of it can be found.
    if (!(error instanceof Failure) || error.code !== 'disk-failed') throw error;
    return null;
  }
}
