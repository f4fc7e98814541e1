import type { ArchitectureNode } from '../core/architecture';
import type { RangeReader } from '../platform';
import type { ModelHeader } from './modelHeader';

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
