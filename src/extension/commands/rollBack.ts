import { Failure } from '../../core/failure';
import { shortReference } from '../../core/labels';
import type { RollbackPart, RollbackPlan } from '../../core/plan';
import type { UndoResult } from '../../operations/project';
import { type Attention, withActivity } from '../activity';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';
import { operationTitle } from '../tree/operationRows';
import { settleUnsaved } from './unsaved';

export interface RollBackAsked {
  readonly reference: string;
  readonly only: readonly RollbackPart[];
  readonly reason: string;
}

/**
 * Rolls the working files back, once editors with unsaved text are settled.
 * @returns whether it was done
 */
export async function rollBack(
  desk: Desk,
  session: ProjectSession,
  asked: RollBackAsked,
  attention: Attention = {},
): Promise<boolean> {
  session.requireWritable('rolling back');
  const { project } = session;
  const request = {
    reference: asked.reference,
    only: asked.only,
    ...(asked.reason === '' ? {} : { reason: asked.reason }),
  };
  const { plan } = await project.rollback({ ...request, dryRun: true });
  if (!(await settleUnsaved(desk, session, pathsIn(plan)))) return false;
  const title = `Rolling back to ${shortReference(asked.reference)}`;
  const { warnings, operation } = await withActivity(
    title,
    (activity) => project.rollback(request, activity),
    attention,
  );
  await session.refresh();
  for (const { message } of warnings) desk.log.warn(message);
  void desk.reporter.attempt('Telling of the rollback', () =>
    tellDone(desk, session, `Rolled back to ${shortReference(asked.reference)}`, operation),
  );
  return true;
}

/** Takes an operation back, the last one that can be unless another is named. */
export async function undoOperation(
  desk: Desk,
  session: ProjectSession,
  operation?: number,
): Promise<UndoResult | null> {
  session.requireWritable('undoing');
  const { project } = session;
  const which = operation === undefined ? {} : { operation };
  const { plan, undone } = await project.undo({ ...which, dryRun: true });
  if (!(await settleUnsaved(desk, session, pathsIn(plan)))) return null;
  const title = await titleOf(session, undone);
  // What was previewed is what is undone, even if another process made an operation meanwhile.
  const result = await withActivity('Undoing', (activity) =>
    project.undo({ operation: undone }, activity),
  );
  await session.refresh();
  for (const { message } of result.warnings) desk.log.warn(message);
  void desk.reporter.attempt('Telling of the undo', () =>
    tellDone(desk, session, `${title} is undone`, result.operation),
  );
  return result;
}

/** What a person knows the operation by: `“Rolled back to v4”`. */
async function titleOf({ project }: ProjectSession, operation: number): Promise<string> {
  const { operations } = await project.operations({ limit: 100 });
  const row = operations.find(({ id }) => id === operation);
  return row === undefined ? `Operation ${operation}` : `“${operationTitle(row, false)}”`;
}

/** `Rolled back to v3 · Undo`. */
async function tellDone(
  desk: Desk,
  session: ProjectSession,
  message: string,
  operation: number | null,
): Promise<void> {
  const chosen = await desk
    .prompts()
    .tell({ id: 'rollback.done', kind: 'information', message, actions: ['Undo'] });
  if (chosen !== 'Undo') return;
  if (operation === null) throw new Failure('nothing-to-undo', {});
  await undoOperation(desk, session, operation);
}

/** Files that the plan writes or deletes. Parameters lie in code or in their own files. */
function pathsIn(plan: RollbackPlan): ReadonlySet<string> {
  const steps = [...plan.code, ...plan.artifacts, ...plan.data];
  return new Set(steps.filter(({ action }) => action !== 'keep').map(({ path }) => path));
}
