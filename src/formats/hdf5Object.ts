import { type Hdf5Bytes, type Hdf5Frame, Hdf5Unsound, hdf5At } from './hdf5Bytes';

/** One message of an object's header. */
export interface Hdf5Message {
  readonly type: number;
  /** It stands elsewhere: a committed type, say. */
  readonly shared: boolean;
  readonly body: Hdf5Bytes;
}

const mostMessages = 20_000;
const longestBlock = 16 * 1024 * 1024;
const continuation = 0x10;

/**
 * The messages of an object's header, continuations included.
 * https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html (IV. A)
 */
export async function hdf5Messages(frame: Hdf5Frame, address: number): Promise<Hdf5Message[]> {
  const start = await hdf5At(frame, address, 16);
  const version2 = Buffer.from(start.take(4)).toString('latin1') === 'OHDR';
  const reading = version2
    ? await version2Start(frame, address)
    : await version1Start(frame, address);
  const messages: Hdf5Message[] = [];
  const seen = new Set<number>([address]);
  const blocks = [reading.block];
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    for (const message of messagesIn(block, reading)) {
      if (messages.length >= mostMessages)
        throw new Hdf5Unsound(`an object has over ${mostMessages} messages`);
      if (message.type !== continuation) {
        messages.push(message);
        continue;
      }
      const next = message.body.address();
      const length = message.body.length();
      if (next === null || seen.has(next) || length > longestBlock) continue;
      seen.add(next);
      const bytes = await hdf5At(frame, next, length, version2 ? 'OCHK' : '');
      blocks.push(version2 ? bytes.part(bytes.left - 4) : bytes);
    }
  }
  return messages;
}

interface HeaderStart {
  readonly block: Hdf5Bytes;
  readonly version2: boolean;
  readonly ordered: boolean;
}

async function version1Start(frame: Hdf5Frame, address: number): Promise<HeaderStart> {
  const head = await hdf5At(frame, address, 16);
  if (head.u8() !== 1) throw new Hdf5Unsound(`there is no object at ${address}`);
  head.skip(7);
  const length = head.u32();
  if (length > longestBlock) throw new Hdf5Unsound(`an object's header has ${length} bytes`);
  const block = await hdf5At(frame, address + 16, length);
  return { block, version2: false, ordered: false };
}

async function version2Start(frame: Hdf5Frame, address: number): Promise<HeaderStart> {
  const flags = (await hdf5At(frame, address + 5, 1)).u8();
  const width = 1 << (flags & 3);
  const before = 6 + ((flags & 0x20) !== 0 ? 16 : 0) + ((flags & 0x10) !== 0 ? 4 : 0);
  const length = (await hdf5At(frame, address + before, width)).unsigned(width);
  if (length > longestBlock) throw new Hdf5Unsound(`an object's header has ${length} bytes`);
  const block = await hdf5At(frame, address + before + width, length);
  return { block, version2: true, ordered: (flags & 4) !== 0 };
}

function* messagesIn(block: Hdf5Bytes, { version2, ordered }: HeaderStart): Generator<Hdf5Message> {
  const shortest = version2 ? (ordered ? 6 : 4) : 8;
  while (block.left >= shortest) {
    const type = version2 ? block.u8() : block.u16();
    const size = block.u16();
    const flags = block.u8();
    block.skip(version2 ? (ordered ? 2 : 0) : 3);
    yield { type, shared: (flags & 2) !== 0, body: block.part(size) };
  }
}
