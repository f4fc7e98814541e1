import type { ModelFile, Told } from './modelContents';
import type { TensorPlace } from './modelHeader';
import { pickledArray } from './pickleArrays';
import { runPickle } from './pickleRun';
import { tensorsIn } from './pickleTensors';
import { isPickled, type PickleValue } from './pickleValue';
import { torchArchitecture } from './torchModules';
import { type TorchStorage, torchStorage, torchTensor } from './torchTensors';

/** The magic number, the protocol's version and facts of the system come before the object. */
const picklesBefore = 3;

/**
 * The tensors of a file that `torch.save` wrote before version 1.6: five pickles, then each storage
 * in the order of the fifth, a 64-bit count before its bytes.
 */
export async function readTorchLegacyContents({ reader }: ModelFile): Promise<Told> {
  let position = 0;
  let bigEndian = false;
  for (let index = 0; index < picklesBefore; index++) {
    const pickle = await runPickle(reader, position);
    if (pickle.ended !== 'stop') return {};
    position = pickle.position;
    bigEndian = index === 2 && saysBigEndian(pickle.value);
  }
  const storages = new Map<string, TorchStorage>();
  const object = await runPickle(reader, position);
  const keys = await runPickle(reader, object.position);
  if (object.ended !== 'stop' || keys.ended !== 'stop') return {};
  tensorsIn(object.value, (_, call) => {
    collect(call.args, storages);
    return null;
  });
  const places = placesOf(keys.value, storages, keys.position, bigEndian);
  return {
    tensors: tensorsIn(
      object.value,
      (name, call) =>
        torchTensor(name, call, (key) => places.get(key) ?? null) ?? pickledArray(name, call),
    ),
    architecture: torchArchitecture(object.value),
  };
}

function saysBigEndian(value: PickleValue): boolean {
  return (
    isPickled(value, 'dict') &&
    value.entries.some(([key, on]) => key === 'little_endian' && on === false)
  );
}

function collect(args: PickleValue, storages: Map<string, TorchStorage>): void {
  for (const item of isPickled(args, 'tuple') ? args.items : []) {
    const storage = torchStorage(item);
    if (storage !== null) storages.set(storage.key, storage);
  }
}

function placesOf(
  keys: PickleValue,
  storages: ReadonlyMap<string, TorchStorage>,
  start: number,
  bigEndian: boolean,
): Map<string, TensorPlace> {
  const places = new Map<string, TensorPlace>();
  let offset = start;
  for (const key of isPickled(keys, 'list') ? keys.items : []) {
    const storage = storages.get(String(key));
    // Without the size of one nothing behind it can be found.
    if (storage === undefined) break;
    const length = storage.count * storage.element.bytes;
    offset += 8;
    places.set(storage.key, { offset, length, ...(bigEndian ? { bigEndian: true as const } : {}) });
    offset += length;
  }
  return places;
}
