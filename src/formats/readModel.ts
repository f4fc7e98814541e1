import { Failure } from '../core/failure';
import type { RangeReader } from '../platform';
import { EndOfFile } from './cursor';
import { Hdf5Unsound } from './hdf5Bytes';
import { readHdf5Contents } from './hdf5Contents';
import { identifyModel } from './identify';
import { readKerasContents } from './kerasContents';
import { readLightgbmContents } from './lightgbmContents';
import type { Beside, ModelContents, ModelFile, Told } from './modelContents';
import { header, type ModelFormat } from './modelHeader';
import { readOnnxGraph } from './onnxGraph';
import { readPickleContents } from './pickleContents';
import { readShards } from './safetensorsShards';
import { readTensorflowContents } from './tensorflowContents';
import { readTensorflowJsContents } from './tensorflowJs';
import { readTfliteContents } from './tfliteContents';
import { readTorchContents } from './torchArchive';
import { readTorchLegacyContents } from './torchLegacy';
import { readXgboostContents } from './xgboostContents';

const readers: Partial<Record<ModelFormat, (file: ModelFile) => Promise<Told>>> = {
  pytorch: readTorchContents,
  torchscript: readTorchContents,
  'pytorch-export': readTorchContents,
  'pytorch-legacy': readTorchLegacyContents,
  'safetensors-index': readShards,
  onnx: readOnnxGraph,
  hdf5: readHdf5Contents,
  'keras-h5': readHdf5Contents,
  keras: readKerasContents,
  'tensorflow-index': readTensorflowContents,
  'tensorflow-js': readTensorflowJsContents,
  tflite: readTfliteContents,
  'xgboost-json': readXgboostContents,
  'xgboost-ubjson': readXgboostContents,
  lightgbm: readLightgbmContents,
  pickle: readPickleContents,
  joblib: readPickleContents,
};

const nothingBeside: Beside = () => Promise.resolve(null);

/**
 * Reads all that a model file tells: tensors with where their bytes lie, metadata, architecture. A
 * read of headers, directories and pickles; values are not read, nothing is executed.
 * @throws Failure what `identifyModel` throws
 */
export async function readModel(
  reader: RangeReader,
  path: string,
  beside: Beside = nothingBeside,
): Promise<ModelContents> {
  const known = await identifyModel(reader, path);
  const read = readers[known.format];
  if (read === undefined || !known.complete) return { architecture: null, ...known };
  try {
    const told = await read({ reader, header: known, beside });
    return { architecture: null, ...header(known.format, { ...known, ...counted(told) }), ...told };
  } catch (error) {
    if (error instanceof EndOfFile || error instanceof Hdf5Unsound) {
      return {
        architecture: null,
        ...known,
        complete: false,
        why: `it ends within: ${error.message}`,
      };
    }
    // A range beyond the end is a mistake in a reader here; a hostile file must not bring a stack.
    if (!(error instanceof RangeError)) throw error;
    throw new Failure('unreadable', { path, why: error.message }, { cause: error });
  }
}

/** The count of parameters follows from the tensors that were told. */
function counted({ tensors }: Told): Pick<Told, 'tensors'> & { parameters?: number | null } {
  if (tensors === undefined) return {};
  return { tensors, parameters: header('unknown', { tensors }).parameters };
}
