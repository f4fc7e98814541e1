import { Failure } from '../core/failure';
import type { VersionRecord } from '../core/version';
import { fullReference } from './resolve';
import type { Rooms } from './rooms';
import { lastUndoable } from './undo';

/** @throws Failure `version-withdrawn`, which says whether an undo would bring it back */
export function requireNotWithdrawn(rooms: Rooms, record: VersionRecord): void {
  if (record.withdrawn === undefined) return;
  const { at, by } = record.withdrawn;
  const version = fullReference(record);
  const last = lastUndoable(rooms);
  const marks = last?.detail['marks'];
  const isLast = last?.version === version || (Array.isArray(marks) && marks.includes(version));
  throw new Failure('version-withdrawn', { version, at, by: by.name, last: isLast });
}
