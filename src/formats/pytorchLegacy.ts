import { startsWith } from './bytes';
import { endsEarly, header, type ModelHeader, type Probe } from './modelHeader';
import { type PickleEnd, runPickle } from './pickleRun';
import { isPickled, type PickledReference, type PickleValue } from './pickleValue';
import { torchStorage } from './torchTensors';

/**
 * What `torch.save` wrote before version 1.6: pickles of a magic number, a version, facts of the
 * system, the object, and the keys of its storages; then for each key a 64-bit count and the bytes.
 * The object names its storages as `('storage', torch.FloatStorage, key, location, count, view)`.
 * https://github.com/pytorch/pytorch/blob/main/torch/serialization.py
 */
const magic = '\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.';
const mostOpcodes = 5_000_000;
const pickles = 5;

export async function readTorchLegacy({ reader, head }: Probe): Promise<ModelHeader | null> {
  if (!hasMagic(head)) return null;
  const storages = new Map<string, number | null>();
  const reference = (value: PickledReference) => {
    const storage = torchStorage(value);
    if (storage !== null) storages.set(storage.key, storage.count * storage.element.bytes);
    else if (isStorage(value)) storages.set('', null);
  };
  let end: PickleEnd | undefined;
  for (let index = 0; index < pickles; index++) {
    end = await runPickle(reader, end?.position ?? 0, { reference }, { limit: mostOpcodes });
    if (end.ended === 'torn') return header('pytorch-legacy', { why: end.why });
    if (end.ended !== 'stop') return uncertain(end.ended);
  }
  const keys = textsIn(end?.value);
  const bytes = storageBytes(storages, keys);
  if (bytes === null) return uncertain('storages');
  const needed = (end?.position ?? 0) + bytes;
  return header('pytorch-legacy', {
    why: needed > reader.size ? endsEarly(needed, reader.size) : null,
    metadata: { storages: keys.length },
  });
}

/** The magic number as the first pickle: a protocol, from 4 on a frame of 8 bytes, the number. */
function hasMagic(head: Uint8Array): boolean {
  return head[0] === 0x80 && startsWith(head, magic, head[2] === 0x95 ? 11 : 2);
}

function uncertain(what: 'limit' | 'unsound' | 'storages'): ModelHeader {
  if (what === 'unsound') return header('pytorch-legacy', { why: 'its pickle is not sound' });
  const message = 'whether the file is whole could not be told without unpickling it';
  return header('pytorch-legacy', { warnings: [{ code: 'not-checked', message }] });
}

function isStorage({ id }: PickledReference): boolean {
  return isPickled(id, 'tuple') && id.items[0] === 'storage';
}

function textsIn(value: PickleValue | undefined): string[] {
  const items = isPickled(value, 'list') ? value.items : [];
  return items.filter((item) => typeof item === 'string');
}

/** The bytes of all storages with their counts; `null` where one is of an unknown kind. */
function storageBytes(
  storages: ReadonlyMap<string, number | null>,
  keys: readonly string[],
): number | null {
  if (storages.get('') === null) return null;
  let total = 0;
  for (const key of keys) {
    const bytes = storages.get(key);
    if (typeof bytes !== 'number') return null;
    total += 8 + bytes;
  }
  return total;
}
