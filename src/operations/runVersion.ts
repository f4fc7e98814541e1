import type { Activity } from '../core/progress';
import type { RunRecord, VersionRequest } from '../core/run';
import type { CodeRecord, VersionRecord, Warning } from '../core/version';
import { adoptBranch } from './adopt';
import { codeOf, snapshotFor, takenBy } from './codeSnapshot';
import { commit, labelHolder, modelFor, publishVersion } from './commit';
import type { Gathered } from './gather';
import { inboxOf } from './inboxPlace';
import { locked } from './locked';
import { resolveModel } from './models';
import { requireOwnBranch } from './ownBranch';
import { ownershipOf } from './ownership';
import { versionBefore } from './resolve';
import { type Rooms, requireWritable } from './rooms';
import { findRun } from './runList';
import { requestedMaterial, workingMaterial } from './runMaterial';
import type { RunCommitRequest } from './runProject';
import type { CommitRequest, CommitResult } from './versionRequests';
import { withSnapshot } from './withSnapshot';

/**
 * Makes a version that training code asked for: the files as they were then, metrics and curves up
 * to then, the code as it was when the run started. One that was made already is found again.
 * @throws Failure as `commit`
 */
export async function versionOfRequest(
  rooms: Rooms,
  run: RunRecord,
  request: VersionRequest,
  activity?: Activity,
): Promise<CommitResult> {
  const createdAt = new Date(request.at).toISOString();
  const made = madeAlready(rooms, run, createdAt);
  if (made !== null) return { version: made, warnings: [] };
  const asked: CommitRequest = {
    message: request.message === '' ? `run ${run.id}` : request.message,
    run: run.id,
    updateLabel: request.update,
    files: request.files.map(({ path }) => path),
    ...(run.model === null ? {} : { model: run.model }),
    ...(request.label === null ? {} : { label: request.label }),
  };
  const model = await modelFor(rooms, asked);
  labelHolder(rooms, model, asked);
  await requireOwnBranch(rooms, model);
  const gathered = await requestedMaterial(rooms, model, run, request, activity);
  const plan = { run, model, request: asked, gathered, createdAt, primary: request.primary };
  return locked(rooms, 'commit', () => publishRun(rooms, plan, activity), activity);
}

/**
 * A commit that names a run which is known here is that run's version; any other name is only
 * written down.
 */
export async function commitOrRun(
  rooms: Rooms,
  request: CommitRequest,
  activity?: Activity,
): Promise<CommitResult> {
  const { run } = request;
  const known = run === undefined ? null : rooms.history.runs.find(run);
  if (run === undefined || known === null || known.deleted) return commit(rooms, request, activity);
  return commitRun(rooms, { ...request, run }, activity);
}

/** As `RunVerbs.commitRun`. @throws Failure as `commit`, `no-such-run` */
export async function commitRun(
  rooms: Rooms,
  { run: id, ...options }: RunCommitRequest,
  activity?: Activity,
): Promise<CommitResult> {
  const run = findRun(rooms, id);
  const model = await resolveModel(rooms, options.model ?? run.model);
  const request: CommitRequest = { ...options, model, run: run.id };
  labelHolder(rooms, model, request);
  await requireOwnBranch(rooms, model);
  requireWritable(rooms, 'commit');
  const gathered = await workingMaterial(rooms, model, run, options, activity);
  const createdAt = rooms.platform.clock.now().toISOString();
  const plan = { run, model, request, gathered, createdAt, primary: null };
  return locked(rooms, 'commit', () => publishRun(rooms, plan, activity), activity);
}

interface Plan {
  readonly run: RunRecord;
  readonly model: string;
  readonly request: CommitRequest;
  readonly gathered: Gathered;
  readonly createdAt: string;
  readonly primary: VersionRequest['primary'];
}

/** A crash may have come between a version and the note of it. */
function madeAlready(rooms: Rooms, run: RunRecord, createdAt: string): VersionRecord | null {
  const versions = rooms.history.runs.versionsOf(run.id);
  return versions.find((version) => version.createdAt === createdAt) ?? null;
}

async function publishRun(rooms: Rooms, plan: Plan, activity?: Activity): Promise<CommitResult> {
  const { run, model, request, gathered, createdAt, primary } = plan;
  const tip = await adoptBranch(rooms, model);
  // Another process may have made it while this one read the files.
  const made = madeAlready(rooms, run, createdAt);
  if (made !== null) return { version: made, warnings: [] };
  const revised = labelHolder(rooms, model, request);
  const parent = versionBefore(rooms, model);
  const ready = {
    model,
    request,
    parent,
    revised,
    tip,
    createdAt,
    ...(primary === null ? {} : { primary }),
  };
  const recorded = await recordedCode(rooms, plan);
  if (recorded !== null) {
    const { tree, ...code } = recorded;
    const snapshot = { tree, leftOut: [] };
    return publishVersion(rooms, { ...ready, gathered, snapshot, code });
  }
  const late = { ...gathered, warnings: [...gathered.warnings, lateWarning(run)] };
  const snapshot = await snapshotFor(rooms, model, takenBy(gathered), { scratch: false }, activity);
  return withSnapshot(snapshot, async () => {
    const marked = { ...codeOf(snapshot), as: 'intake' as const };
    return publishVersion(rooms, { ...ready, gathered: late, snapshot, code: marked });
  });
}

function lateWarning(run: RunRecord): Warning {
  return {
    code: 'code-at-intake',
    message: `How the code was when run ${run.id} started was not recorded; the version has it as it is now.`,
  };
}

type Recorded = Omit<CodeRecord, 'commit'> & { readonly tree: string };

/** The code as it was when the run started; `null` where that cannot be made any more. */
async function recordedCode(
  rooms: Rooms,
  { run, model, gathered }: Plan,
): Promise<Recorded | null> {
  const { code } = run;
  if (code === null || code.missing !== null) return null;
  const { head, branch } = code;
  const paths = gathered.files.map(({ path }) => path);
  const { isCode, isArtifact } = await ownershipOf(rooms, model, paths);
  const directory = `${inboxOf(rooms, run.id)}/code`;
  const built =
    code.tree === null
      ? await rooms.repository.recordedTree({
          head,
          patch: code.patch ? `${directory}/patch` : null,
          files: await present(rooms, directory, code.files),
          captured: (path) => isCode(path) && !isArtifact(path),
        })
      : { tree: code.tree, dirty: true };
  return built === null ? null : { ...built, head, branch, as: 'start' };
}

/** Files of the record that are there: paths are training code's word, and lead nowhere else. */
async function present(
  rooms: Rooms,
  directory: string,
  files: NonNullable<RunRecord['code']>['files'],
) {
  const found: { path: string; source: string; executable: boolean }[] = [];
  for (const { path, executable } of files) {
    if (path.split('/').some((part) => part === '' || part === '..' || part === '.git')) continue;
    const source = `${directory}/files/${path}`;
    const facts = await rooms.platform.disk.facts(source);
    if (facts?.kind === 'file') found.push({ path, source, executable });
  }
  return found;
}
