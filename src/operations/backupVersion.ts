import type { ArtifactRecord, Creator, VersionRecord } from '../core/version';
import { formatVersionMessage } from '../core/versionMessage';
import type { HistoryWriter } from '../history';
import { moveRef } from './pendingRef';
import { currentOf, fullReference, fullReferenceOrNull } from './resolve';
import { backupRef, type Rooms } from './rooms';
import { clearingOnFailure } from './trouble';

/** What a backup is made of. */
export interface BackupDraft {
  readonly model: string;
  readonly description: string;
  readonly kept: { readonly files: readonly ArtifactRecord[]; readonly absent: readonly string[] };
  /** The version or backup that is gone back to. */
  readonly to: string;
  readonly creator: Creator;
  readonly at: string;
  /** The working files' code. */
  readonly tree: string;
}

/** The record of the next backup with its commit, which nothing refers to yet. */
export async function commitBackup(rooms: Rooms, draft: BackupDraft): Promise<VersionRecord> {
  const record = await backupRecord(rooms, draft);
  const parents = record.code.head === null ? [] : [record.code.head];
  const commit = await rooms.repository.commitTree({
    tree: draft.tree,
    parents,
    message: formatVersionMessage({ record, logHead: rooms.history.logHead() }),
    author: draft.creator,
    at: draft.at,
  });
  return { ...record, code: { ...record.code, commit } };
}

async function backupRecord(rooms: Rooms, draft: BackupDraft): Promise<VersionRecord> {
  const { model, kept } = draft;
  const head = await rooms.repository.head();
  return {
    format: 1,
    model,
    number: rooms.history.transaction((writer) => writer.nextNumber(model, 'backup')),
    revision: 1,
    kind: 'backup',
    label: null,
    createdAt: draft.at,
    creator: draft.creator,
    description: draft.description,
    parent: fullReferenceOrNull(currentOf(rooms, model)),
    parameters: {},
    files: kept.files,
    datasets: [],
    metrics: {},
    environment: { platform: rooms.platform.system },
    code: { commit: null, head: head.commit, branch: head.branch, dirty: true },
    run: null,
    absent: kept.absent,
    replacedBy: draft.to,
  };
}

/**
 * Enters a backup into the history, together with what `more` writes, and moves its ref.
 * @returns what `more` returned
 */
export async function publishBackup<T>(
  rooms: Rooms,
  record: VersionRecord,
  more: (writer: HistoryWriter) => T,
): Promise<T> {
  const update = {
    ref: backupRef(record.model, record.number),
    from: null,
    to: record.code.commit,
  };
  const prepared = await rooms.repository.prepareRefs([update], `cairn: ${fullReference(record)}`);
  const enter = (writer: HistoryWriter) => {
    writer.addRecord({ record, curves: [] });
    const pending = { id: writer.addPendingRef(update), ...update };
    return { pending, result: more(writer) };
  };
  const { pending, result } = await clearingOnFailure(
    async () => rooms.history.transaction(enter),
    () => prepared.abort(),
  );
  await moveRef(rooms, prepared, pending);
  return result;
}
