import { BackWindow, type PackedBytes, PackedUnsound } from './packedBytes';

const frameMagic = 0x184d2204;
const furthest = 65_536;
const largestBlock = 4 * 1024 * 1024;

/**
 * Unpacks frames of LZ4, one after another, a block at a time. Checksums are passed over: what is
 * looked for in a damaged stream is still looked for.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md, lz4_Block_format.md
 * @throws PackedUnsound
 */
export function* unpackLz4(input: PackedBytes): Generator<Uint8Array> {
  while (input.left > 0) {
    const magic = input.little(4);
    if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) input.take(input.little(4));
    else if (magic === frameMagic) yield* unpackFrame(input);
    else throw new PackedUnsound('what follows a frame of LZ4 is none');
  }
}

function* unpackFrame(input: PackedBytes): Generator<Uint8Array> {
  const flags = input.u8();
  if (flags >> 6 !== 1) throw new PackedUnsound('its version of LZ4 is not known');
  input.take(1 + ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4) + 1);
  // A block gives four megabytes at most, and what it refers to lies up to 64 KiB before it.
  const window = new BackWindow(largestBlock + 2 * furthest);
  for (;;) {
    const size = input.little(4);
    if (size === 0) break;
    const block = input.take(size % 2 ** 31);
    if (size >= 2 ** 31) for (const byte of block) window.put(byte);
    else unpackBlock(block, window);
    if ((flags & 16) !== 0) input.take(4);
    yield window.give();
  }
  if ((flags & 4) !== 0) input.take(4);
}

function unpackBlock(block: Uint8Array, window: BackWindow): void {
  let at = 0;
  const next = (): number => {
    const value = block[at++];
    if (value === undefined) throw new PackedUnsound('a block ends within');
    return value;
  };
  const lengthOf = (short: number): number => {
    let length = short;
    if (short === 15) for (let more = 255; more === 255; length += more) more = next();
    return length;
  };
  while (at < block.length) {
    const token = next();
    for (let count = lengthOf(token >> 4); count > 0; count--) window.put(next());
    if (at >= block.length) return;
    const distance = next() | (next() << 8);
    const length = lengthOf(token & 15) + 4;
    if (distance === 0) throw new PackedUnsound('it refers to nothing');
    if (window.waiting + length > largestBlock) throw new PackedUnsound('a block is too long');
    window.copy(distance, length);
  }
}
