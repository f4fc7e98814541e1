/**
 * What a scan says of a file. `clean`: nothing dangerous was found, which is less than safe.
 * `unreadable`: a part of it could not be looked at, so that nothing can be said of the whole.
 */
export type ScanVerdict = 'clean' | 'suspicious' | 'dangerous' | 'unreadable' | 'not-a-model';

/** `unreadable` is no danger that was seen, but a place where one may hide. */
export type FindingSeverity = 'suspicious' | 'unreadable' | 'dangerous';

/** Where something was found: bytes within the member, or within the file where there is none. */
export interface FindingPlace {
  /** Of an archive; members of members are joined with `!`. */
  readonly member?: string;
  readonly offset?: number;
  /** Of a pickle, by Python's name for it. */
  readonly opcode?: string;
}

export interface ScanFinding {
  readonly code: string;
  readonly severity: FindingSeverity;
  /** What is there and why it matters, a sentence. */
  readonly message: string;
  readonly where: FindingPlace;
}

/** One file's result; `path` as it was asked for, `format` as its content tells it. */
export interface FileScan {
  readonly path: string;
  readonly format: string;
  readonly verdict: ScanVerdict;
  readonly findings: readonly ScanFinding[];
}

const rank: Readonly<Record<FindingSeverity, number>> = {
  ...{ suspicious: 1, unreadable: 2, dangerous: 3 },
};

/** The worst of the findings decides; without any, whether the file is a model at all. */
export function verdictOf(findings: readonly ScanFinding[], isModel: boolean): ScanVerdict {
  const worst = findings.reduce((most, { severity }) => Math.max(most, rank[severity]), 0);
  const verdicts: readonly ScanVerdict[] = [
    isModel ? 'clean' : 'not-a-model',
    ...(['suspicious', 'unreadable', 'dangerous'] as const),
  ];
  return verdicts[worst] ?? 'dangerous';
}

/** `data.pkl, byte 12, REDUCE`: for people. */
export function placeText({ member, offset, opcode }: FindingPlace): string {
  const parts = [member, offset === undefined ? undefined : `byte ${offset}`, opcode];
  return parts.filter((part) => part !== undefined).join(', ');
}
