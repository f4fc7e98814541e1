/**
 * The one place where faults come in. Every call that changes something outside the process
 * (a file, a ref, a database) asks the seam first, with its name and its target.
 */
export type WriteKind =
  | 'disk.makeDirectory'
  | 'disk.create'
  | 'disk.write'
  | 'disk.sync'
  | 'disk.syncDirectory'
  | 'disk.close'
  | 'disk.rename'
  | 'disk.remove'
  | 'disk.link'
  | 'disk.setMode'
  | 'disk.setTimes'
  | 'process.run'
  | 'database.begin'
  | 'database.write'
  | 'database.commit';

export interface WriteCall {
  readonly kind: WriteKind;
  /** A path, a command line, or a statement's name. */
  readonly target: string;
}

export interface Fault {
  readonly error: Error;
  /** Only so many bytes of a write arrive before it fails with the error. */
  readonly short?: number;
  /**
   * The call takes effect, and fails all the same: a share lost its answer, or the time of a process
   * was up when it had done its work. Not of opening and syncing.
   */
  readonly late?: boolean;
}

export interface WriteSeam {
  /** `null` lets the call through. */
  before(call: WriteCall): Fault | null;
}

/** The seam of everyday life. */
export const openSeam: WriteSeam = { before: () => null };
