import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fixture, identify } from './fixtures';

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const u64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};
const text = (value: string) => Buffer.concat([u64(BigInt(value.length)), Buffer.from(value)]);
const gguf = (tensors: bigint, pairs: bigint, ...rest: Buffer[]) =>
  Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors), u64(pairs), ...rest]);

describe('GGUF of impossible sizes', () => {
  it.each<[string, Buffer]>([
    ['tensors', gguf(1n << 60n, 0n)],
    ['pairs', gguf(0n, (1n << 64n) - 1n)],
    ['a key longer than the file', gguf(0n, 1n, u64(1n << 62n), Buffer.alloc(40))],
    ['an array longer than the file', gguf(0n, 1n, text('k'), u32(9), u32(4), u64(1n << 61n))],
    ['texts beyond number', gguf(0n, 1n, text('k'), u32(9), u32(8), u64(1n << 40n))],
    ['a value of no type', gguf(0n, 1n, text('k'), u32(77), Buffer.alloc(40))],
    [
      'a shape beyond 2^53',
      gguf(1n, 0n, text('t'), u32(2), u64(1n << 40n), u64(1n << 40n), u32(0), u64(0n)),
    ],
    [
      'a shape that overflows 64 bits to nothing',
      gguf(1n, 0n, text('t'), u32(2), u64(1n << 32n), u64(1n << 32n), u32(0), u64(0n)),
    ],
    [
      'an offset that overflows',
      gguf(1n, 0n, text('t'), u32(1), u64(8n), u32(0), u64((1n << 64n) - 4n)),
    ],
    ['very many dimensions', gguf(1n, 0n, text('t'), u32(1_000_000), Buffer.alloc(64))],
  ])('with %s is not complete', async (_, bytes) => {
    const { format, complete, why } = await identify(bytes);
    expect({ format, complete }).toEqual({ format: 'gguf', complete: false });
    expect(why).toBeTruthy();
  });

  it('nested in arrays of arrays is not followed', async () => {
    const nest = Array.from({ length: 1000 }, () => Buffer.concat([u32(9), u64(1n)]));
    const { complete, why } = await identify(gguf(0n, 1n, text('k'), u32(9), ...nest));
    expect(complete).toBe(false);
    expect(why).toBe('arrays lie deeper than 4');
  });

  it('of a version that nobody knows is labelled', async () => {
    const bytes = gguf(0n, 0n);
    bytes.writeUInt32LE(9, 4);
    expect(await identify(bytes)).toMatchObject({
      format: 'gguf',
      warnings: [{ code: 'version-unknown' }],
    });
  });

  it('is read in big-endian too', async () => {
    const bytes = Buffer.alloc(24);
    bytes.write('GGUF');
    bytes.writeUInt32BE(3, 4);
    expect(await identify(bytes)).toMatchObject({ complete: true, metadata: { version: 3 } });
  });
});

/** An archive of one member, whose directory may lie. */
function zip(
  name: string,
  stored: Buffer,
  lie: { method?: number; size?: number; offset?: number; comment?: Buffer; count?: number } = {},
): Buffer {
  const method = lie.method ?? 0;
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(method, 8);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(method, 10);
  central.writeUInt32LE(lie.size ?? stored.length, 20);
  central.writeUInt32LE(lie.size ?? stored.length, 24);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt32LE(lie.offset ?? 0, 42);
  const directory = Buffer.concat([central, Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(lie.count ?? 1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(30 + name.length + stored.length, 16);
  end.writeUInt16LE(lie.comment?.length ?? 0, 20);
  return Buffer.concat([
    local,
    Buffer.from(name),
    stored,
    directory,
    end,
    lie.comment ?? Buffer.alloc(0),
  ]);
}

describe('zip archives that lie', () => {
  const npy = Buffer.from(fixture('other/c.npy'));

  it('are read when they do not', async () => {
    expect(await identify(zip('c.npy', npy))).toMatchObject({
      format: 'numpy-archive',
      tensors: [{ name: 'c', dtype: 'F32', shape: [10, 4], bytes: 160 }],
    });
    const deflated = zip('c.npy', deflateRawSync(npy), { method: 8 });
    expect((await identify(deflated)).tensors).toHaveLength(1);
    const commented = zip('c.npy', npy, { comment: Buffer.from('PK\x05\x06 not the end') });
    expect((await identify(commented)).tensors).toHaveLength(1);
  });

  it.each<[string, Buffer]>([
    ['of a member larger than the archive', zip('c.npy', npy, { size: 0xfffffff0 })],
    ['of a member behind the archive', zip('c.npy', npy, { offset: 0xfffffff0 })],
    ['of a number of members that is wrong', zip('c.npy', npy, { count: 900 })],
  ])('%s are not complete', async (_, bytes) => {
    expect(await identify(bytes)).toMatchObject({ complete: false });
  });

  it('with members that are no arrays warn', async () => {
    const bytes = zip('c.npy', Buffer.from('nothing of the kind'));
    expect((await identify(bytes)).warnings).toMatchObject([{ code: 'array-not-read' }]);
    const broken = zip('c.npy', Buffer.from('not deflated'), { method: 8 });
    expect((await identify(broken)).warnings).toMatchObject([{ code: 'array-not-read' }]);
  });

  it('with a bomb inflate no more than a header', async () => {
    const bomb = deflateRawSync(
      Buffer.concat([
        Buffer.from('\x93NUMPY\x02\0\xff\xff\x03\0', 'latin1'),
        Buffer.alloc(24 << 20),
      ]),
    );
    const before = process.memoryUsage().arrayBuffers;
    const found = await identify(zip('bomb.npy', bomb, { method: 8 }));
    expect(found.warnings).toMatchObject([{ code: 'array-not-read' }]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(12 << 20);
  });
});

describe('other hostile files', () => {
  const npy = (header: string) =>
    Buffer.concat([
      Buffer.from('\x93NUMPY\x01\0', 'latin1'),
      u32(header.length).subarray(0, 2),
      Buffer.from(header),
    ]);

  it.each([
    ["{'descr': '<f4', 'shape': (99999999, 99999999, 99999999), }"],
    ["{'descr': '<f4', 'shape': (-1,), }"],
    ["{'descr': '<f4'}"],
    ["{'descr': __import__('os'), 'shape': (1,), }"],
    [`{'descr': ${'['.repeat(500)}${']'.repeat(500)}, 'shape': (1,), }`],
    ["{'descr': '<f4', 'shape': (1,), "],
    ['garbage'],
    [''],
  ])('a NumPy header %s is not complete', async (header) => {
    expect(await identify(npy(header))).toMatchObject({ format: 'numpy', complete: false });
  });

  it('a NumPy header of 4 GB is not read', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\x93NUMPY\x02\0', 'latin1'),
      u32(0xffffffff),
      Buffer.alloc(50),
    ]);
    expect(await identify(bytes)).toMatchObject({ format: 'numpy', complete: false });
  });

  it('a pickle that claims terabytes is torn', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\x80\x04\x8e', 'latin1'),
      u64(1n << 43n),
      Buffer.alloc(9),
    ]);
    expect(await identify(bytes)).toMatchObject({ format: 'pickle', complete: false });
  });

  it('an ONNX graph that claims exabytes is torn', async () => {
    const bytes = Buffer.from(
      '\x08\x07\x3a\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x0a\x02ab',
      'latin1',
    );
    expect(await identify(bytes)).toMatchObject({ format: 'onnx', complete: false });
  });

  it('a TFLite table that points round in circles ends', async () => {
    const bytes = Buffer.concat([
      u32(8),
      Buffer.from('TFL3'),
      ...Array.from({ length: 40 }, () => u32(0)),
    ]);
    expect((await identify(bytes)).format).toBe('tflite');
    bytes.writeInt32LE(-100_000, 8);
    expect(await identify(bytes)).toMatchObject({ format: 'tflite', complete: false });
  });

  it('a gzip bomb is no model', async () => {
    expect(await identify(gzipSync(Buffer.alloc(8 << 20)))).toMatchObject({ format: 'unknown' });
  });
});
