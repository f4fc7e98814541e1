import { Failure } from '../core/failure';
import type { Activity } from '../core/progress';
import type { ArtifactRecord, VersionRecord, Warning } from '../core/version';
import {
  escapeGlob,
  expand,
  inOrder,
  resolveInside,
  type Selection,
  selectFiles,
} from '../workspace';
import { CompanionLayouts } from './companionLayouts';
import { lookForModels } from './discover';
import { Identifier, type KnownHeader } from './identify';
import { configurationOf } from './models';
import { putHints } from './putHints';
import { versionBefore } from './resolve';
import { pathIn, type Rooms } from './rooms';
import type { VersionOptions } from './versionRequests';

/** The model files of a version, stored or only looked at. */
export interface GatheredFiles {
  /** Sorted by path. */
  readonly files: readonly ArtifactRecord[];
  readonly warnings: readonly Warning[];
  readonly leftOut: readonly { path: string; why: string }[];
  /** Bytes that are not in the store yet. */
  readonly newBytes: number;
  readonly uncommitted: { readonly files: number; readonly bytes: number };
}

/** Which files a version takes, and who has read their headers. */
export interface ChosenFiles {
  readonly selection: Selection;
  readonly identifier: Identifier;
}

export function pathsOf({ selection }: ChosenFiles): readonly string[] {
  return selection.files.map(({ path }) => path);
}

/** How files are gathered. */
export interface Gathering {
  /** They go into the store; otherwise nothing is written. */
  readonly store: boolean;
  /** Chosen a moment ago. Left out: they are chosen now. */
  readonly chosen?: ChosenFiles;
}

/** Which files a version takes: those named, else what the configured or found globs choose. */
export async function chooseFiles(
  rooms: Rooms,
  model: string,
  options: VersionOptions,
  identifier: Identifier,
  activity?: Activity,
): Promise<Selection> {
  const { platform, repository } = rooms;
  const identify = (path: string) => identifier.identify(path);
  const globs = await globsFor(rooms, model, options, activity);
  const signal = activity?.signal;
  return selectFiles(platform, repository.root, globs, {
    identify,
    ...(signal === undefined ? {} : { signal }),
  });
}

async function globsFor(
  rooms: Rooms,
  model: string,
  options: VersionOptions,
  activity?: Activity,
): Promise<readonly string[]> {
  if (options.files !== undefined) return namedGlobs(rooms, options.files);
  const { artifacts } = await configurationOf(rooms, model);
  if (artifacts.length > 0) return artifacts;
  const { models } = await lookForModels(rooms.platform, rooms.repository.root, activity);
  const found = models.find(({ name }) => name.toLowerCase() === model.toLowerCase());
  return (found ?? models[0])?.artifacts ?? [];
}

/** A file that is named, or a folder with everything in it. */
async function namedGlobs(rooms: Rooms, names: readonly string[]): Promise<string[]> {
  const globs: string[] = [];
  for (const name of names) {
    const path = await resolveInside(rooms.platform, rooms.repository.root, name);
    const facts = await rooms.platform.disk.followedFacts(pathIn(rooms, path));
    if (facts?.kind !== 'directory') globs.push(escapeGlob(path));
    else globs.push(...(await filesIn(rooms, path)));
  }
  return globs;
}

/** Everything in a folder by name: a folder that is named is taken whole. */
async function filesIn(rooms: Rooms, folder: string): Promise<string[]> {
  const { platform, repository } = rooms;
  const { files } = await expand(platform, repository.root, [`${escapeGlob(folder)}/**`]);
  return files.map(({ path }) => escapeGlob(path));
}

/** One that reads no header of a file which the model's last version has as it is. */
export function identifierFor(rooms: Rooms, model: string): Identifier {
  const files = versionBefore(rooms, model)?.files ?? [];
  const recorded = new Map(files.map((file) => [pathIn(rooms, file.path), file]));
  return new Identifier(rooms.platform, (path, facts) => {
    const file = recorded.get(path);
    if (file === undefined || file.pointer === true) return null;
    return rooms.memory.recall(file.path, facts) === file.sha256 ? file : null;
  });
}

/** Chooses them, before anything else of a version is read. */
export async function chosenNow(
  rooms: Rooms,
  model: string,
  options: VersionOptions,
  activity?: Activity,
): Promise<ChosenFiles> {
  const identifier = identifierFor(rooms, model);
  return { identifier, selection: await chooseFiles(rooms, model, options, identifier, activity) };
}

/**
 * Chooses the files and, with `store`, puts them into the artifact store. A file that is torn is
 * not taken. @throws Failure `file-torn`, `file-changed`, `disk-full`
 */
export async function gatherFiles(
  rooms: Rooms,
  model: string,
  options: VersionOptions,
  { store, chosen }: Gathering,
  activity?: Activity,
): Promise<GatheredFiles> {
  const { selection, identifier } = chosen ?? (await chosenNow(rooms, model, options, activity));
  const parent = store ? versionBefore(rooms, model) : null;
  const paths = selection.files.map(({ path }) => pathIn(rooms, path));
  const companions = new CompanionLayouts(rooms.platform, paths, identifier);
  const files: ArtifactRecord[] = [];
  let newBytes = 0;
  // What is not read waits for the disk only, many at a time; what is stored takes turns.
  const kept = await inOrder(selection.files, async ({ path }) => {
    const identified = await identifier.identify(pathIn(rooms, path));
    return keptFile(rooms, path, identified, store);
  });
  for (const [index, { path }] of selection.files.entries()) {
    const identified = await identifier.identify(pathIn(rooms, path));
    const taken =
      kept[index] ??
      (await takeFile(rooms, path, identified, { store, parent, companions }, activity));
    files.push(taken.file);
    newBytes += taken.added;
  }
  return {
    files,
    newBytes,
    warnings: selectionWarnings(model, selection),
    leftOut: selection.leadOut.map((path) => ({ path, why: 'leads-out' })),
    uncommitted: uncommitted(rooms, selection),
  };
}

/** Members of the series that no version holds. */
function uncommitted(rooms: Rooms, { others }: Selection): GatheredFiles['uncommitted'] {
  const { history, repository } = rooms;
  const isHeld = ({ path, size, modified }: (typeof others.found)[number]) => {
    const known = history.knownFile(repository.worktree, path);
    const same = known !== null && known.size === size && known.modified === modified;
    return same && history.holdersOf(known.sha256).length > 0;
  };
  const held = others.found.filter(isHeld);
  const bytes = held.reduce((sum, { size }) => sum + size, 0);
  return { files: Math.max(0, others.members - held.length), bytes: others.bytes - bytes };
}

interface Taking {
  readonly store: boolean;
  readonly parent: VersionRecord | null;
  readonly companions: CompanionLayouts;
}

interface TakenFile {
  readonly file: ArtifactRecord;
  readonly added: number;
}

/** A file of which nothing has to be read but its header; `null` for all others. */
async function keptFile(
  rooms: Rooms,
  path: string,
  { pointer, role, format, complete, facts }: KnownHeader,
  store: boolean,
): Promise<TakenFile | null> {
  if (pointer !== null) {
    const file = {
      path,
      role,
      format,
      size: pointer.size,
      sha256: pointer.sha256,
      pointer: true,
    } as const;
    return { file, added: 0 };
  }
  if (!complete && store) return null;
  const recalled = rooms.memory.recall(path, facts);
  if (recalled === null || !(await isKept(rooms, recalled, store))) return null;
  return { file: { path, role, format, size: facts.size, sha256: recalled }, added: 0 };
}

async function takeFile(
  rooms: Rooms,
  path: string,
  { why, role, format, complete, facts }: KnownHeader,
  { store, parent, companions }: Taking,
  activity?: Activity,
): Promise<TakenFile> {
  const absolute = pathIn(rooms, path);
  if (!complete && store)
    throw new Failure('file-torn', {
      path,
      why: why ?? 'its header does not fit its length',
    });
  if (!store) return look(rooms, { path, role, format, size: facts.size }, absolute, activity);
  const real = (await rooms.platform.disk.realPath(absolute)) ?? absolute;
  const file = { path, role, format, size: facts.size };
  const hints = await putHints(rooms, real, file, parent);
  const layout = hints.layout ?? (await companions.of(real, facts.size));
  const put = await rooms.store.put(real, activity, { ...hints, layout });
  // What its header said must be true of the bytes that were stored.
  if (put.facts.modified !== facts.modified || put.size !== facts.size) {
    throw new Failure('file-changed', { path });
  }
  rooms.memory.note(path, put.facts, put.sha256);
  return { file: { path, role, format, size: put.size, sha256: put.sha256 }, added: put.added };
}

/** Whether the store has it; before a version is made, it is also kept from being collected. */
function isKept(rooms: Rooms, sha256: string, store: boolean): Promise<boolean> {
  return store ? rooms.store.retain(sha256) : rooms.store.has(sha256);
}

async function look(
  rooms: Rooms,
  file: Omit<ArtifactRecord, 'sha256'>,
  absolute: string,
  activity?: Activity,
): Promise<TakenFile> {
  const sha256 = await rooms.memory.digest(file.path, absolute, activity);
  const added = (await rooms.store.has(sha256)) ? 0 : file.size;
  return { file: { ...file, sha256 }, added };
}

function selectionWarnings(model: string, selection: Selection): Warning[] {
  const warnings: Warning[] = [
    ...selection.missing.map((path) => ({
      code: 'file-missing',
      path,
      message: `${path} is named in cairn.yaml and is not there.`,
    })),
    ...selection.leadOut.map((path) => ({
      code: 'leads-out',
      path,
      message: `${path} leads out of the project and was not taken.`,
    })),
    ...selection.unfinished.map((path) => ({
      code: 'unfinished-file',
      path,
      message: `${path} is newer and not whole; it was passed over.`,
    })),
  ];
  if (selection.files.length === 0) {
    warnings.push({
      code: 'no-model-files',
      message: `No model file of ${model} was found; the version has none.`,
    });
  }
  return warnings;
}
