import { type Hdf5Bytes, type Hdf5Frame, Hdf5Unsound, hdf5At } from './hdf5Bytes';
import { heapObjects } from './hdf5Heap';
import type { Hdf5Message } from './hdf5Object';

/** A name in a group: where the object is, or which other place (or file) it leads to. */
export type Hdf5Link =
  | { readonly name: string; readonly kind: 'hard'; readonly address: number }
  | { readonly name: string; readonly kind: 'soft'; readonly target: string }
  | { readonly name: string; readonly kind: 'external'; readonly target: string };

const mostLinks = 500_000;
const deepestTree = 32;
const longestHeap = 64 * 1024 * 1024;

/** The links of the group that has these messages; `null` when it is no group. */
export async function hdf5Links(
  frame: Hdf5Frame,
  messages: readonly Hdf5Message[],
): Promise<Hdf5Link[] | null> {
  const table = messages.find(({ type }) => type === 0x11);
  const info = messages.find(({ type }) => type === 0x02);
  const compact = messages.filter(({ type }) => type === 0x06);
  if (table === undefined && info === undefined && compact.length === 0) return null;
  const links = compact.map(({ body }) => linkOf(body));
  if (table !== undefined) links.push(...(await symbolTable(frame, table.body)));
  if (info !== undefined) links.push(...(await dense(frame, info.body)));
  return links;
}

/** A link message. */
function linkOf(body: Hdf5Bytes): Hdf5Link {
  body.skip(1);
  const flags = body.u8();
  const kind = (flags & 8) !== 0 ? body.u8() : 0;
  if ((flags & 4) !== 0) body.skip(8);
  if ((flags & 16) !== 0) body.skip(1);
  const name = body.text(body.unsigned(1 << (flags & 3)));
  if (kind === 0) return { name, kind: 'hard', address: body.address() ?? -1 };
  const target = body.take(body.u16());
  const text = Buffer.from(target).toString('utf8').split('\0').filter(Boolean).join(' ');
  return { name, kind: kind === 1 ? 'soft' : 'external', target: text };
}

async function dense(frame: Hdf5Frame, body: Hdf5Bytes): Promise<Hdf5Link[]> {
  body.skip(1);
  const flags = body.u8();
  if ((flags & 1) !== 0) body.skip(8);
  const heap = body.address();
  const index = body.address();
  if (heap === null || index === null) return [];
  const objects = await heapObjects(frame, heap, index, 4);
  return objects.map((bytes) => linkOf(bytes));
}

/** Groups of old: a B-tree of symbol nodes, whose names lie in a local heap. */
async function symbolTable(frame: Hdf5Frame, body: Hdf5Bytes): Promise<Hdf5Link[]> {
  const tree = body.address();
  const heap = body.address();
  if (tree === null || heap === null) return [];
  const names = await localHeap(frame, heap);
  const links: Hdf5Link[] = [];
  const seen = new Set<number>();
  const visit = async (address: number, depth: number): Promise<void> => {
    if (seen.has(address) || depth > deepestTree) throw new Hdf5Unsound('its groups go in circles');
    seen.add(address);
    const node = await hdf5At(frame, address, 8 + 2 * frame.offsetWidth, 'TREE');
    node.skip(1);
    const level = node.u8();
    const entries = node.u16();
    const each = frame.lengthWidth + frame.offsetWidth;
    const children = await hdf5At(frame, address + 8 + 2 * frame.offsetWidth, entries * each);
    for (let index = 0; index < entries; index++) {
      children.skip(frame.lengthWidth);
      const child = children.address();
      if (child === null) continue;
      if (level > 0) await visit(child, depth + 1);
      else links.push(...(await symbolNode(frame, child, names)));
      if (links.length > mostLinks) throw new Hdf5Unsound(`a group has over ${mostLinks} links`);
    }
  };
  await visit(tree, 0);
  return links;
}

async function symbolNode(
  frame: Hdf5Frame,
  address: number,
  names: Uint8Array,
): Promise<Hdf5Link[]> {
  const head = await hdf5At(frame, address, 8, 'SNOD');
  head.skip(2);
  const count = head.u16();
  const entries = await hdf5At(frame, address + 8, count * (2 * frame.offsetWidth + 24));
  return Array.from({ length: count }, (): Hdf5Link => {
    const nameAt = entries.unsigned(frame.offsetWidth);
    const target = entries.address();
    const cached = entries.u32();
    entries.skip(4);
    const scratch = entries.part(16);
    const name = nameIn(names, nameAt);
    if (cached !== 2) return { name, kind: 'hard', address: target ?? -1 };
    return { name, kind: 'soft', target: nameIn(names, scratch.u32()) };
  });
}

function nameIn(names: Uint8Array, at: number): string {
  if (at >= names.length) throw new Hdf5Unsound('a name lies outside its heap');
  const end = names.indexOf(0, at);
  return Buffer.from(names.subarray(at, end < 0 ? undefined : end)).toString('utf8');
}

async function localHeap(frame: Hdf5Frame, address: number): Promise<Uint8Array> {
  const head = await hdf5At(frame, address, 8 + 2 * frame.lengthWidth + frame.offsetWidth, 'HEAP');
  head.skip(4);
  const length = head.length();
  head.length();
  const data = head.address();
  if (data === null || length > longestHeap) throw new Hdf5Unsound('a heap of names is not sound');
  return (await hdf5At(frame, data, length)).bytes;
}
