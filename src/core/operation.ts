import type { Creator } from './version';

export type OperationKind =
  | 'init'
  | 'commit'
  | 'update'
  | 'rollback'
  | 'undo'
  | 'drop'
  | 'rebuild'
  | 'adopt'
  | 'gc';

/** One entry of the append-only log, before it is chained. */
export interface OperationDraft {
  readonly kind: OperationKind;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: Creator;
  readonly reason: string;
  /** Reference with revision (`digits@v3.1`) of what it made or touched; `null` where none. */
  readonly version: string | null;
  /** What undoing or auditing needs; JSON-safe. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** An entry in the log: `sha256` is over `previous` and the canonical JSON of everything else. */
export interface Operation extends OperationDraft {
  readonly id: number;
  readonly sha256: string;
  readonly previous: string;
}

/** The `previous` of the first entry. */
export const logRoot = '0'.repeat(64);

/**
 * JSON with sorted keys and no white space, so that equal values have equal bytes
 * (RFC 8785 for what the log holds: strings, finite numbers, booleans, null, lists, objects).
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** The bytes whose SHA-256 is an operation's digest. */
export function operationText(operation: Omit<Operation, 'sha256'>): string {
  const { id, kind, at, by, reason, version, detail, previous } = operation;
  return canonicalJson({ id, kind, at, by, reason, version, detail, previous });
}
