import { flag, type Reader, shape } from '../../../src/wire/readers';

/** What the panel keeps for itself. */
export interface CompareOwn {
  /** Whether rows in which all sides agree are left out. */
  readonly onlyDifferences: boolean;
}

export const readCompareOwn: Reader<CompareOwn> = shape({ onlyDifferences: flag });
