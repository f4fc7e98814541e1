/** What a `cairn:` address says: a file of a version. */
export interface VersionAddress {
  /** With revision, so that what it names never changes: `digits@v3.1`. */
  readonly reference: string;
  /** Where the file lies (or would) on this disk, with forward slashes, as in its `file:` address. */
  readonly place: string;
}

/**
 * The path and query of `cairn:/home/ada/digits/train.py?digits@v3.1`. The path is the working
 * file's own, so that VS Code takes both sides of a comparison for one file, and not for a rename.
 */
export function addressParts({ reference, place }: VersionAddress): {
  path: string;
  query: string;
} {
  return { path: place, query: reference };
}

/** Reads a `cairn:` address back; `null` when it names no version. */
export function parseAddress(path: string, query: string): VersionAddress | null {
  return /^[^@/]+@[^@/]+$/.test(query) ? { reference: query, place: path } : null;
}
