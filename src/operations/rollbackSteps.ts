import type { RollbackPart } from '../core/plan';
import type { TreeEntry } from '../git';

/** Where the bytes come from that a rollback writes: of Git, or of the artifact store. */
export type StoredSource =
  /** An entry of the tree, by whose attributes it is smudged. */
  | { readonly kind: 'blob'; readonly entry: TreeEntry; readonly tree: string }
  | {
      readonly kind: 'artifact';
      readonly sha256: string;
      readonly size: number;
      /** Permission bits; `null` keeps those of the file that is replaced, else 0644. */
      readonly mode: number | null;
      /** The bytes are a symbolic link's target. */
      readonly link: boolean;
    };

/** The same, or bytes that were made just now. */
export type StepSource = StoredSource | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** One path that a rollback will write (with its source) or delete (`null`). */
export interface RollbackStep {
  readonly path: string;
  readonly part: RollbackPart;
  readonly source: StepSource | null;
}
