import { Failure } from '../core/failure';
import { requireLabel } from '../core/names';
import { canonicalJson } from '../core/operation';
import type { Activity } from '../core/progress';
import type { VersionRecord } from '../core/version';
import { referenceTo } from '../core/version';
import { adoptBranch } from './adopt';
import { type Amendment, amend } from './gather';
import { locked } from './locked';
import { requireOwnBranch } from './ownBranch';
import type { UpdateRequest } from './project';
import { publish } from './publish';
import { currentOf, fullReference, fullReferenceOrNull, primaryOf, resolve } from './resolve';
import { type Rooms, requireWritable } from './rooms';
import type { CommitResult } from './versionRequests';
import { requireNotWithdrawn } from './withdrawn';

/**
 * Adds a revision to a version: what the options name is replaced, the rest stays as it was.
 * Earlier revisions stay readable.
 * @throws Failure `no-such-version`, `label-taken`, `nothing-changed`
 */
export async function update(
  rooms: Rooms,
  request: UpdateRequest,
  activity?: Activity,
): Promise<CommitResult> {
  requireWritable(rooms, 'update');
  const before = await resolveStanding(rooms, request.reference);
  await requireOwnBranch(rooms, before.model);
  const look = (record: VersionRecord) => amend(rooms, record, request, { store: true }, activity);
  const amendment = await look(before);
  const work = async () => {
    await adoptBranch(rooms, before.model);
    const now = await resolveStanding(rooms, request.reference);
    const same = canonicalJson(now) === canonicalJson(before);
    return publishRevision(rooms, request, now, same ? amendment : await look(now));
  };
  return locked(rooms, 'update', work, activity);
}

/** A version that still stands: backups and withdrawn versions take no revisions. */
export async function resolveStanding(rooms: Rooms, reference: string): Promise<VersionRecord> {
  const record = await resolve(rooms, reference);
  if (record.kind !== 'version') throw new Failure('no-such-version', { reference });
  requireNotWithdrawn(rooms, record);
  return record;
}

async function publishRevision(
  rooms: Rooms,
  request: UpdateRequest,
  before: VersionRecord,
  amendment: Amendment,
): Promise<CommitResult> {
  const all = rooms.history.revisions(before.model, before.number);
  const draft: VersionRecord = {
    ...before,
    ...amendment.content,
    revision: (all.at(-1)?.revision ?? before.revision) + 1,
    label: labelFor(rooms, before, request),
    createdAt: rooms.platform.clock.now().toISOString(),
    creator: await rooms.repository.identity(),
    description: request.message ?? before.description,
    reason: request.reason,
    code: { ...before.code, commit: null },
    run: request.run ?? before.run,
  };
  requireChange(before, draft, request);
  const current = currentOf(rooms, before.model);
  const follows = current?.number === before.number && current.kind === 'version';
  const { record } = await publish(rooms, {
    record: draft,
    curves: amendment.curves ?? rooms.history.curves(before.model, before.number, before.revision),
    tree: await rooms.repository.treeOf(before.code.commit ?? 'HEAD'),
    head: before.code.head,
    operation: operationOf(draft, request, fullReferenceOrNull(current)),
    primary: await primaryOf(rooms, before.model),
    current: follows ? fullReference(draft) : fullReferenceOrNull(current),
  });
  return { version: record, warnings: amendment.warnings };
}

/** @throws Failure `nothing-changed` when a revision would say just what the one before said */
function requireChange(before: VersionRecord, draft: VersionRecord, request: UpdateRequest): void {
  if (request.allowEmpty === true || toldBy(before) !== toldBy(draft)) return;
  const { model } = before;
  throw new Failure('nothing-changed', { model, version: referenceTo(before) });
}

function toldBy(record: VersionRecord): string {
  const { label, description, run, parameters, files, datasets, metrics, curves } = record;
  return canonicalJson({ label, description, run, parameters, files, datasets, metrics, curves });
}

function operationOf(draft: VersionRecord, request: UpdateRequest, previous: string | null) {
  return {
    kind: 'update',
    at: draft.createdAt,
    by: draft.creator,
    reason: request.reason,
    detail: { previous },
  } as const;
}

/** @throws Failure `label-taken` when another version has it */
function labelFor(rooms: Rooms, before: VersionRecord, { label }: UpdateRequest): string | null {
  if (label === undefined) return before.label;
  const holder = rooms.history.findByLabel(before.model, requireLabel(label));
  if (holder !== null && holder.number !== before.number) {
    throw new Failure('label-taken', { label, model: before.model, version: referenceTo(holder) });
  }
  return label;
}
