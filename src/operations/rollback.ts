import { Failure } from '../core/failure';
import type { OperationKind } from '../core/operation';
import { type RollbackPart, rollbackParts } from '../core/plan';
import type { Activity } from '../core/progress';
import type { VersionRecord, Warning } from '../core/version';
import type { Snapshot } from '../git';
import { type Kept, keepWorkingFiles } from './backup';
import { commitBackup, publishBackup } from './backupVersion';
import { locked } from './locked';
import { ownershipOf } from './ownership';
import type { RollbackRequest, RollbackResult } from './project';
import { currentOf, fullReference, fullReferenceOrNull, resolve } from './resolve';
import { applyMoves } from './rollbackApply';
import { namingVersions } from './rollbackFiles';
import { type Conclusion, concludeIntent, stamped } from './rollbackFinish';
import { abandonStaging, addIntent, type Move, type RollbackIntent } from './rollbackIntent';
import { type PlannedRollback, planRollback } from './rollbackPlan';
import { requireRoom } from './rollbackRoom';
import { requireSpace } from './rollbackSpace';
import { type StagedStep, stageAll, stagingPaths, storeBytes } from './rollbackStage';
import type { Rooms } from './rooms';
import { requireNoRun } from './runList';
import { clearingOnFailure } from './trouble';
import { withSnapshot } from './withSnapshot';

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
  const reason = request.reason ?? '';
  const work = async () => {
    // Anew: what was finished under the lock, or another process, may have moved what is meant.
    const meant = await resolve(rooms, request.reference);
    const going = { target: meant, parts, kind: 'rollback', reason, detail: {} } as const;
    return goBack(rooms, going, activity);
  };
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
  return withSnapshot(snapshot, async () => {
    const { plan, warnings } = await planFor(rooms, target, parts, snapshot, activity);
    return { plan, applied: false, operation: null, backup: null, warnings };
  });
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
  requireNoRun(rooms, going.target.model);
  const snapshot = await lookAt(rooms, going.target, false, activity);
  return withSnapshot(snapshot, async () => {
    const planned = await planFor(rooms, going.target, going.parts, snapshot, activity);
    await requireSpace(rooms, planned.steps);
    const kept = await keepWorkingFiles(rooms, planned.steps, activity);
    const applied = await apply(rooms, going, planned, kept, snapshot.tree, activity);
    const { plan, warnings } = planned;
    return { plan, applied: true, ...applied, warnings: [...warnings, ...applied.warnings] };
  });
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
  const { isArtifact } = await ownershipOf(rooms, target.model, modelFilesOf(target));
  return rooms.repository.snapshot({ isCode: () => true, isArtifact, scratch }, activity);
}

/** A backup holds files of every part. */
function modelFilesOf({ kind, files }: VersionRecord): string[] {
  return kind === 'version' ? files.map(({ path }) => path) : [];
}

/** The plan, found possible: a dry run refuses what the rollback would refuse. */
async function planFor(
  rooms: Rooms,
  target: VersionRecord,
  parts: ReadonlySet<RollbackPart>,
  snapshot: Snapshot,
  activity?: Activity,
): Promise<PlannedRollback> {
  const ownership = await ownershipOf(rooms, target.model, modelFilesOf(target));
  const aim = { target, parts, snapshot, ownership };
  const planned = await planRollback(rooms, aim, activity);
  await requireRoom(rooms, planned.steps);
  return planned;
}

interface Applied {
  readonly operation: number;
  readonly backup: string;
  readonly warnings: readonly Warning[];
}

async function apply(
  rooms: Rooms,
  going: GoingBack,
  planned: PlannedRollback,
  kept: Kept,
  tree: string,
  activity?: Activity,
): Promise<Applied> {
  const steps = await storeBytes(rooms, planned.steps);
  const staged = await stagingPaths(rooms, steps);
  const draft = await draftOf(rooms, going, planned, movesOf(steps, staged, kept));
  const staging = rooms.history.transaction((writer) => addIntent(writer, rooms, draft));
  const entered = await clearingOnFailure(
    async () => {
      await namingVersions(rooms, going.target.model, steps, () =>
        stageAll(rooms, steps, staged, activity),
      );
      const moves = await stamped(rooms, draft.moves);
      return enter(rooms, going, { staging, draft: { ...draft, moves }, kept, tree });
    },
    () => abandonStaging(rooms, staging),
  );
  const { intent, backup } = entered;
  // From here on an interruption is finished forwards.
  const rescued = await applyMoves(rooms, intent.moves);
  const conclusion = await concludeIntent(rooms, entered.id, intent, rescued);
  return { operation: conclusion.operation, backup, warnings: rescueWarnings(conclusion) };
}

interface Ready {
  readonly staging: number;
  readonly draft: RollbackIntent;
  readonly kept: Kept;
  readonly tree: string;
}

/** Publishes the backup, and with it the intent to carry on to the end. */
async function enter(
  rooms: Rooms,
  { target }: GoingBack,
  { staging, draft, kept, tree }: Ready,
): Promise<{ id: number; intent: RollbackIntent; backup: string }> {
  const to = fullReference(target);
  const record = await commitBackup(rooms, {
    ...{ model: target.model, kept, to, tree },
    description: `Before going back to ${to}`,
    creator: draft.operation.by,
    at: draft.operation.at,
  });
  const backup = fullReference(record);
  const operation = { ...draft.operation, detail: { ...draft.operation.detail, backup } };
  const intent: RollbackIntent = { ...draft, operation, state: 'applying' };
  const id = await publishBackup(rooms, record, (writer) => {
    writer.clearIntent(staging);
    return addIntent(writer, rooms, intent);
  });
  return { id, intent, backup };
}

function rescueWarnings({ rescued }: Conclusion): Warning[] {
  if (rescued === null) return [];
  const message = `Files changed while the rollback was under way; ${rescued} holds what they were.`;
  return [{ code: 'files-rescued', message }];
}

function movesOf(
  steps: readonly StagedStep[],
  staged: ReadonlyMap<string, string>,
  kept: Kept,
): Move[] {
  return steps.map(({ path, source }) => ({
    path,
    source,
    staged: staged.get(path) ?? null,
    before: kept.before.get(path) ?? null,
    after: null,
  }));
}

async function draftOf(
  rooms: Rooms,
  going: GoingBack,
  planned: PlannedRollback,
  moves: readonly Move[],
): Promise<RollbackIntent> {
  const { target, parts } = going;
  const whole = parts.has('code') && parts.has('artifacts');
  const origin = target.kind === 'backup' ? target.parent : fullReference(target);
  const before = fullReferenceOrNull(currentOf(rooms, target.model));
  const counts = { code: planned.plan.code.length, artifacts: planned.plan.artifacts.length };
  const detail = {
    ...{ ...going.detail, parts: [...parts], counts },
    ...{ worktree: rooms.repository.worktree, previous: before },
  };
  return {
    model: target.model,
    state: 'staging',
    moves,
    operation: {
      kind: going.kind,
      at: rooms.platform.clock.now().toISOString(),
      by: await rooms.repository.identity(),
      reason: going.reason,
      version: fullReference(target),
      detail,
    },
    current: whole ? { model: target.model, version: origin } : null,
  };
}
