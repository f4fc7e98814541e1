/** What a `cairn:` address says: a file of a version, and the project it is in. */
export interface VersionAddress {
  /** With revision, so that what it names never changes: `digits@v3.1`. */
  readonly reference: string;
  /** Relative to the worktree's top; empty for the top itself. */
  readonly path: string;
  /** The project's top folder; empty where it was left out. */
  readonly root: string;
}

/** The path and query of `cairn:/digits@v3.1/train.py?/home/ada/digits`. */
export function addressParts(address: VersionAddress): { path: string; query: string } {
  const { reference, path, root } = address;
  return { path: `/${reference}${path === '' ? '' : `/${path}`}`, query: root };
}

/** Reads a `cairn:` address back; `null` when it names no version. */
export function parseAddress(path: string, query: string): VersionAddress | null {
  const [, reference, rest] = /^\/([^/@]+@[^/]+)(?:\/(.*))?$/s.exec(path) ?? [];
  if (reference === undefined) return null;
  return { reference, path: (rest ?? '').replace(/\/+$/, ''), root: query };
}
