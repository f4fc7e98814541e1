import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';

/**
 * The version of a model that a person holds the others against, as a reference without a revision,
 * `digits@v3`; `null` where none is. It is kept for the project, beside what else was chosen there.
 */
export function baselineOf(desk: Desk, session: ProjectSession, model: string): string | null {
  const kept: unknown = desk.context.workspaceState.get(baselineKey(session, model));
  return typeof kept === 'string' ? kept : null;
}

/** Keeps a version as the baseline of its model, or lets it go. */
export async function pinBaseline(
  desk: Desk,
  session: ProjectSession,
  reference: string,
  pinned: boolean,
): Promise<void> {
  const version = withoutRevision(reference);
  const key = baselineKey(session, version.slice(0, version.lastIndexOf('@')));
  await desk.context.workspaceState.update(key, pinned ? version : undefined);
}

/** Whether a reference, which may say a revision, means the baseline. */
export function isBaseline(baseline: string | null, reference: string): boolean {
  return baseline !== null && withoutRevision(reference) === baseline;
}

function withoutRevision(reference: string): string {
  return reference.replace(/(@v\d+)\.\d+$/, '$1');
}

function baselineKey({ root }: ProjectSession, model: string): string {
  return `baseline:${root}:${model}`;
}
