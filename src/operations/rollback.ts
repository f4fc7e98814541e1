import { Failure } from '../core/failure';
import type { OperationKind } from '../core/operation';
import { type RollbackPart, rollbackParts } from '../core/plan';
import type { Activity } from '../core/progress';
import type { VersionRecord } from '../core/version';
import { formatVersionMessage } from '../core/versionMessage';
import type { Snapshot } from '../git';
import { backupRecord, type Kept, keepWorkingFiles } from './backup';
import { locked } from './locked';
import { ownershipOf } from './ownership';
import type { RollbackRequest, RollbackResult } from './project';
import { clearPending } from './publish';
import { currentOf, fullReference, fullReferenceOrNull, resolve } from './resolve';
import {
  applyMoves,
  concludeIntent,
  type Move,
  type RollbackIntent,
  removeStaged,
  rollbackIntentKind,
} from './rollbackIntent';
import { type PlannedRollback, planRollback } from './rollbackPlan';
import { requireSpace } from './rollbackSpace';
import { stageAll, stagingPaths } from './rollbackStage';
import { backupRef, type Rooms } from './rooms';

/** States of the user's repository in which working files are Git's to change. */
const forbidding = new Set(['merge', 'rebase', 'cherry-pick', 'revert', 'am']);

/** Goes back to a version or backup; a dry run stops at the plan. */
export async function rollback(
  rooms: Rooms,
  request: RollbackRequest,
  activity?: Activity,
): Promise<RollbackResult> {
  const target = await resolve(rooms, request.reference);
  const parts = new Set(request.only ?? rollbackParts);
  if (request.dryRun === true) return dryRun(rooms, target, parts, activity);
  const work = () =>
    goBack(
      rooms,
      { target, parts, kind: 'rollback', reason: request.reason ?? '', detail: {} },
      activity,
    );
  return locked(rooms, 'rollback', work, activity);
}

/** The plan alone. Leaves nothing behind, not even objects in the repository. */
export async function dryRun(
  rooms: Rooms,
  target: VersionRecord,
  parts: ReadonlySet<RollbackPart>,
  activity?: Activity,
): Promise<RollbackResult> {
  await requireCalmRepository(rooms);
  const snapshot = await lookAt(rooms, target, true, activity);
  try {
    const planned = await planFor(rooms, target, parts, snapshot, activity);
    return {
      plan: planned.plan,
      applied: false,
      operation: null,
      backup: null,
      warnings: planned.warnings,
    };
  } finally {
    await snapshot.dispose();
  }
}

/** One going back, by a rollback or by an undo. */
export interface GoingBack {
  readonly target: VersionRecord;
  readonly parts: ReadonlySet<RollbackPart>;
  readonly kind: Extract<OperationKind, 'rollback' | 'undo'>;
  readonly reason: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Plan, backup, staging, intent, renames: the working files change only after everything that can
 * fail has been done beside them. Under the writer's lock.
 */
export async function goBack(
  rooms: Rooms,
  going: GoingBack,
  activity?: Activity,
): Promise<RollbackResult> {
  await requireCalmRepository(rooms);
  const snapshot = await lookAt(rooms, going.target, false, activity);
  try {
    const planned = await planFor(rooms, going.target, going.parts, snapshot, activity);
    await requireSpace(rooms, planned.steps);
    const kept = await keepWorkingFiles(rooms, planned.steps, activity);
    const applied = await apply(rooms, going, planned, kept, snapshot.tree, activity);
    return { plan: planned.plan, applied: true, ...applied, warnings: planned.warnings };
  } finally {
    await snapshot.dispose();
  }
}

async function requireCalmRepository(rooms: Rooms): Promise<void> {
  const state = await rooms.repository.busy();
  if (state !== null && forbidding.has(state)) throw new Failure('repository-busy', { state });
}

async function lookAt(
  rooms: Rooms,
  target: VersionRecord,
  scratch: boolean,
  activity?: Activity,
): Promise<Snapshot> {
  const { isArtifact } = await ownershipOf(rooms, target.model, []);
  return rooms.repository.snapshot({ isCode: () => true, isArtifact, scratch }, activity);
}

async function planFor(
  rooms: Rooms,
  target: VersionRecord,
  parts: ReadonlySet<RollbackPart>,
  snapshot: Snapshot,
  activity?: Activity,
): Promise<PlannedRollback> {
  const named = target.kind === 'version' ? target.files.map(({ path }) => path) : [];
  const ownership = await ownershipOf(rooms, target.model, named);
  return planRollback(rooms, { target, parts, snapshot, ownership }, activity);
}

async function apply(
  rooms: Rooms,
  going: GoingBack,
  planned: PlannedRollback,
  kept: Kept,
  tree: string,
  activity?: Activity,
): Promise<{ operation: number; backup: string }> {
  const staged = await stagingPaths(rooms, planned.steps);
  const moves = movesOf(planned, staged, kept);
  const draft = await draftOf(rooms, going, planned);
  const staging = enterStaging(rooms, { ...draft, state: 'staging', moves });
  try {
    await stageAll(rooms, planned.steps, staged, activity);
  } catch (error) {
    await removeStaged(rooms, moves);
    rooms.history.transaction((writer) => writer.clearIntent(staging));
    throw error;
  }
  return commitAndMove(rooms, going, { staging, moves, draft, kept, tree });
}

interface Ready {
  readonly staging: number;
  readonly moves: readonly Move[];
  readonly draft: Pick<RollbackIntent, 'operation' | 'current'>;
  readonly kept: Kept;
  readonly tree: string;
}

/** From here on an interruption is finished forwards. */
async function commitAndMove(
  rooms: Rooms,
  going: GoingBack,
  ready: Ready,
): Promise<{ operation: number; backup: string }> {
  const record = await writeBackup(rooms, going, ready);
  const reference = fullReference(record);
  const operation = {
    ...ready.draft.operation,
    detail: { ...ready.draft.operation.detail, backup: reference },
  };
  const intent: RollbackIntent = {
    ...ready.draft,
    operation,
    state: 'applying',
    moves: ready.moves,
  };
  const id = await publishBackup(rooms, record, ready.staging, intent);
  const rescued = await applyMoves(rooms, ready.moves);
  return { operation: await concludeIntent(rooms, id, intent, rescued), backup: reference };
}

async function writeBackup(
  rooms: Rooms,
  going: GoingBack,
  { kept, tree, draft }: Ready,
): Promise<VersionRecord> {
  const { model } = going.target;
  const number = rooms.history.transaction((writer) => writer.nextNumber(model, 'backup'));
  const { by: creator, at } = draft.operation;
  const record = await backupRecord(rooms, {
    model,
    number,
    kept,
    to: fullReference(going.target),
    creator,
    at,
  });
  const parents = record.code.head === null ? [] : [record.code.head];
  const message = formatVersionMessage({ record, logHead: rooms.history.logHead() });
  const commit = await rooms.repository.commitTree({ tree, parents, message, author: creator, at });
  return { ...record, code: { ...record.code, commit } };
}

async function publishBackup(
  rooms: Rooms,
  record: VersionRecord,
  staging: number,
  intent: RollbackIntent,
): Promise<number> {
  const update = {
    ref: backupRef(record.model, record.number),
    from: null,
    to: record.code.commit,
  };
  const prepared = await rooms.repository.prepareRefs([update], `cairn: ${fullReference(record)}`);
  const worktree = rooms.repository.worktree;
  let entered: { intent: number; pending: number };
  try {
    entered = rooms.history.transaction((writer) => {
      writer.addRecord({ record, curves: [] });
      writer.clearIntent(staging);
      const pending = writer.addPendingRef(update);
      return {
        pending,
        intent: writer.addIntent({ kind: rollbackIntentKind, worktree, payload: intent }),
      };
    });
  } catch (error) {
    await prepared.abort();
    throw error;
  }
  await prepared.commit();
  clearPending(rooms, entered.pending);
  return entered.intent;
}

function enterStaging(rooms: Rooms, intent: RollbackIntent): number {
  const worktree = rooms.repository.worktree;
  return rooms.history.transaction((writer) =>
    writer.addIntent({ kind: rollbackIntentKind, worktree, payload: intent }),
  );
}

function movesOf(
  planned: PlannedRollback,
  staged: ReadonlyMap<string, string>,
  kept: Kept,
): Move[] {
  return planned.steps.map(({ path, source }) => ({
    path,
    staged: staged.get(path) ?? null,
    before: kept.stamps.get(path) ?? null,
    sha256: source?.kind === 'artifact' && !source.link ? source.sha256 : null,
  }));
}

async function draftOf(
  rooms: Rooms,
  going: GoingBack,
  planned: PlannedRollback,
): Promise<Pick<RollbackIntent, 'operation' | 'current'>> {
  const { target, parts } = going;
  const whole = parts.has('code') && parts.has('artifacts');
  const origin = target.kind === 'backup' ? target.parent : fullReference(target);
  const before = fullReferenceOrNull(currentOf(rooms, target.model));
  const counts = { code: planned.plan.code.length, artifacts: planned.plan.artifacts.length };
  return {
    operation: {
      kind: going.kind,
      at: rooms.platform.clock.now().toISOString(),
      by: await rooms.repository.identity(),
      reason: going.reason,
      version: fullReference(target),
      detail: {
        ...going.detail,
        parts: [...parts],
        counts,
        worktree: rooms.repository.worktree,
        previous: before,
      },
    },
    current: whole ? { model: target.model, version: origin } : null,
  };
}
