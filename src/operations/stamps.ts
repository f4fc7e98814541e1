import type { FileFacts } from '../platform';

/** What tells one state of one file from another; as decimal strings where JSON has no numbers. */
export interface Stamp {
  readonly size: number;
  /** Nanoseconds. */
  readonly modified: string;
  readonly inode: string;
}

/** What stood at a path when it was backed up. */
export interface Before extends Stamp {
  readonly sha256: string;
}

export function stampOf(facts: FileFacts): Stamp {
  return { size: facts.size, modified: String(facts.modified), inode: String(facts.inode) };
}

/** Whether a file is still the one that was stamped. A rename changes none of it. */
export function isStamped(facts: FileFacts | null, stamp: Stamp | null): boolean {
  if (facts === null || stamp === null) return false;
  const now = stampOf(facts);
  return stamp.size === now.size && stamp.modified === now.modified && stamp.inode === now.inode;
}

/** The same for two stamps of one state only. */
export function stampText({ size, modified, inode }: Stamp): string {
  return `${size} ${modified} ${inode}`;
}
