import type { ModelContents, TensorFiles, TensorPlace } from '../formats';

/** One of two models: what its file tells, and the way to its values. */
export interface ModelSide {
  readonly contents: ModelContents;
  readonly files: TensorFiles;
  /** Where the bytes of a tensor lie on the disk; `null` for what is read through `files` only. */
  readonly pathOf: (file: string | undefined) => Promise<string | null>;
  /** What stretches of the file are the same in, where that is known without reading them. */
  readonly identity?: (place: TensorPlace) => string | null;
}
