import type { Activity } from '../core/progress';
import type { ArtifactRecord, Warning } from '../core/version';
import { compareArtifacts } from '../core/versionComparison';
import { codeSince, sinceHead, snapshotFor, takenBy } from './codeSnapshot';
import { labelHolder, modelFor } from './commit';
import { amend, gather } from './gather';
import type { CommitPlan, UpdateRequest } from './project';
import { versionBefore } from './resolve';
import type { Rooms } from './rooms';
import { resolveStanding } from './update';
import type { CommitRequest } from './versionRequests';
import { withSnapshot } from './withSnapshot';

interface PlannedVersion {
  readonly plan: CommitPlan;
  readonly warnings: readonly Warning[];
}

/** What a commit would take and leave out; leaves nothing behind. @throws Failure `label-taken` */
export async function planCommit(
  rooms: Rooms,
  request: CommitRequest,
  activity?: Activity,
): Promise<PlannedVersion> {
  const model = await modelFor(rooms, request);
  const revised = labelHolder(rooms, model, request);
  const gathered = await gather(rooms, model, request, { store: false }, activity);
  const snapshot = await snapshotFor(rooms, model, takenBy(gathered), { scratch: true }, activity);
  return withSnapshot(snapshot, async () => {
    const before = revised ?? versionBefore(rooms, model);
    const code =
      before === null ? await sinceHead(rooms, snapshot) : await codeSince(rooms, before, snapshot);
    const files = plannedFiles(before?.files ?? [], gathered.files);
    const left_out = [
      ...snapshot.leftOut.map(({ path, why }) => ({ path, why })),
      ...gathered.leftOut,
    ];
    return {
      plan: { code, files, left_out, bytes: gathered.newBytes },
      warnings: gathered.warnings,
    };
  });
}

/** What an update would replace; the code stays that of the version. */
export async function planUpdate(
  rooms: Rooms,
  request: UpdateRequest,
  activity?: Activity,
): Promise<PlannedVersion> {
  const before = await resolveStanding(rooms, request.reference);
  const amendment = await amend(rooms, before, request, { store: false }, activity);
  const files = plannedFiles(before.files, amendment.content.files ?? before.files);
  const { newBytes: bytes, leftOut, warnings } = amendment;
  return { plan: { code: [], files, left_out: leftOut, bytes }, warnings };
}

function plannedFiles(
  before: readonly ArtifactRecord[],
  files: readonly ArtifactRecord[],
): CommitPlan['files'] {
  const changes = new Map(
    compareArtifacts(before, files).map(({ path, status }) => [path, status]),
  );
  return files.map(({ path, size, format }) => {
    const status = changes.get(path) ?? 'unchanged';
    return { path, size, format, status };
  });
}
