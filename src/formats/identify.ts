import { Failure } from '../core/failure';
import type { RangeReader } from '../platform';
import { readArchive } from './archive';
import { readGguf } from './gguf';
import { readHdf5 } from './hdf5';
import { readLfsPointer } from './lfsPointer';
import { readLightgbm } from './lightgbm';
import { type FormatReader, header, headLength, type ModelHeader } from './modelHeader';
import { readNumpy } from './numpy';
import { readOnnx } from './onnx';
import { readCompressedJoblib, readPickle } from './pickle';
import { readTorchLegacy } from './pytorchLegacy';
import { readSafetensors } from './safetensors';
import { readSafetensorsIndex } from './safetensorsIndex';
import { readSavedModel, readTensorflowIndex } from './tensorflow';
import { readTensorflowJs } from './tensorflowJs';
import { readTflite } from './tflite';
import { readXgboost } from './xgboost';

/**
 * In this order: those with a magic first, then those told by their structure. A SavedModel is
 * asked before ONNX, which has no magic either and allows more.
 */
const formats: readonly FormatReader[] = [
  readLfsPointer,
  readGguf,
  readArchive,
  readNumpy,
  readTflite,
  readTorchLegacy,
  readPickle,
  readSafetensors,
  readXgboost,
  readLightgbm,
  readSafetensorsIndex,
  readTensorflowJs,
  readCompressedJoblib,
  readSavedModel,
  readOnnx,
  readHdf5,
  readTensorflowIndex,
];

/**
 * Tells a file's format by its content, and reads its header. Bounded whatever the file says of
 * itself: some MB of memory, no payload, nothing executed. An empty file is `unknown` and not
 * complete. @throws Failure `file-changed` when the file shrinks while it is read
 */
export async function identifyModel(reader: RangeReader, path: string): Promise<ModelHeader> {
  if (reader.size === 0) return header('unknown', { why: 'it is empty' });
  try {
    const head = await reader.read(0, Math.min(reader.size, headLength));
    for (const read of formats) {
      const found = await read({ reader, head });
      if (found !== null) return found;
    }
    return header('unknown');
  } catch (error) {
    // A range beyond the end is a mistake in a reader here, but must not take the commit down
    // with a stack when a hostile file brings it out.
    if (!(error instanceof RangeError)) throw error;
    throw new Failure('unreadable', { path, why: error.message }, { cause: error });
  }
}
