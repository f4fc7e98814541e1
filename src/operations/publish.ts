import type { OperationDraft } from '../core/operation';
import type { CurveSet, PrimaryMetric, VersionRecord } from '../core/version';
import { formatVersionMessage } from '../core/versionMessage';
import type { RefUpdate } from '../git';
import type { HistoryWriter, PendingRef } from '../history';
import { moveRef } from './pendingRef';
import { fullReference } from './resolve';
import { backupRef, branchOf, type Rooms } from './rooms';
import { clearingOnFailure } from './trouble';

/** A record with everything that enters history together with it. */
export interface Publication {
  /** `code.commit` is still `null`. */
  readonly record: VersionRecord;
  readonly curves: CurveSet;
  /** The tree of the version commit. */
  readonly tree: string;
  /** Where its reference was found under this lock; left out: it is asked. */
  readonly from?: string | null;
  /** The user's HEAD, the second parent. */
  readonly head: string | null;
  readonly operation: Pick<OperationDraft, 'kind' | 'by' | 'at' | 'reason' | 'detail'>;
  readonly primary?: PrimaryMetric | null;
  /** Existing records that get (or lose) the record's `withdrawn` mark; nothing is added then. */
  readonly marks?: readonly string[];
  /** The version that the working files are from now on; left out: this one. */
  readonly current?: string | null;
}

/**
 * Publishes a record: commit object first, refs prepared, then one transaction that holds version,
 * operation and the pending ref, then the ref moves, then the mark is cleared. A crash before the
 * transaction leaves unreferenced objects; a crash after it is finished when the project is opened.
 * Call under the writer's lock. @throws Failure `branch-moved`, `branch-name-blocked`, `ref-refused`
 */
export async function publish(
  rooms: Rooms,
  publication: Publication,
): Promise<{ record: VersionRecord; operation: number }> {
  const ref = refOf(publication.record);
  // Asked once: what it stands on is what the reference is moved from, or it is not moved.
  const from = publication.from === undefined ? await rooms.repository.ref(ref) : publication.from;
  const commit = await writeCommit(rooms, publication, from);
  const published = { ...publication.record, code: { ...publication.record.code, commit } };
  const record = publication.marks === undefined ? published : publication.record;
  const update = { ref, from, to: commit };
  const prepared = await rooms.repository.prepareRefs([update], `cairn: ${fullReference(record)}`);
  const entered = await clearingOnFailure(
    async () =>
      rooms.history.transaction((writer) =>
        enter(writer, rooms, { ...publication, record }, update),
      ),
    () => prepared.abort(),
  );
  await moveRef(rooms, prepared, entered.pending);
  return { record, operation: entered.operation };
}

async function writeCommit(
  rooms: Rooms,
  { record, tree, head }: Publication,
  from: string | null,
): Promise<string> {
  const tip = record.kind === 'backup' ? null : (from ?? (await lastTip(rooms, record.model)));
  const parents = [tip, head].filter((parent): parent is string => parent !== null);
  return rooms.repository.commitTree({
    tree,
    parents: [...new Set(parents)],
    message: formatVersionMessage({ record, logHead: rooms.history.logHead() }),
    author: record.creator,
    at: record.withdrawn?.at ?? record.createdAt,
  });
}

/** What a model's next commit stands on when its branch is gone: the last one that was published. */
async function lastTip(rooms: Rooms, model: string): Promise<string | null> {
  const last = rooms.history.tip(model);
  return last !== null && (await rooms.repository.commitObject(last)) !== null ? last : null;
}

/** Where a record is published. */
function refOf({ kind, model, number }: VersionRecord): string {
  return kind === 'backup' ? backupRef(model, number) : branchOf(model);
}

function enter(
  writer: HistoryWriter,
  rooms: Rooms,
  publication: Publication,
  update: RefUpdate,
): { operation: number; pending: PendingRef } {
  const { record, curves, operation } = publication;
  const version = fullReference(record);
  if (publication.marks === undefined) writer.addRecord({ record, curves });
  for (const marked of publication.marks ?? [])
    writer.setWithdrawn(marked, record.withdrawn ?? null);
  if (publication.primary !== undefined) writer.setPrimary(record.model, publication.primary);
  rooms.memory.save(writer);
  if (record.kind === 'version') writer.setTip(record.model, update.to);
  const current = publication.current === undefined ? version : publication.current;
  writer.setCurrent(rooms.repository.worktree, record.model, current);
  const { worktree } = rooms.repository;
  const detail = { ...operation.detail, worktree, commit: update.to };
  const { id } = writer.appendOperation({ ...operation, version, detail });
  return { operation: id, pending: { id: writer.addPendingRef(update), ...update } };
}
