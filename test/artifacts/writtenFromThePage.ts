/**
 * A reader of stores, written from docs/formats.md and sharing no line with the product: what the page
 * says must be enough to get every byte back. As slow as it is plain.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, zstdDecompressSync } from 'node:zlib';

interface Row {
  readonly payload: Buffer;
  readonly length: number;
  readonly encoding: number;
  readonly width: number;
  readonly base: string | null;
}
type Rows = ReadonlyMap<string, Row>;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Every artifact of a store, by its name. */
export function readStore(store: string): Map<string, Buffer> {
  const rows = readPacks(join(store, 'packs'));
  const recipes = readdirSync(join(store, 'recipes'), { recursive: true, withFileTypes: true });
  const found = new Map<string, Buffer>();
  for (const entry of recipes.filter((one) => one.isFile())) {
    const bytes = artifact(rows, readFileSync(join(entry.parentPath, entry.name)));
    must(sha256(bytes) === entry.name, 'another artifact');
    found.set(entry.name, bytes);
  }
  return found;
}

/** How the chunks of a store are written: each kind once. */
export function encodingsIn(store: string): Set<string> {
  const rows = [...readPacks(join(store, 'packs')).values()];
  return new Set(rows.map(({ encoding, width }) => `${encoding} of ${width}`));
}

function readPacks(directory: string): Rows {
  const rows = new Map<string, Row>();
  for (const name of readdirSync(directory).filter((one) => one.endsWith('.pack'))) {
    const pack = readFileSync(join(directory, name));
    const end = pack.subarray(-48);
    must(pack.toString('latin1', 0, 8) === 'CAIRNPK1', 'no pack');
    must(end.toString('latin1', 0, 8) === 'CAIRNEND', 'no end');
    const table = pack.subarray(-48 - 80 * end.readUInt32LE(8), -48);
    must(`${sha256(table)}.pack` === name && end.toString('hex', 16) === sha256(table), 'its name');
    for (let at = 0; at < table.length; at += 80) {
      const row = table.subarray(at, at + 80);
      const start = row.readUInt32LE(64);
      const base = row.toString('hex', 32, 64);
      rows.set(row.toString('hex', 0, 32), {
        payload: pack.subarray(start, start + row.readUInt32LE(68)),
        length: row.readUInt32LE(72),
        encoding: row[76] ?? 99,
        width: row[77] ?? 0,
        base: /^0+$/.test(base) ? null : base,
      });
    }
  }
  return rows;
}

/** For each chunk that tables tell of: its record as they have it, and as a pack has it. */
export function readTables(store: string) {
  const table = new Map<string, Buffer>();
  for (const name of readdirSync(join(store, 'tables'))) {
    const bytes = readFileSync(join(store, 'tables', name));
    const end = bytes.subarray(-48);
    must(bytes.toString('latin1', 0, 8) === 'CAIRNTB1', 'no table');
    must(end.toString('latin1', 0, 8) === 'CAIRNTBE', 'no end');
    const [rows, packs] = [end.readUInt32LE(8), end.readUInt32LE(12)];
    const listing = bytes.subarray(8 + 84 * rows, -48);
    must(sha256(listing) === name && end.toString('hex', 16) === name, 'its name');
    const pages = Math.ceil(rows / 195);
    must(listing.length === 12 * pages + 36 * packs, 'what it lists');
    for (let page = 0; page < pages; page += 1) {
      const entry = listing.subarray(12 * page, 12 * page + 12);
      const [from, to] = [195 * page, Math.min(rows, 195 * (page + 1))];
      const part = bytes.subarray(8 + 84 * from, 8 + 84 * to);
      must(crc32(part) === entry.readUInt32LE(8), 'a page');
      must(part.subarray(0, 8).equals(entry.subarray(0, 8)), 'where a page begins');
    }
    for (let at = 8; at < 8 + 84 * rows; at += 84) {
      const row = bytes.subarray(at, at + 84);
      const pack = listing.subarray(12 * pages + 36 * row.readUInt32LE(80)).toString('hex', 0, 32);
      const file = readFileSync(join(store, 'packs', `${pack}.pack`));
      const before = file.subarray(row.readUInt32LE(64) - 80, row.readUInt32LE(64));
      must(before.equals(row.subarray(0, 80)), 'the record before the payload');
      table.set(row.toString('hex', 0, 32), row.subarray(0, 80));
    }
  }
  return { table, packs: recordsOf(join(store, 'packs')) };
}

function recordsOf(directory: string): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (const name of readdirSync(directory).filter((one) => one.endsWith('.pack'))) {
    const pack = readFileSync(join(directory, name));
    const from = pack.length - 48 - 80 * pack.readUInt32LE(pack.length - 40);
    for (let at = from; at < pack.length - 48; at += 80) {
      records.set(pack.toString('hex', at, at + 32), pack.subarray(at, at + 80));
    }
  }
  return records;
}

function artifact(rows: Rows, recipe: Buffer): Buffer {
  must(recipe.toString('latin1', 0, 8) === 'CAIRNRC1', 'no recipe');
  must(sha256(recipe.subarray(0, -32)) === recipe.toString('hex', recipe.length - 32), 'its end');
  const body = recipe.subarray(32, 32 + recipe.readUInt32LE(24));
  if (recipe[8] === 2) return body;
  if (recipe[8] === 3) return zstdDecompressSync(body);
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += 48) {
    parts.push(chunk(rows, body.toString('hex', at, at + 32)));
  }
  const whole = Buffer.concat(parts);
  must(whole.length === Number(recipe.readBigUInt64LE(16)), 'another length');
  return whole;
}

function chunk(rows: Rows, digest: string): Buffer {
  const row = rows.get(digest);
  if (row === undefined) throw new Error('no such chunk');
  const found = decoded(rows, row);
  must(sha256(found) === digest, 'another chunk');
  return found;
}

function decoded(rows: Rows, { encoding, payload, width, length, base }: Row): Buffer {
  if (encoding === 0) return payload;
  const elements = Math.floor(length / width);
  if (encoding === 1) return interleaved(planes(payload, width, [elements]), width, length);
  const before = chunk(rows, base ?? '');
  if (width !== 2) {
    const difference = interleaved(planes(payload, width, [elements]), width, length);
    return applied(before, difference, width);
  }
  const { runs, order } = sorted(before, elements);
  const inOrder = planes(payload, width, runs);
  const difference = Buffer.from(inOrder);
  for (const [place, element] of order.entries()) {
    difference[element] = inOrder[place] ?? 0;
    difference[elements + element] = inOrder[elements + place] ?? 0;
  }
  return applied(before, interleaved(difference, width, length), width);
}

/** All planes, one after the other, and the bytes of no plane. */
function planes(payload: Buffer, width: number, runs: readonly number[]): Buffer {
  const count = width * runs.length;
  const parts: Buffer[] = [];
  let at = 4 * count;
  for (let place = 0; place < count; place += 1) {
    const stated = payload.readUInt32LE(4 * place);
    const isFrame = stated >= 2 ** 31;
    const written = payload.subarray(at, at + (isFrame ? stated - 2 ** 31 : stated));
    parts.push(isFrame ? zstdDecompressSync(written) : written);
    must(parts.at(-1)?.length === runs[place % runs.length], 'another run');
    at += written.length;
  }
  return Buffer.concat([...parts, payload.subarray(at)]);
}

function interleaved(bytes: Buffer, width: number, length: number): Buffer {
  const elements = Math.floor(length / width);
  const found = Buffer.from(bytes);
  for (let element = 0; element < elements; element += 1) {
    for (let plane = 0; plane < width; plane += 1) {
      found[element * width + plane] = bytes[plane * elements + element] ?? 0;
    }
  }
  must(found.length === length, 'another length');
  return found;
}

function sorted(base: Buffer, elements: number): { runs: number[]; order: number[] } {
  const classes: number[][] = Array.from({ length: 256 }, () => []);
  for (let at = 0; at < elements; at += 1) {
    classes[(base.readUInt16LE(2 * at) >> 7) & 255]?.push(at);
  }
  const order = classes.flat();
  const runs: number[] = [];
  let open = 0;
  for (const { length } of classes) {
    open += length;
    if (open < 32_768) continue;
    runs.push(open);
    open = 0;
  }
  if (runs.length === 0) return { runs: elements === 0 ? [] : [open], order };
  runs.push((runs.pop() ?? 0) + open);
  return { runs, order };
}

/** The chunk that differs so much from its base. */
function applied(base: Buffer, difference: Buffer, width: number): Buffer {
  const found = Buffer.from(base);
  const inBlocks = width === 2 || width === 4 ? base.length - (base.length % 16) : 0;
  const [bits, top] = [8 * width, 2 ** (8 * width - 1)];
  for (let at = 0; at < inBlocks; at += width) {
    const said = difference.readUIntLE(at, width);
    const by = said % 2 === 0 ? said / 2 : -(said + 1) / 2;
    const other = base.readUIntLE(at, width);
    const place = other >= top ? 2 * top - 1 - other : other + top;
    const moved = (((place + by) % 2 ** bits) + 2 ** bits) % 2 ** bits;
    found.writeUIntLE(moved >= top ? moved - top : 2 * top - 1 - moved, at, width);
  }
  for (let at = inBlocks; at < base.length; at += 1) {
    found[at] = (base[at] ?? 0) ^ (difference[at] ?? 0);
  }
  return found;
}
