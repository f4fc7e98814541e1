import type { OperationDraft } from '../core/operation';
import type { VersionRecord } from '../core/version';
import { adoptBranch } from './adopt';
import { requireOwnBranch } from './ownBranch';
import { moveRef } from './pendingRef';
import { publish } from './publish';
import { currentOf, fullReference, fullReferenceOrNull, latestOf } from './resolve';
import { backupRef, type Rooms } from './rooms';
import { clearingOnFailure } from './trouble';

export interface Withdrawal {
  readonly kind: OperationDraft['kind'];
  readonly reason: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Full references of all revisions that the mark is for. */
  readonly marks: readonly string[];
  /** The version the working files are from after it; left out: unchanged. */
  readonly current?: string | null;
}

/**
 * Withdraws a revision (or takes a withdrawal back): a commit on the model's branch says so, with
 * the tree of the newest version that still stands, so that a rebuild and colleagues see it too.
 */
export async function markWithdrawn(
  rooms: Rooms,
  record: VersionRecord,
  withdrawn: boolean,
  request: Withdrawal,
): Promise<{ record: VersionRecord; operation: number }> {
  const by = await rooms.repository.identity();
  const at = rooms.platform.clock.now().toISOString();
  const { withdrawn: _, ...plain } = record;
  const whole = request.marks.length > 1 ? ({ whole: true } as const) : {};
  const mark = { at, by, reason: request.reason, ...whole };
  const marked: VersionRecord = withdrawn ? { ...plain, withdrawn: mark } : plain;
  const current =
    request.current === undefined
      ? fullReferenceOrNull(currentOf(rooms, record.model))
      : request.current;
  const operation = { kind: request.kind, at, by, reason: request.reason, detail: request.detail };
  if (record.kind === 'backup') return markBackup(rooms, marked, operation);
  await requireOwnBranch(rooms, record.model);
  await adoptBranch(rooms, record.model);
  const head = await rooms.repository.head();
  const tree = await treeAfter(rooms, record, withdrawn ? request.marks : null);
  return publish(rooms, {
    record: marked,
    curves: [],
    tree,
    head: head.commit,
    operation,
    marks: request.marks,
    current,
  });
}

async function treeAfter(
  rooms: Rooms,
  record: VersionRecord,
  marks: readonly string[] | null,
): Promise<string> {
  const standing =
    marks === null ? standingWith(rooms, record) : standingWithout(rooms, record, marks);
  return rooms.repository.treeOf((standing ?? record).code.commit ?? 'HEAD');
}

/** The newest living version once the record stands again. */
function standingWith(rooms: Rooms, record: VersionRecord): VersionRecord {
  const latest = latestOf(rooms, record.model);
  return latest !== null && latest.number > record.number ? latest : record;
}

/** The newest living version apart from the marked revisions; earlier revisions count. */
function standingWithout(
  rooms: Rooms,
  record: VersionRecord,
  marks: readonly string[],
): VersionRecord | null {
  const latest = latestOf(rooms, record.model);
  if (latest !== null && !marks.includes(fullReference(latest))) return latest;
  const earlier = livingRevisions(rooms, record).filter(
    (other) => !marks.includes(fullReference(other)),
  );
  const { records } = rooms.history.versions({ model: record.model, kind: 'version', limit: 2 });
  return earlier.at(-1) ?? records.find(({ number }) => number !== record.number) ?? null;
}

/** The revisions of a version that were not withdrawn, oldest first. */
export function livingRevisions(rooms: Rooms, record: VersionRecord): VersionRecord[] {
  return rooms.history
    .revisions(record.model, record.number)
    .filter(({ withdrawn }) => withdrawn === undefined);
}

/** A backup's commit loses (or gets back) the ref that keeps it. */
async function markBackup(
  rooms: Rooms,
  record: VersionRecord,
  operation: Omit<OperationDraft, 'version'>,
): Promise<{ record: VersionRecord; operation: number }> {
  const ref = backupRef(record.model, record.number);
  const from = await rooms.repository.ref(ref);
  const to = record.withdrawn === undefined ? record.code.commit : null;
  const update = { ref, from, to };
  const prepared =
    from === to
      ? null
      : await rooms.repository.prepareRefs([update], `cairn: ${fullReference(record)}`);
  const version = fullReference(record);
  const detail = { ...operation.detail, worktree: rooms.repository.worktree };
  const entered = await clearingOnFailure(
    async () =>
      rooms.history.transaction((writer) => {
        writer.setWithdrawn(version, record.withdrawn ?? null);
        const { id } = writer.appendOperation({ ...operation, detail, version });
        return { operation: id, pending: { id: writer.addPendingRef(update), ...update } };
      }),
    async () => prepared?.abort(),
  );
  await moveRef(rooms, prepared, entered.pending);
  return { record, operation: entered.operation };
}
