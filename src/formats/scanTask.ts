import type { FindingPlace } from '../core/scan';
import type { RangeReader } from '../platform';
import type { Findings } from './scanFindings';

/** What is looked at, and how what is inside it is looked at in turn. */
export interface ScanTask {
  readonly reader: RangeReader;
  readonly findings: Findings;
  /** Of an archive; `undefined` for the file itself. */
  readonly member?: string;
  /** How many containers lie around it. */
  readonly depth: number;
  /** PyTorch's own language: classes of `__torch__` are defined by the archive itself. */
  readonly scripted?: boolean;
  /**
   * Values of a tensor or bytes of a pickle: any bytes at all, so that a start which looks like a
   * format says nothing. Only what really is one counts.
   */
  readonly values?: boolean;
}

/** Looks at bytes inside a pickle as at a file of its own. */
export type NestedScan = (task: ScanTask) => Promise<void>;

export function placeAt({ member }: ScanTask, offset?: number, opcode?: string): FindingPlace {
  return {
    ...(member === undefined ? {} : { member }),
    ...(offset === undefined ? {} : { offset }),
    ...(opcode === undefined ? {} : { opcode }),
  };
}

/** The name of something within a member. */
export function within({ member }: Pick<ScanTask, 'member'>, name: string): string {
  return member === undefined ? name : `${member}!${name}`;
}
