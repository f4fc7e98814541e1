import { Failure } from '../core/failure';
import { requireLabel } from '../core/names';
import { canonicalJson } from '../core/operation';
import { compareParameters } from '../core/parameters';
import { choosePrimaryMetric } from '../core/primaryMetric';
import type { Activity } from '../core/progress';
import { type PrimaryMetric, referenceTo, type VersionRecord, type Warning } from '../core/version';
import { compareArtifacts, compareDatasets } from '../core/versionComparison';
import type { Snapshot } from '../git';
import { adoptBranch } from './adopt';
import { firstWarnings, leftOutWarnings, shortfallWarnings } from './commitWarnings';
import { requireConfirmation } from './firstCommit';
import { type Gathered, gather } from './gather';
import { locked } from './locked';
import { knownModels, resolveModel } from './models';
import { requireOwnBranch } from './ownBranch';
import { ownershipOf } from './ownership';
import type { CommitPlan, CommitRequest, CommitResult } from './project';
import { publish } from './publish';
import { currentOf, fullReference, fullReferenceOrNull, latestOf, primaryOf } from './resolve';
import type { Rooms } from './rooms';
import { update } from './update';
import { withSnapshot } from './withSnapshot';

/**
 * Makes the next version: artifacts first (no lock is held while they are stored), then under the
 * lock the snapshot, the version commit and its publication.
 * @throws Failure `label-taken`, `nothing-changed`, `confirmation-needed`, `file-changed`, …
 */
export async function commit(
  rooms: Rooms,
  request: CommitRequest,
  activity?: Activity,
): Promise<CommitResult> {
  if (rooms.readOnly) throw new Failure('workspace-untrusted', { verb: 'commit' });
  const model = await modelFor(rooms, request);
  const taken =
    request.label === undefined
      ? null
      : rooms.history.findByLabel(model, requireLabel(request.label));
  if (taken !== null && request.updateLabel === true)
    return reviseLabelled(rooms, taken, request, activity);
  requireFreeLabel(request, taken);
  await requireOwnBranch(rooms, model);
  await requireConfirmation(rooms, model, request, activity);
  const gathered = await gather(rooms, model, request, { store: true }, activity);
  return locked(
    rooms,
    'commit',
    () => commitGathered(rooms, model, request, gathered, activity),
    activity,
  );
}

/** A model that is not known yet begins with a commit that names its files. */
async function modelFor(rooms: Rooms, request: CommitRequest): Promise<string> {
  const known = await knownModels(rooms);
  const isNew =
    request.model !== undefined &&
    !known.some((name) => name.toLowerCase() === request.model?.toLowerCase());
  if (isNew && request.model !== undefined && request.files !== undefined) return request.model;
  return resolveModel(rooms, request.model);
}

async function reviseLabelled(
  rooms: Rooms,
  taken: VersionRecord,
  request: CommitRequest,
  activity?: Activity,
): Promise<CommitResult> {
  const { label: _, updateLabel: __, model: ___, ...options } = request;
  return update(
    rooms,
    { ...options, reference: referenceTo(taken), reason: request.message },
    activity,
  );
}

function requireFreeLabel({ label }: CommitRequest, taken: VersionRecord | null): void {
  if (label === undefined || taken === null) return;
  throw new Failure('label-taken', { label, model: taken.model, version: referenceTo(taken) });
}

async function commitGathered(
  rooms: Rooms,
  model: string,
  request: CommitRequest,
  gathered: Gathered,
  activity?: Activity,
): Promise<CommitResult> {
  if (request.label !== undefined)
    requireFreeLabel(request, rooms.history.findByLabel(model, request.label));
  await adoptBranch(rooms, model);
  const snapshot = await snapshotFor(rooms, model, gathered, false, activity);
  return withSnapshot(snapshot, async () => {
    const parent = currentOf(rooms, model) ?? latestOf(rooms, model);
    const changed = parent === null || (await differs(rooms, parent, gathered, snapshot));
    if (parent !== null && !changed && request.allowEmpty !== true) {
      throw new Failure('nothing-changed', { model, version: referenceTo(parent) });
    }
    return publishVersion(rooms, { model, request, gathered, snapshot, parent });
  });
}

/** The working code as a tree, without any model's artifacts. */
export async function snapshotFor(
  rooms: Rooms,
  model: string,
  gathered: Pick<Gathered, 'files'>,
  scratch: boolean,
  activity?: Activity,
): Promise<Snapshot> {
  const { isCode, isArtifact } = await ownershipOf(
    rooms,
    model,
    gathered.files.map(({ path }) => path),
  );
  return rooms.repository.snapshot({ isCode, isArtifact, scratch }, activity);
}

async function differs(
  rooms: Rooms,
  parent: VersionRecord,
  gathered: Gathered,
  snapshot: Snapshot,
): Promise<boolean> {
  if (compareArtifacts(parent.files, gathered.files).length > 0) return true;
  if (compareParameters(parent.parameters, gathered.parameters).length > 0) return true;
  if (compareDatasets(parent.datasets, gathered.datasets).length > 0) return true;
  if (canonicalJson(parent.metrics) !== canonicalJson(gathered.metrics)) return true;
  return (await codeSince(rooms, parent, snapshot)).length > 0;
}

/** Code paths in which the working files differ from a version. */
export async function codeSince(
  rooms: Rooms,
  version: VersionRecord,
  snapshot: Snapshot,
): Promise<CommitPlan['code']> {
  if (version.code.commit === null) return [];
  const { isCode } = await ownershipOf(rooms, version.model, []);
  const changes = await snapshot.compare(
    await rooms.repository.treeOf(version.code.commit),
    snapshot.tree,
  );
  return changes.filter(({ path }) => isCode(path));
}

interface Ready {
  readonly model: string;
  readonly request: CommitRequest;
  readonly gathered: Gathered;
  readonly snapshot: Snapshot;
  readonly parent: VersionRecord | null;
}

async function publishVersion(rooms: Rooms, ready: Ready): Promise<CommitResult> {
  const { model, gathered, snapshot } = ready;
  const primary =
    (await primaryOf(rooms, model)) ?? choosePrimaryMetric(Object.keys(gathered.metrics));
  const first = rooms.history.versions({ model, withdrawn: true, limit: 1 }).total === 0;
  const draft = await recordOf(rooms, ready, primary);
  const warnings = [
    ...gathered.warnings,
    ...leftOutWarnings(snapshot.leftOut),
    ...(await shortfallWarnings(rooms, draft, primary)),
    ...(first ? await firstWarnings(rooms, model, gathered) : []),
  ];
  const previous = fullReferenceOrNull(currentOf(rooms, model));
  const { record } = await publish(rooms, {
    record: draft,
    curves: gathered.curves,
    tree: snapshot.tree,
    head: draft.code.head,
    operation: {
      kind: 'commit',
      at: draft.createdAt,
      by: draft.creator,
      reason: draft.description,
      detail: { previous },
    },
    primary,
  });
  return { version: record, warnings };
}

async function recordOf(
  rooms: Rooms,
  { model, request, gathered, snapshot, parent }: Ready,
  primary: PrimaryMetric | null,
): Promise<VersionRecord> {
  const head = await rooms.repository.head();
  return {
    format: 1,
    model,
    number: rooms.history.transaction((writer) => writer.nextNumber(model, 'version')),
    revision: 1,
    kind: 'version',
    label: request.label ?? null,
    createdAt: rooms.platform.clock.now().toISOString(),
    creator: await rooms.repository.identity(),
    description: request.message,
    parent: parent === null ? null : fullReference(parent),
    ...contentOf(gathered),
    code: { commit: null, head: head.commit, branch: head.branch, dirty: snapshot.dirty },
    run: request.run ?? null,
    ...(primary === null ? {} : { primary }),
  };
}

/** The fields of a record that were read from files and options. */
export function contentOf(gathered: Gathered) {
  const {
    parameters,
    parameterOrigins,
    files,
    datasets,
    metrics,
    metricOrigins,
    curvesRecord,
    environment,
    sources,
  } = gathered;
  return {
    parameters,
    parameterOrigins,
    files,
    datasets,
    metrics,
    metricOrigins,
    ...(curvesRecord === null ? {} : { curves: curvesRecord }),
    environment,
    sources,
  };
}

/** What a commit would take and leave out; leaves nothing behind. */
export async function planCommit(
  rooms: Rooms,
  request: CommitRequest,
  activity?: Activity,
): Promise<{ plan: CommitPlan; warnings: readonly Warning[] }> {
  const model = await modelFor(rooms, request);
  const gathered = await gather(rooms, model, request, { store: false }, activity);
  const snapshot = await snapshotFor(rooms, model, gathered, true, activity);
  return withSnapshot(snapshot, async () => {
    const parent = currentOf(rooms, model) ?? latestOf(rooms, model);
    const code =
      parent === null ? await sinceHead(rooms, snapshot) : await codeSince(rooms, parent, snapshot);
    const changes = new Map(
      compareArtifacts(parent?.files ?? [], gathered.files).map((change) => [
        change.path,
        change.status,
      ]),
    );
    const files = gathered.files.map(({ path, size, format }) => ({
      path,
      size,
      format,
      status: changes.get(path) ?? 'unchanged',
    }));
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

/** Before the first version: what differs from the user's HEAD. */
export async function sinceHead(rooms: Rooms, snapshot: Snapshot): Promise<CommitPlan['code']> {
  const { commit } = await rooms.repository.head();
  if (commit !== null)
    return snapshot.compare(await rooms.repository.treeOf(commit), snapshot.tree);
  const entries = await snapshot.entries(snapshot.tree);
  return entries.map(({ path }) => ({ path, status: 'added' }));
}
