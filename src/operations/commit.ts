import { allEnded } from '../core/ended';
import { Failure } from '../core/failure';
import { requireLabel } from '../core/names';
import { canonicalJson } from '../core/operation';
import { compareParameters } from '../core/parameters';
import { choosePrimaryMetric } from '../core/primaryMetric';
import type { Activity } from '../core/progress';
import { type PrimaryMetric, referenceTo, type VersionRecord } from '../core/version';
import { compareArtifacts, compareDatasets } from '../core/versionComparison';
import type { Look, Snapshot } from '../git';
import { adoptBranch } from './adopt';
import { aheadOfTree, codeOf, codeSince, lookAhead, snapshotFor, takenBy } from './codeSnapshot';
import { firstWarnings, leftOutWarnings, shortfallWarnings } from './commitWarnings';
import { requireConfirmation } from './firstCommit';
import { type Gathered, gather } from './gather';
import { type Gathering, pathsOf } from './gatherFiles';
import { locked } from './locked';
import { knownModels, resolveModel } from './models';
import { requireOwnBranch } from './ownBranch';
import { publish } from './publish';
import { currentOf, fullReferenceOrNull, primaryOf, versionBefore } from './resolve';
import { type Rooms, requireWritable } from './rooms';
import { scannedFiles, scanWarnings } from './scanAtCommit';
import { clearingOnFailure } from './trouble';
import type { CommitRequest, CommitResult } from './versionRequests';
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
  requireWritable(rooms, 'commit');
  const model = await modelFor(rooms, request);
  labelHolder(rooms, model, request);
  const look = (mode?: Pick<Gathering, 'chosen'>) =>
    gather(rooms, model, request, { store: true, ...mode }, activity);
  const head = rooms.history.logHead();
  aheadOfTree(rooms, versionBefore(rooms, model));
  const choosing = allEnded([
    requireConfirmation(rooms, model, request, activity),
    requireOwnBranch(rooms, model),
  ]).then(([chosen]) => chosen);
  const [gathered, seen] = await allEnded([
    choosing.then((chosen) => look({ chosen })),
    lookAhead(rooms, model, choosing.then(pathsOf), activity),
  ]);
  const work = async () => {
    // Another verb, or the end of an interrupted one, may have changed the working files meanwhile;
    // what it left alone is remembered and not read again.
    const same = rooms.history.logHead() === head;
    const material = same ? { gathered, seen } : { gathered: await look() };
    return commitGathered(rooms, model, request, material, activity);
  };
  return locked(rooms, 'commit', work, activity);
}

/** A model that is not known yet begins with a commit that names its files. */
export async function modelFor(rooms: Rooms, request: CommitRequest): Promise<string> {
  const known = await knownModels(rooms);
  const isNew =
    request.model !== undefined &&
    !known.some((name) => name.toLowerCase() === request.model?.toLowerCase());
  if (isNew && request.model !== undefined && request.files !== undefined) return request.model;
  return resolveModel(rooms, request.model);
}

/**
 * The version that a commit is a further revision of: the one that has the label already.
 * @throws Failure `label-taken` unless that was asked for, `name-invalid`
 */
export function labelHolder(
  rooms: Rooms,
  model: string,
  { label, updateLabel }: CommitRequest,
): VersionRecord | null {
  if (label === undefined) return null;
  const holder = rooms.history.findByLabel(model, requireLabel(label));
  if (holder === null || updateLabel === true) return holder;
  throw new Failure('label-taken', { label, model, version: referenceTo(holder) });
}

async function commitGathered(
  rooms: Rooms,
  model: string,
  request: CommitRequest,
  { gathered, seen = null }: { gathered: Gathered; seen?: Look | null },
  activity?: Activity,
): Promise<CommitResult> {
  // Storing may have taken minutes, in which files came that were not seen.
  const options = { scratch: false, seen: gathered.newBytes === 0 ? seen : null };
  const taking = snapshotFor(rooms, model, takenBy(gathered), options, activity);
  const [tip, snapshot] = await clearingOnFailure(
    () => allEnded([adoptBranch(rooms, model), taking]),
    async () => (await taking).dispose(),
  );
  return withSnapshot(snapshot, async () => {
    const revised = labelHolder(rooms, model, request);
    const parent = versionBefore(rooms, model);
    const before = revised ?? parent;
    const changed = !isStanding(before) || (await differs(rooms, before, gathered, snapshot));
    if (before !== null && !changed && request.allowEmpty !== true) {
      // The same files, and the store took something in: it was damaged there, or gone.
      const mended = gathered.newBytes === 0 ? {} : { mended: gathered.newBytes };
      throw new Failure('nothing-changed', { model, version: referenceTo(before), ...mended });
    }
    const code = codeOf(snapshot);
    const ready = { model, request, gathered, snapshot, code, parent, revised, tip };
    return publishVersion(rooms, ready);
  });
}

/** What was withdrawn holds nothing any more: the same again is a version. */
function isStanding(version: VersionRecord | null): version is VersionRecord {
  return version !== null && version.withdrawn === undefined;
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

interface Ready {
  readonly model: string;
  readonly request: CommitRequest;
  readonly gathered: Gathered;
  readonly snapshot: Pick<Snapshot, 'tree' | 'leftOut'>;
  /** Where the code of the snapshot stands. */
  readonly code: Omit<VersionRecord['code'], 'commit'>;
  readonly parent: VersionRecord | null;
  /** Where the model's branch is. */
  readonly tip: string | null;
  /** Set where this becomes another revision of a version. */
  readonly revised: VersionRecord | null;
  /** When it was asked for; left out: now. */
  readonly createdAt?: string;
  /** What training code says the model is judged by, where nobody said it before. */
  readonly primary?: PrimaryMetric;
}

/** Publishes what is ready, under the writer's lock. */
export async function publishVersion(rooms: Rooms, asked: Ready): Promise<CommitResult> {
  const { model, snapshot } = asked;
  const gathered = { ...asked.gathered, files: await scannedFiles(rooms, asked) };
  const ready = { ...asked, gathered };
  const primary =
    (await primaryOf(rooms, model)) ??
    ready.primary ??
    choosePrimaryMetric(Object.keys(gathered.metrics));
  const first = rooms.history.versions({ model, withdrawn: true, limit: 1 }).total === 0;
  const draft = await recordOf(rooms, ready, primary);
  const warnings = [
    ...gathered.warnings,
    ...leftOutWarnings(snapshot.leftOut),
    ...scanWarnings(gathered.files),
    ...(await shortfallWarnings(rooms, draft, primary)),
    ...(first ? await firstWarnings(rooms, model, gathered) : []),
  ];
  const previous = fullReferenceOrNull(currentOf(rooms, model));
  const { record } = await publish(rooms, {
    record: draft,
    curves: gathered.curves,
    tree: snapshot.tree,
    from: ready.tip,
    head: draft.code.head,
    operation: {
      kind: ready.revised === null ? 'commit' : 'update',
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
  { model, request, gathered, parent, revised, createdAt, code }: Ready,
  primary: PrimaryMetric | null,
): Promise<VersionRecord> {
  return {
    format: 1,
    model,
    ...numbersOf(rooms, model, revised),
    kind: 'version',
    label: request.label ?? null,
    createdAt: createdAt ?? rooms.platform.clock.now().toISOString(),
    creator: await rooms.repository.identity(),
    description: request.message,
    parent: revised === null ? fullReferenceOrNull(parent) : revised.parent,
    ...contentOf(gathered),
    code: { commit: null, ...code },
    run: request.run ?? null,
    ...(revised === null ? {} : { reason: request.message }),
    ...(primary === null ? {} : { primary }),
  };
}

/** The next number, or the next revision of a version. */
function numbersOf(rooms: Rooms, model: string, revised: VersionRecord | null) {
  if (revised !== null) {
    const last = rooms.history.revisions(model, revised.number).at(-1) ?? revised;
    return { number: revised.number, revision: last.revision + 1 };
  }
  const number = rooms.history.transaction((writer) => writer.nextNumber(model, 'version'));
  return { number, revision: 1 };
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
    predictionsRecord,
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
    ...(predictionsRecord === null ? {} : { predictions: predictionsRecord }),
    environment,
    sources,
  };
}
