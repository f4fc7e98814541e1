import type { Activity } from '../core/progress';
import { type Reference, requireReference } from '../core/reference';
import type { VersionRecord } from '../core/version';
import { locked } from './locked';
import { fullReference, resolve } from './resolve';
import type { Rooms } from './rooms';
import type { CommitResult } from './versionRequests';
import { livingRevisions, markWithdrawn } from './withdraw';
import { requireNotWithdrawn } from './withdrawn';

/**
 * Withdraws a version (all its revisions) or a backup: the record and the log entry stay, its
 * artifacts become free. @throws Failure `version-withdrawn` when it is already
 */
export async function drop(
  rooms: Rooms,
  request: { reference: string; reason?: string },
  activity?: Activity,
): Promise<CommitResult> {
  const work = async () => {
    const record = await resolve(rooms, request.reference);
    requireNotWithdrawn(rooms, record);
    const marks = marksFor(rooms, record, requireReference(request.reference));
    const withdrawal = {
      kind: 'drop',
      reason: request.reason ?? '',
      detail: { marks },
      marks,
    } as const;
    const done = await markWithdrawn(rooms, record, true, withdrawal);
    return { version: done.record, warnings: [] };
  };
  return locked(rooms, 'drop', work, activity);
}

/** A revision that was named goes alone; otherwise the version goes with all its revisions. */
function marksFor(rooms: Rooms, record: VersionRecord, { selector }: Reference): string[] {
  const one =
    record.kind === 'backup' || (selector.kind === 'version' && selector.revision !== null);
  return one ? [fullReference(record)] : livingRevisions(rooms, record).map(fullReference);
}
