import { startsWith } from './bytes';
import { Cursor, EndOfFile } from './cursor';
import { endsEarly, header, isCount, type ModelHeader, type Probe } from './modelHeader';
import { type PickleNotes, walkPickle } from './pickleWalk';

/**
 * What `torch.save` wrote before version 1.6: pickles of a magic number, a version, facts of the
 * system, the object, and the keys of its storages; then for each key a 64-bit count and the bytes.
 * The object names its storages as `('storage', torch.FloatStorage, key, location, count, view)`.
 * https://github.com/pytorch/pytorch/blob/main/torch/serialization.py
 */
const magic = '\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.';
const mostOpcodes = 5_000_000;

/** Bytes of an element by the name of the storage's class. */
const widths: Readonly<Record<string, number>> = {
  ...{ DoubleStorage: 8, FloatStorage: 4, HalfStorage: 2, BFloat16Storage: 2, LongStorage: 8 },
  ...{ IntStorage: 4, ShortStorage: 2, CharStorage: 1, ByteStorage: 1, BoolStorage: 1 },
  ...{ ComplexDoubleStorage: 16, ComplexFloatStorage: 8, QInt8Storage: 1, QUInt8Storage: 1 },
  ...{ QInt32Storage: 4, QUInt4x2Storage: 1, QUInt2x4Storage: 1, UntypedStorage: 1 },
};

export async function readTorchLegacy({ reader, head }: Probe): Promise<ModelHeader | null> {
  if (!hasMagic(head)) return null;
  const cursor = new Cursor(reader);
  try {
    const pickles: PickleNotes[] = [];
    for (let index = 0; index < 5; index++) {
      const notes = await walkPickle(cursor, mostOpcodes);
      if (notes.ended !== 'stop') return uncertain(notes.ended);
      pickles.push(notes);
    }
    const [, , , object, keys] = pickles;
    const bytes = storageBytes(object?.persistent ?? [], keys?.texts ?? []);
    if (bytes === null) return uncertain('storages');
    const needed = cursor.position + bytes;
    return header('pytorch-legacy', {
      why: needed > reader.size ? endsEarly(needed, reader.size) : null,
      metadata: { storages: keys?.texts.length ?? 0 },
    });
  } catch (error) {
    if (!(error instanceof EndOfFile)) throw error;
    return header('pytorch-legacy', { why: endsEarly(error.needed, reader.size) });
  }
}

/** The magic number as the first pickle: a protocol, from 4 on a frame of 8 bytes, the number. */
function hasMagic(head: Uint8Array): boolean {
  return head[0] === 0x80 && startsWith(head, magic, head[2] === 0x95 ? 11 : 2);
}

function uncertain(what: 'limit' | 'unsound' | 'until' | 'storages'): ModelHeader {
  if (what === 'unsound') return header('pytorch-legacy', { why: 'its pickle is not sound' });
  const message = 'whether the file is whole could not be told without unpickling it';
  return header('pytorch-legacy', { warnings: [{ code: 'not-checked', message }] });
}

/** The bytes of all storages with their counts; `null` where one is of an unknown kind. */
function storageBytes(
  persistent: PickleNotes['persistent'],
  keys: readonly string[],
): number | null {
  const sizes = new Map<unknown, number>();
  for (const [tag, type, key, , count] of persistent) {
    if (tag !== 'storage') continue;
    const name = typeof type === 'object' ? type?.global.split(' ').at(-1) : undefined;
    const width = name !== undefined && Object.hasOwn(widths, name) ? widths[name] : undefined;
    if (width === undefined || !isCount(count)) return null;
    sizes.set(key, width * count);
  }
  if (!keys.every((key) => sizes.has(key))) return null;
  return keys.reduce((total, key) => total + 8 + (sizes.get(key) ?? 0), 0);
}
