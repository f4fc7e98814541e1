import { Failure } from '../core/failure';
import { isModelName } from '../core/names';
import type { Activity } from '../core/progress';
import type { VersionRecord } from '../core/version';
import { parseVersionMessage, type VersionMessage } from '../core/versionMessage';
import type { CommitObject } from '../git';
import type { HistoryWriter, NewRecord } from '../history';
import { locked } from './locked';
import type { RebuildResult } from './project';
import { takeOutRivals } from './rebuildLabels';
import { fullReference } from './resolve';
import { branchOf, pathIn, type Rooms } from './rooms';
import { storedCurves } from './storedCurves';

/** What Git holds of the history. */
interface Harvest {
  readonly entries: Map<string, NewRecord>;
  readonly tips: Map<string, string>;
  readonly heads: Set<string>;
  readonly missing: Set<string>;
}

/**
 * Makes the database anew from the model branches (also remote ones, after a clone), the backups'
 * refs and the artifact store. The log begins again with one entry that names the old heads.
 */
export async function rebuild(rooms: Rooms, activity?: Activity): Promise<RebuildResult> {
  return locked(rooms, 'rebuild', () => rebuildNow(rooms, activity), activity);
}

async function rebuildNow(rooms: Rooms, activity?: Activity): Promise<RebuildResult> {
  const harvest = await readGit(rooms, activity);
  const leftOut = takeOutRivals(harvest.entries);
  const by = await rooms.repository.identity();
  const at = rooms.platform.clock.now().toISOString();
  const references = [...harvest.entries.keys()];
  const current = await currentAfter(rooms, harvest);
  rooms.history.transaction((writer) => {
    writer.clear();
    for (const entry of harvest.entries.values()) enter(writer, entry);
    for (const [model, tip] of harvest.tips) writer.setTip(model, tip);
    for (const { worktree, model, version } of current) writer.setCurrent(worktree, model, version);
    const detail = {
      versions: references.length,
      heads: [...harvest.heads],
      elsewhere: [...harvest.missing],
    };
    writer.appendOperation({ kind: 'rebuild', at, by, reason: '', version: null, detail });
  });
  const versions = [...harvest.entries.values()].filter(({ record }) => record.kind === 'version');
  return {
    versions: new Set(versions.map(({ record }) => `${record.model}@${record.number}`)).size,
    missing: [...harvest.missing],
    leftOut,
  };
}

interface CurrentAfter {
  readonly worktree: string;
  readonly model: string;
  readonly version: string;
}

/**
 * Which version the working files came from: what the old database says of each worktree, else
 * (in this one) the newest whose model files are the ones on disk.
 */
async function currentAfter(rooms: Rooms, harvest: Harvest): Promise<CurrentAfter[]> {
  const current: CurrentAfter[] = rooms.history
    .worktrees()
    .flatMap((worktree) => rooms.history.current(worktree).map((row) => ({ worktree, ...row })))
    .filter(({ version }) => harvest.entries.has(version));
  const { worktree } = rooms.repository;
  const known = new Set(
    current.filter((row) => row.worktree === worktree).map(({ model }) => model),
  );
  const records = [...harvest.entries.values()].map(({ record }) => record).reverse();
  for (const record of records) {
    const living = record.kind === 'version' && record.withdrawn === undefined;
    if (!living || known.has(record.model) || record.files.length === 0) continue;
    if (!(await allOnDisk(rooms, record))) continue;
    known.add(record.model);
    current.push({ worktree, model: record.model, version: fullReference(record) });
  }
  return current;
}

async function allOnDisk(rooms: Rooms, { files }: VersionRecord): Promise<boolean> {
  for (const { path, size, sha256 } of files) {
    const facts = await rooms.platform.disk.followedFacts(pathIn(rooms, path));
    if (facts?.kind !== 'file' || facts.size !== size) return false;
    if ((await rooms.memory.digest(path, pathIn(rooms, path))) !== sha256) return false;
  }
  return true;
}

function enter(writer: HistoryWriter, { record, curves }: NewRecord): void {
  const { withdrawn, ...plain } = record;
  writer.addRecord({ record: plain, curves });
  if (withdrawn !== undefined) writer.setWithdrawn(fullReference(record), withdrawn);
  if (record.primary !== undefined) writer.setPrimary(record.model, record.primary);
}

async function readGit(rooms: Rooms, activity?: Activity): Promise<Harvest> {
  const harvest: Harvest = {
    entries: new Map(),
    tips: new Map(),
    heads: new Set(),
    missing: new Set(),
  };
  const local = await rooms.repository.refs('refs/heads/cairn/');
  for (const [ref, tip] of local) {
    await readBranch(rooms, tip, harvest, activity);
    harvest.tips.set(ref.slice('refs/heads/cairn/'.length), tip);
  }
  for (const [ref, tip] of await rooms.repository.refs('refs/remotes/')) {
    const model = /^refs\/remotes\/[^/]+\/cairn\/(.+)$/.exec(ref)?.[1];
    if (model === undefined || !isModelName(model)) continue;
    await readBranch(rooms, tip, harvest, activity);
    if (!harvest.tips.has(model)) await makeBranch(rooms, model, tip, harvest);
  }
  for (const tip of (await rooms.repository.refs('refs/cairn/backups/')).values()) {
    const commit = await rooms.repository.commitObject(tip);
    if (commit !== null) await readCommit(rooms, commit, harvest);
  }
  return harvest;
}

/** After a clone: the model's branch here begins where the remote's stands. */
async function makeBranch(
  rooms: Rooms,
  model: string,
  tip: string,
  harvest: Harvest,
): Promise<void> {
  const prepared = await rooms.repository.prepareRefs(
    [{ ref: branchOf(model), from: null, to: tip }],
    'cairn: clone',
  );
  await prepared.commit();
  harvest.tips.set(model, tip);
}

async function readBranch(
  rooms: Rooms,
  tip: string,
  harvest: Harvest,
  activity?: Activity,
): Promise<void> {
  for await (const commit of rooms.repository.firstParents(tip)) {
    await readCommit(rooms, commit, harvest);
    activity?.progress?.({
      phase: 'rebuilding',
      done: harvest.entries.size,
      total: null,
      unit: 'versions',
    });
  }
}

async function readCommit(rooms: Rooms, commit: CommitObject, harvest: Harvest): Promise<void> {
  const message = readMessage(commit);
  if (message === null) return;
  harvest.heads.add(message.logHead);
  const { record } = message;
  const known = harvest.entries.get(fullReference(record));
  if (known === undefined) {
    harvest.entries.set(fullReference(record), {
      record,
      curves: await storedCurves(rooms, record, harvest.missing),
    });
    for (const { sha256, pointer } of record.files) {
      if (pointer !== true && !(await rooms.store.has(sha256))) harvest.missing.add(sha256);
    }
  } else {
    markAll(harvest, record);
  }
}

function readMessage(commit: CommitObject): VersionMessage | null {
  try {
    return parseVersionMessage(commit.message, commit.oid);
  } catch (error) {
    // A broken record among good ones must not keep the others from coming back; verify names it.
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** A later commit of the same revision says that it was withdrawn, or stands again. */
function markAll(harvest: Harvest, marked: VersionRecord): void {
  for (const [reference, entry] of harvest.entries) {
    const { record } = entry;
    if (
      record.model !== marked.model ||
      record.number !== marked.number ||
      record.kind !== marked.kind
    )
      continue;
    const whole = (marked.withdrawn ?? record.withdrawn)?.whole === true;
    if (!whole && record.revision !== marked.revision) continue;
    const { withdrawn: _, ...plain } = record;
    const next = marked.withdrawn === undefined ? plain : { ...plain, withdrawn: marked.withdrawn };
    harvest.entries.set(reference, { ...entry, record: next });
  }
}
