import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodings } from '../../src/artifacts/chunkCode';
import type { Shelf } from '../../src/artifacts/layout';
import { OpenFiles } from '../../src/artifacts/openFiles';
import { writeRecord } from '../../src/artifacts/packFormat';
import { PackTable } from '../../src/artifacts/packTable';
import { TableFile } from '../../src/artifacts/tableFile';
import { TablePages } from '../../src/artifacts/tablePages';
import { writeTable } from '../../src/artifacts/tableWriter';
import { nodePlatform } from '../../src/platform';
import { freshPath, scratchDirectory } from '../platform/scratch';
import { sha256Of } from './contract';
import { flip, fourVersions, type ModelFile, modelFile, noise, StoreBench } from './modelFiles';
import { readTables } from './writtenFromThePage';

const runs = Number(process.env.CAIRN_RUNS ?? 5);
const root = scratchDirectory('tables');
const rowLength = 84;

async function areSound(site: StoreBench, files: readonly ModelFile[]): Promise<void> {
  const store = site.open();
  for (const { bytes } of files) {
    expect(await store.check(sha256Of(bytes), bytes.length, true)).toBe('sound');
    expect(bytes.equals(await store.readWhole(sha256Of(bytes), bytes.length))).toBe(true);
  }
}

async function tablesOf(site: StoreBench): Promise<string[]> {
  const directory = join(site.directory, 'tables');
  return (await readdir(directory)).map((name) => join(directory, name));
}

/** A store in which all packs but the last few are in one table. */
async function tabled() {
  const site = new StoreBench(root);
  const files = [
    ...fourVersions(70_000),
    ...Array.from({ length: 6 }, () => modelFile({ only: noise(20_000) })),
  ];
  await site.putAll(files);
  const tables = await tablesOf(site);
  expect(tables).toHaveLength(1);
  return { site, files, table: tables[0] as string };
}

/** Writes a table anew, with other rows and a name that fits them. */
async function forge(table: string, change: (rows: Buffer[]) => Buffer[]): Promise<void> {
  const before = await readFile(table);
  const [rowCount, packCount] = [before.readUInt32LE(before.length - 40), before.length - 36];
  const packs = before.readUInt32LE(packCount);
  const listed = before.subarray(before.length - 48 - 36 * packs, before.length - 48);
  const rows = Array.from({ length: rowCount }, (_, at) =>
    Buffer.from(before.subarray(8 + at * rowLength, 8 + (at + 1) * rowLength)),
  );
  const changed = change(rows).sort(Buffer.compare);
  const pages: Buffer[] = [];
  for (let at = 0; at < changed.length; at += 195) {
    const page = Buffer.concat(changed.slice(at, at + 195));
    const entry = Buffer.alloc(12);
    page.copy(entry, 0, 0, 8);
    entry.writeUInt32LE(crc32(page), 8);
    pages.push(entry);
  }
  const listing = Buffer.concat([...pages, listed]);
  const end = Buffer.from(before.subarray(before.length - 48));
  end.writeUInt32LE(changed.length, 8);
  const name = createHash('sha256').update(listing).digest('hex');
  end.write(name, 16, 'hex');
  await rm(table);
  const bytes = Buffer.concat([before.subarray(0, 8), ...changed, listing, end]);
  await writeFile(join(table, '..', name), bytes);
}

describe('a table', () => {
  it('tells what its packs tell, also of chunks that are in hundreds of them', async () => {
    const platform = nodePlatform();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 260 }), fc.nat({ max: 3 }), async (count, own) => {
        const home = freshPath(root);
        await mkdir(home);
        const shelf: Shelf = { platform, directory: home, temporaryDirectory: join(home, 'tmp') };
        const everywhere = sha256Of(noise(10));
        const packs = Array.from({ length: count }, (_, at) => {
          const digests = [everywhere, ...Array.from({ length: own }, () => sha256Of(noise(10)))];
          const records = digests.sort().map((digest) =>
            writeRecord({
              ...{ digest, base: null, offset: 88 + at, stored: 10, length: 10 },
              ...{ encoding: encodings.raw, width: 1, depth: 0 },
            }),
          );
          const sorted = Buffer.concat(records);
          return PackTable.of({ name: sha256Of(sorted), length: 1000 + at }, sorted);
        });
        const [gone] = packs;
        const files = new OpenFiles(platform.disk);
        const sources = packs.map((table) => ({ table, keeps: () => count < 3 || table !== gone }));
        const name = await writeTable(shelf, files, sources);
        const table = await TableFile.read(shelf, files, name ?? '');
        const kept = packs.filter((one) => count < 3 || one !== gone);
        expect(table?.packs).toEqual(kept.flatMap((one) => one.packs));
        const pages = new TablePages();
        for (const { digest } of [...(kept[0] ?? []), ...(gone ?? []), ...(kept.at(-1) ?? [])]) {
          const key = Buffer.from(digest, 'hex');
          const found = (await table?.find(key, files, pages)) ?? [];
          const expected = kept.flatMap((one) => one.find(key));
          const byPack = (one: { pack: string }, other: { pack: string }) =>
            one.pack < other.pack ? -1 : 1;
          expect(found.sort(byPack)).toEqual(expected.sort(byPack));
        }
        expect((await table?.inMemory(files, platform.hashing))?.length).toBe(
          kept.reduce((sum, { length }) => sum + length, 0),
        );
        await files.close();
      }),
      { numRuns: runs },
    );
  });

  it('that is lost, cut off or has another bit is done without, and replaced by the next', async () => {
    const { site, files, table } = await tabled();
    const bytes = await readFile(table);
    for (const place of [0, 0.2, 0.8, 0.95, 0.999]) {
      await flip(table, place);
      await areSound(site, files);
      await writeFile(table, bytes);
    }
    for (const length of [bytes.length - 1, 200, 0]) {
      for (const one of await tablesOf(site)) await truncate(one, length);
      await areSound(site, files);
      const added = modelFile({ only: noise(20_000) });
      await site.put(added, null, site.open());
      files.push(added);
    }
    await rm(join(site.directory, 'tables'), { recursive: true });
    await writeFile(join(site.directory, 'index'), 'as older versions had it');
    await areSound(site, files);
    await site.put(modelFile({ only: noise(20_000) }), null, site.open());
    expect((await readdir(site.directory)).sort()).toEqual(['packs', 'recipes', 'tables']);
    await areSound(site, files);
  });

  it.each([
    ['that other chunks lie there', swapped],
    ['that chunks lie elsewhere', moved],
    ['that there are fewer chunks', (rows: Buffer[]) => rows.filter((_, at) => at % 2 === 0)],
    ['that nothing rests on anything', baseless],
    ['of chunks as long as nothing is', endless],
  ])('that lies, with checks that fit: %s, loses nothing', async (_what, change) => {
    const { site, files, table } = await tabled();
    await forge(table, change);
    await areSound(site, files);
    const opened = site.open();
    for (const file of files) {
      const { bytes } = file;
      expect(await opened.has(sha256Of(bytes), bytes.length)).toBe(true);
    }
    // A base is looked up there too, and what seems to be here already.
    const digests = files.map(({ bytes }) => sha256Of(bytes));
    const added = fourVersions(70_000).map((version) => modelFile({ moving: version.bytes }));
    const again = site.open();
    for (const file of added) await site.put(file, digests[3] ?? null, again);
    const gone = new Set(digests.slice(4, 6));
    await again.collect({ grace: -1000, dryRun: false, isLive: (sha256) => !gone.has(sha256) });
    const kept = files.filter(({ bytes }) => !gone.has(sha256Of(bytes)));
    await areSound(site, [...kept, ...added]);
  });

  it('that lies keeps nobody from storing what it says is here', async () => {
    const { site, table } = await tabled();
    const lost = modelFile({ only: noise(30_000) });
    const length = lost.bytes.length - 300;
    await forge(table, (rows) => {
      const [row] = rows;
      row?.write(sha256Of(lost.bytes.subarray(300)), 0, 'hex');
      row?.writeUInt32LE(length, 72);
      return rows;
    });
    await site.put(lost, null, site.open());
    await rm(join(site.directory, 'tables'), { recursive: true, force: true });
    await areSound(site, [lost]);
  });

  it('says the same as the packs to whoever reads the page', async () => {
    const { site } = await tabled();
    const { table, packs } = readTables(site.directory);
    expect(table.size).toBeGreaterThan(8);
    for (const [digest, row] of table) expect(packs.get(digest)?.equals(row)).toBe(true);
  });
});

function swapped(rows: Buffer[]): Buffer[] {
  const places = rows.map((row) => Buffer.from(row.subarray(32)));
  return rows.map((row, at) =>
    Buffer.concat([row.subarray(0, 32), places[(at + 1) % rows.length] as Buffer]),
  );
}

function moved(rows: Buffer[]): Buffer[] {
  for (const row of rows) row.writeUInt32LE(row.readUInt32LE(64) + 1, 64);
  return rows;
}

function baseless(rows: Buffer[]): Buffer[] {
  for (const row of rows) row.fill(0, 32, 64);
  return rows;
}

function endless(rows: Buffer[]): Buffer[] {
  for (const row of rows) row.writeUInt32LE(0xffffffff, 68);
  return rows;
}
