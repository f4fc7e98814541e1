import type { RangeReader } from '../platform';
import { EndOfFile } from './cursor';
import { type Hdf5Bytes, type Hdf5Frame, Hdf5Unsound, hdf5At, upTo } from './hdf5Bytes';
import { hdf5Links } from './hdf5Groups';
import { heapObjects } from './hdf5Heap';
import { type Hdf5Message, hdf5Messages } from './hdf5Object';
import { type Hdf5Type, hdf5Shape, hdf5Type } from './hdf5Type';

/** Where a dataset's values are. */
export type Hdf5Layout =
  | { readonly kind: 'contiguous'; readonly offset: number; readonly length: number }
  | { readonly kind: 'compact'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'chunked';
      /** Of the tree of chunks; `null` where none was written, or the index is not read. */
      readonly tree: number | null;
      readonly chunk: readonly number[];
      /** 1 deflate, 2 shuffle, … in the order of writing. */
      readonly filters: readonly number[];
    }
  | { readonly kind: 'virtual' | 'external' | 'unwritten' | 'filled' };

export interface Hdf5Dataset {
  /** Names of groups and its own, joined with slashes. */
  readonly path: string;
  readonly type: Hdf5Type;
  readonly shape: readonly number[];
  readonly layout: Hdf5Layout;
}

/** All that the walk over a file found. */
export interface Hdf5Contents {
  readonly frame: Hdf5Frame;
  readonly datasets: readonly Hdf5Dataset[];
  /** `path@name` → text, of attributes that are one text or a list of texts. */
  readonly texts: ReadonlyMap<string, string>;
  /** Paths of links that lead to another file, with where to. */
  readonly external: readonly { readonly path: string; readonly target: string }[];
  /** What could not be read, each a sentence. */
  readonly unread: readonly string[];
}

const mostObjects = 200_000;
const deepestGroup = 64;
const longestText = 32 * 1024 * 1024;

/**
 * Walks over all groups of an HDF5 file. Nothing outside the file is ever opened: links, storage and
 * virtual datasets that lead to other files are told, not followed. Each object is visited once, so
 * that groups in circles end. Broken objects are told and passed over.
 */
export async function walkHdf5(reader: RangeReader, superblock: number): Promise<Hdf5Contents> {
  const { frame, root } = await openSuperblock(reader, superblock);
  const walk = new Hdf5Walk(frame);
  await walk.visit('', root, 0);
  return { frame, ...walk.found };
}

async function openSuperblock(
  reader: RangeReader,
  at: number,
): Promise<{ frame: Hdf5Frame; root: number }> {
  const plain = { reader, base: 0, offsetWidth: 8, lengthWidth: 8 };
  const head = await hdf5At(plain, at, upTo(plain, at, 128));
  head.skip(8);
  const version = head.u8();
  head.skip(version < 2 ? 4 : 0);
  const offsetWidth = head.u8();
  const lengthWidth = head.u8();
  if (![2, 4, 8].includes(offsetWidth) || ![2, 4, 8].includes(lengthWidth) || version > 3) {
    throw new Hdf5Unsound('its superblock is not sound');
  }
  head.skip(version < 2 ? 9 + (version === 1 ? 4 : 0) : 1);
  const base = head.unsigned(offsetWidth);
  head.skip((version < 2 ? 4 : 2) * offsetWidth);
  // Of old: the root's symbol table entry has the name's offset first, which was passed over.
  const root = head.unsigned(offsetWidth);
  const frame = { reader, base, offsetWidth, lengthWidth };
  return { frame, root: root + base };
}

class Hdf5Walk {
  readonly found = {
    datasets: [] as Hdf5Dataset[],
    texts: new Map<string, string>(),
    external: [] as { path: string; target: string }[],
    unread: [] as string[],
  };
  readonly #seen = new Set<number>();

  constructor(private readonly frame: Hdf5Frame) {}

  async visit(path: string, address: number, depth: number): Promise<void> {
    if (this.#seen.has(address)) return;
    this.#seen.add(address);
    if (depth > deepestGroup || this.#seen.size > mostObjects) {
      this.unread(
        `${path || 'the file'} has groups deeper than ${deepestGroup} or over ${mostObjects} objects`,
      );
      return;
    }
    await this.#tolerant(path, async () => {
      const messages = await hdf5Messages(this.frame, address);
      await this.#tolerant(path, () => this.#attributes(path, messages));
      const links = await hdf5Links(this.frame, messages);
      if (links === null) this.#dataset(path, messages);
      for (const link of links ?? []) {
        const below = path === '' ? link.name : `${path}/${link.name}`;
        if (link.kind === 'hard') await this.visit(below, link.address, depth + 1);
        if (link.kind === 'external')
          this.found.external.push({ path: below, target: link.target });
      }
    });
  }

  unread(what: string): void {
    if (this.found.unread.length < 100) this.found.unread.push(what);
  }

  async #tolerant(path: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Hdf5Unsound || error instanceof EndOfFile)) throw error;
      this.unread(`${path === '' ? 'the root' : path} could not be read: ${error.message}`);
    }
  }

  #dataset(path: string, messages: readonly Hdf5Message[]): void {
    const space = messages.find(({ type }) => type === 0x01);
    const type = messages.find(({ type: number }) => number === 0x03);
    const layout = messages.find(({ type: number }) => number === 0x08);
    if (space === undefined || type === undefined || layout === undefined) return;
    if (type.shared) {
      this.unread(`${path} has a type of its own, which is not read`);
      return;
    }
    const shape = hdf5Shape(space.body) ?? [0];
    const filters = messages.find(({ type: number }) => number === 0x0b);
    const outside = messages.some(({ type: number }) => number === 0x07);
    const stated = outside
      ? ({ kind: 'external' } as const)
      : layoutOf(layout.body, filtersOf(filters?.body));
    const fill = messages.find(({ type: number }) => number === 0x05)?.body.bytes;
    // Values that were never written are the fill value, which is zero unless somebody chose another.
    const zero = fill === undefined || fill.subarray(8).every((byte) => byte === 0);
    const found = stated.kind === 'unwritten' && !zero ? ({ kind: 'filled' } as const) : stated;
    this.found.datasets.push({ path, type: hdf5Type(type.body), shape, layout: found });
  }

  async #attributes(path: string, messages: readonly Hdf5Message[]): Promise<void> {
    const bodies = messages.filter(({ type }) => type === 0x0c).map(({ body }) => body);
    const info = messages.find(({ type }) => type === 0x15)?.body;
    if (info !== undefined) {
      info.skip(1);
      if ((info.u8() & 1) !== 0) info.skip(2);
      const [heap, index] = [info.address(), info.address()];
      if (heap !== null && index !== null) {
        bodies.push(...(await heapObjects(this.frame, heap, index, 0)));
      }
    }
    for (const body of bodies) await this.#attribute(path, body);
  }

  async #attribute(path: string, body: Hdf5Bytes): Promise<void> {
    const version = body.u8();
    const shared = body.u8() & 3;
    const [nameLength, typeLength, spaceLength] = [body.u16(), body.u16(), body.u16()];
    if (version === 3) body.skip(1);
    const padded = (length: number) => (version === 1 ? Math.ceil(length / 8) * 8 : length);
    const name = body.part(padded(nameLength)).text(nameLength);
    if (version > 1 && shared !== 0) {
      this.unread(`${path}@${name} has a type that stands elsewhere, which is not read`);
      return;
    }
    const type = hdf5Type(body.part(padded(typeLength)));
    const shape = hdf5Shape(body.part(padded(spaceLength))) ?? [0];
    const count = shape.reduce((product, size) => product * size, 1);
    if (type.text === null || count * type.bytes > body.left) return;
    const texts: string[] = [];
    for (let index = 0; index < count; index++) {
      if (type.text === 'fixed') texts.push(body.text(type.bytes));
      else texts.push(await globalHeapText(this.frame, body.part(type.bytes)));
    }
    this.found.texts.set(`${path}@${name}`, texts.join('\n'));
  }
}

/** A text of variable length: its length, the address of its collection, its index there. */
async function globalHeapText(frame: Hdf5Frame, reference: Hdf5Bytes): Promise<string> {
  const length = reference.u32();
  const address = reference.address();
  const wanted = reference.u32();
  if (address === null || length === 0) return '';
  const head = await hdf5At(frame, address, 8 + frame.lengthWidth, 'GCOL');
  head.skip(4);
  const size = head.length();
  if (size > longestText) throw new Hdf5Unsound(`a collection of texts has ${size} bytes`);
  const objects = await hdf5At(frame, address, upTo(frame, address, size));
  objects.skip(8 + frame.lengthWidth);
  while (objects.left >= 8 + frame.lengthWidth) {
    const index = objects.u16();
    objects.skip(6);
    const bytes = objects.length();
    if (index === 0) break;
    if (index === wanted) return objects.text(Math.min(bytes, length));
    objects.skip(Math.min(Math.ceil(bytes / 8) * 8, objects.left));
  }
  return '';
}

function filtersOf(body: Hdf5Bytes | undefined): number[] {
  if (body === undefined) return [];
  const version = body.u8();
  const count = body.u8();
  if (version === 1) body.skip(6);
  return Array.from({ length: count }, () => {
    const id = body.u16();
    const nameLength = version === 1 || id >= 256 ? body.u16() : 0;
    body.skip(2);
    const values = body.u16();
    body.skip(version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength);
    body.skip(4 * (version === 1 ? values + (values % 2) : values));
    return id;
  });
}

function layoutOf(body: Hdf5Bytes, filters: readonly number[]): Hdf5Layout {
  const version = body.u8();
  if (version !== 3 && version !== 4)
    throw new Hdf5Unsound(`a layout of version ${version} is not read`);
  const kind = body.u8();
  if (kind === 0) return { kind: 'compact', bytes: body.take(body.u16()) };
  if (kind === 1) {
    const offset = body.address();
    const length = body.length();
    return offset === null ? { kind: 'unwritten' } : { kind: 'contiguous', offset, length };
  }
  if (kind === 3) return { kind: 'virtual' };
  if (kind !== 2) throw new Hdf5Unsound(`a layout of class ${kind} is not known`);
  if (version === 4) return { kind: 'chunked', tree: null, chunk: [], filters };
  const rank = body.u8();
  const tree = body.address();
  const chunk = Array.from({ length: rank }, () => body.u32());
  return { kind: 'chunked', tree, chunk: chunk.slice(0, -1), filters };
}
