import type { ArchitectureNode } from '../core/architecture';
import { Failure } from '../core/failure';
import type { RangeReader } from '../platform';
import { EndOfFile } from './cursor';
import { identifyModel } from './identify';
import { header, type ModelFormat, type ModelHeader } from './modelHeader';
import { readOnnxGraph } from './onnxGraph';
import { readTorchContents } from './torchArchive';
import { readTorchLegacyContents } from './torchLegacy';

/** Everything that a model file tells without reading its tensors' values. */
export interface ModelContents extends ModelHeader {
  /** `null` where the file does not tell it. */
  readonly architecture: ArchitectureNode | null;
}

/** A model's file, and a way to those beside it that it names. */
export interface ModelFile {
  readonly reader: RangeReader;
  readonly header: ModelHeader;
  readonly beside: Beside;
}

/**
 * Opens a file that a model names, relative to the model's own directory; `null` where it is not
 * there or may not be opened (it lies outside). Whoever gives this in closes what it opened.
 */
export type Beside = (name: string) => Promise<RangeReader | null>;

/** What a reader of contents adds to the header that identified the file. */
export type Told = Partial<Omit<ModelContents, 'format'>>;

const readers: Partial<Record<ModelFormat, (file: ModelFile) => Promise<Told>>> = {
  pytorch: readTorchContents,
  torchscript: readTorchContents,
  'pytorch-export': readTorchContents,
  'pytorch-legacy': readTorchLegacyContents,
  onnx: readOnnxGraph,
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
    if (error instanceof EndOfFile) {
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
