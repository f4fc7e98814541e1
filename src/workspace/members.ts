import { compareNaturally, isBest, seriesOf } from '../core/series';
import type { FileRole } from '../core/version';
import type { Platform } from '../platform';
import { type ExpandOptions, expand, type FoundFile } from './expand';
import { literalOf } from './globs';
import { inOrder } from './parallel';
import { absolutePath } from './paths';
import { directoryOf, groupUnits, isTrainingState, type ModelUnit, nameOf } from './units';

/** What the content of a file says of it. */
export interface Identified {
  readonly format: string;
  /** `false`: torn, or still being written. */
  readonly complete: boolean;
  readonly role: FileRole;
  /** How sure it is that it is a model; `possible` for containers of anything. Default: by role. */
  readonly evidence?: 'certain' | 'possible' | 'none';
}

/** Tells what a file is by its content, from a bounded read. The path is absolute. */
export type Identify = (path: string) => Promise<Identified>;

export type ChosenFile = FoundFile & Identified;

/** One member of one series, and why it was this one. */
export interface ChosenMember {
  readonly kind: ModelUnit['kind'];
  /** The file; the folder of a model that is one; what shards would be as one file. */
  readonly path: string;
  readonly series: string;
  readonly why: 'named' | 'best' | 'newest';
  readonly files: readonly ChosenFile[];
  /** `false` only where no member of the series is complete, or this one was named. */
  readonly complete: boolean;
}

/** Members of a series that a version does not take. */
export interface OtherMembers {
  /** Checkpoints: a folder or a set of shards is one. */
  readonly members: number;
  readonly files: number;
  readonly bytes: number;
  /** The files themselves, sorted by path. */
  readonly found: readonly FoundFile[];
}

export interface Choice {
  /** One member of each series, or all that were named. */
  readonly members: readonly ChosenMember[];
  /** The files of all of them, sorted by path. */
  readonly files: readonly ChosenFile[];
  readonly others: OtherMembers;
  /** Newer members that were passed over, being torn or still written. */
  readonly unfinished: readonly string[];
}

interface Member {
  readonly unit: ModelUnit<FoundFile>;
  readonly named: boolean;
  readonly best: boolean;
  readonly modified: bigint;
}

/**
 * Chooses which files a version takes of those that its globs match: of every series the named
 * members, else the best, else the newest complete one. Folders and shards are taken whole.
 * @param names paths (of files or folders) that were named without a wildcard
 */
async function chooseMembers(
  root: string,
  candidates: readonly FoundFile[],
  { identify, names = [] }: { identify: Identify; names?: readonly string[] },
): Promise<Choice> {
  const identified = remembering((path) => identify(absolutePath(root, path)));
  const { units, aside } = unitsOf(candidates);
  const named = new Set(names.map((name) => name.normalize('NFC')));
  const series = Map.groupBy(
    units.map((unit) => memberOf(unit, named, candidates)),
    ({ unit }) => seriesOfUnit(unit),
  );
  const members: ChosenMember[] = [];
  const others: FoundFile[][] = aside.map((file) => [file]);
  const unfinished: string[] = [];
  for (const [key, all] of [...series].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const taken = await choose(all, identified, unfinished);
    for (const { unit } of all) {
      if (!taken.some((member) => member.unit === unit)) others.push([...unit.files]);
    }
    members.push(...(await inOrder(taken, (member) => chosen(key, member, identified))));
  }
  const files = members.flatMap((member) => member.files).sort(byPath);
  return { members, files, others: summary(others, aside.length), unfinished };
}

/** The key of a member's series; a folder and a file never share one. */
export function seriesOfUnit({ kind, path }: ModelUnit): string {
  const isFolder = kind === 'pretrained' || kind === 'saved-model';
  return isFolder ? `${seriesOf(path)}/` : seriesOf(path);
}

function remembering(identify: Identify): Identify {
  const known = new Map<string, Promise<Identified>>();
  return (path) => {
    const answer = known.get(path) ?? identify(path);
    known.set(path, answer);
    return answer;
  };
}

/** Units, without links to other candidates and without what a trainer left beside a model. */
function unitsOf(candidates: readonly FoundFile[]): {
  units: ModelUnit<FoundFile>[];
  aside: FoundFile[];
} {
  const paths = new Set(candidates.map(({ path }) => path));
  const isAlias = ({ named, target }: FoundFile) =>
    !named && target !== undefined && paths.has(target);
  const all = groupUnits(candidates.filter((file) => !isAlias(file)));
  const folders = new Set(all.filter(({ kind }) => kind === 'pretrained').map(({ path }) => path));
  const isAside = ({ kind, path, files }: ModelUnit<FoundFile>) =>
    kind === 'file' &&
    isTrainingState(nameOf(path)) &&
    folders.has(directoryOf(path)) &&
    !files.some(({ named }) => named);
  return {
    units: all.filter((unit) => !isAside(unit)),
    aside: all.filter(isAside).flatMap(({ files }) => files),
  };
}

function memberOf(
  unit: ModelUnit<FoundFile>,
  names: ReadonlySet<string>,
  candidates: readonly FoundFile[],
): Member {
  const own = new Set(unit.files.map(({ path }) => path));
  const aliases = candidates.filter(({ target }) => target !== undefined && own.has(target));
  const times = (unit.weights.length > 0 ? unit.weights : unit.files).map(
    ({ modified }) => modified,
  );
  return {
    unit,
    named: names.has(unit.path.normalize('NFC')) || unit.files.some((file) => file.named),
    best: isBest(unit.path) || aliases.some(({ path }) => isBest(path)),
    modified: times.reduce((latest, time) => (time > latest ? time : latest), 0n),
  };
}

async function choose(
  members: readonly Member[],
  identify: Identify,
  unfinished: string[],
): Promise<Member[]> {
  const named = members.filter((member) => member.named);
  if (named.length > 0) return named;
  const ranked = [...members].sort(bestThenNewest);
  const passedOver: string[] = [];
  for (const member of ranked) {
    if (await isComplete(member.unit, identify)) {
      unfinished.push(...passedOver);
      return [member];
    }
    passedOver.push(member.unit.path);
  }
  return ranked.slice(0, 1);
}

function bestThenNewest(one: Member, other: Member): number {
  if (one.best !== other.best) return one.best ? -1 : 1;
  if (one.modified !== other.modified) return one.modified > other.modified ? -1 : 1;
  return compareNaturally(other.unit.path, one.unit.path);
}

async function isComplete(unit: ModelUnit<FoundFile>, identify: Identify): Promise<boolean> {
  if (unit.partial) return false;
  const weights = unit.weights.length > 0 ? unit.weights : unit.files;
  const answers = await inOrder(weights, ({ path }) => identify(path));
  return answers.every(({ complete }) => complete);
}

async function chosen(series: string, member: Member, identify: Identify): Promise<ChosenMember> {
  const { unit, named, best } = member;
  const files = await inOrder(unit.files, async (file) => ({
    ...file,
    ...(await identify(file.path)),
  }));
  return {
    kind: unit.kind,
    path: unit.path,
    series,
    why: named ? 'named' : best ? 'best' : 'newest',
    files,
    complete: await isComplete(unit, identify),
  };
}

function byPath(one: FoundFile, other: FoundFile): number {
  return one.path < other.path ? -1 : 1;
}

function summary(members: readonly (readonly FoundFile[])[], aside: number): OtherMembers {
  const files = members.flat();
  return {
    members: members.length - aside,
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    found: files.sort(byPath),
  };
}

/** What a version takes of the files that globs match, and what stood in the way. */
export interface Selection extends Choice {
  readonly leadOut: readonly string[];
  readonly missing: readonly string[];
  readonly unreadable: readonly string[];
  readonly truncated: boolean;
}

/** Expands a model's globs and chooses among what they match. */
export async function selectFiles(
  platform: Platform,
  root: string,
  globs: readonly string[],
  options: ExpandOptions & { identify: Identify },
): Promise<Selection> {
  const { files, ...rest } = await expand(platform, root, globs, options);
  const names = globs.map(literalOf).filter((name) => name !== null);
  const choice = await chooseMembers(root, files, { identify: options.identify, names });
  return { ...rest, ...choice };
}
