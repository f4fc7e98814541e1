/** How the values of a tensor without a plain place are had. */
export type TensorSource =
  /** At a place of what the whole file unpacks to. */
  | { readonly kind: 'packed'; readonly offset: number; readonly bigEndian?: true }
  | { readonly kind: 'inline'; readonly bytes: Uint8Array; readonly bigEndian?: true }
  | {
      /** Stretches of several files beside the model, one after another. */
      readonly kind: 'joined';
      readonly parts: readonly {
        readonly file: string;
        readonly offset: number;
        readonly length: number;
      }[];
      readonly bigEndian?: true;
    }
  | {
      /** A compressed stretch: the values follow `skip` bytes of what it inflates to. */
      readonly kind: 'deflated';
      readonly offset: number;
      readonly compressed: number;
      readonly method: 'deflate' | 'zlib';
      readonly skip: number;
      readonly bigEndian?: true;
    }
  | {
      /** HDF5's chunks, listed by a B-tree. */
      readonly kind: 'chunked';
      readonly tree: number;
      readonly chunk: readonly number[];
      readonly shape: readonly number[];
      readonly filters: readonly number[];
      readonly element: number;
      /** Where the HDF5 file begins in the file that is read. */
      readonly start: number;
      readonly bigEndian?: true;
    };
