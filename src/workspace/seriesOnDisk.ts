import { isFailure, throwIfCancelled } from '../core/failure';
import { isModelEnding, mayBeModel } from '../core/modelEndings';
import { compareNaturally } from '../core/series';
import type { Platform } from '../platform';
import { type Identify, seriesOfUnit } from './members';
import { inOrder } from './parallel';
import { absolutePath } from './paths';
import { groupUnits, isTrainingState, type ModelUnit, nameOf } from './units';

/** All members of one series that lie on the disk. */
export interface SeriesOnDisk {
  readonly key: string;
  readonly units: readonly ModelUnit[];
  /** The one that was written last. */
  readonly newest: ModelUnit;
  /** When, in milliseconds since the epoch. */
  readonly modified: number;
  readonly files: number;
  readonly bytes: number;
}

export interface LookingLimits {
  readonly identify: Identify;
  /** Names of files that are something else: not asked for. */
  readonly isKnown: (name: string) => boolean;
  /** Files whose content may be asked for. */
  readonly identified: number;
  /** Stop when `Clock.elapsed` has come to this. */
  readonly until: number;
  readonly signal?: AbortSignal;
}

/** What kept it from looking at all. */
export type Truncation = 'entries' | 'time' | null;

/** Places for data, where arrays and tables are no models. */
const dataPlaces = /(?:^|\/)(?:data|dataset|datasets|corpus|corpora|images)\//i;

/**
 * The series of models among the files of a project: what is one by its ending or its folder, and
 * of the others what is one by its content (one member of each series is looked at).
 */
export async function seriesOnDisk(
  platform: Platform,
  root: string,
  paths: readonly string[],
  limits: LookingLimits,
): Promise<{ series: SeriesOnDisk[]; truncated: Truncation }> {
  const units = groupUnits(paths.map((path) => ({ path }))).filter((unit) =>
    isCandidate(unit, limits),
  );
  const groups = [...Map.groupBy(units, seriesOfUnit)];
  const isCertain = ([, members]: (typeof groups)[number]) => members.some(isModelByName);
  const known = groups.filter(isCertain);
  const unknown = groups.filter((group) => !isCertain(group));
  const looked = await lookInto(platform, root, unknown, limits);
  let outOfTime = looked.truncated === 'time';
  const series: SeriesOnDisk[] = [];
  for (const [key, members] of [...known, ...looked.models]) {
    throwIfCancelled(limits.signal);
    if (platform.clock.elapsed() >= limits.until) outOfTime = true;
    // Out of time, a few facts of each series still tell which is the newest.
    const sampled = outOfTime ? [...members].sort(lastFirst).slice(0, 3) : members;
    const found = await measure(platform, root, key, sampled);
    if (found !== null) series.push(found);
  }
  return { series, truncated: outOfTime ? 'time' : looked.truncated };
}

function isCandidate(unit: ModelUnit, { isKnown }: LookingLimits): boolean {
  if (unit.kind !== 'file') return true;
  const name = nameOf(unit.path);
  if (isTrainingState(name)) return false;
  if (isModelEnding(name)) return true;
  return mayBeModel(name) && !isKnown(name) && !dataPlaces.test(unit.path);
}

function isModelByName({ kind, path }: ModelUnit): boolean {
  return kind !== 'file' || isModelEnding(nameOf(path));
}

function lastFirst(one: ModelUnit, other: ModelUnit): number {
  return compareNaturally(other.path, one.path);
}

type Group = readonly [string, readonly ModelUnit[]];

async function lookInto(
  platform: Platform,
  root: string,
  groups: readonly Group[],
  limits: LookingLimits,
): Promise<{ models: Group[]; truncated: Truncation }> {
  // Texts are many and seldom models: they wait for the others.
  const isText = ([, [first]]: Group) => /\.(?:json|txt)$/i.test(first?.path ?? '');
  const order = [...groups.filter((group) => !isText(group)), ...groups.filter(isText)];
  const asked = order.slice(0, limits.identified);
  let outOfTime = false;
  const answers = await inOrder(asked, async (group) => {
    throwIfCancelled(limits.signal);
    outOfTime ||= platform.clock.elapsed() >= limits.until;
    const last = outOfTime ? undefined : [...group[1]].sort(lastFirst)[0];
    if (last === undefined) return [];
    const isModel = await isModelByContent(limits.identify, root, last.path);
    return isModel ? [group] : [];
  });
  const notAsked = asked.length < order.length ? 'entries' : null;
  return { models: answers.flat(), truncated: outOfTime ? 'time' : notAsked };
}

/** Arrays and pickles hold data as often as models: then their path has to say so. */
const saysModel =
  /(?:^|[^a-z])(?:models?|weights?|checkpoints?|ckpts?|classifier|regressor|estimator|pipeline|net)(?:[^a-z]|$)/i;

async function isModelByContent(identify: Identify, root: string, path: string): Promise<boolean> {
  try {
    const { role, evidence } = await identify(absolutePath(root, path));
    if (evidence === undefined) return role === 'weights';
    return evidence === 'certain' || (evidence === 'possible' && saysModel.test(path));
  } catch (error) {
    // Gone since it was listed, or not ours to read: no model then.
    if (isFailure(error, 'unreadable') || isFailure(error, 'no-such-file')) return false;
    throw error;
  }
}

async function measure(
  platform: Platform,
  root: string,
  key: string,
  units: readonly ModelUnit[],
): Promise<SeriesOnDisk | null> {
  const measured = await inOrder(units, async (unit) => {
    const facts = await Promise.all(
      unit.files.map(({ path }) => platform.disk.facts(absolutePath(root, path))),
    );
    const there = facts.filter((each) => each !== null);
    const times = there.map(({ modified }) => Number(modified / 1_000_000n));
    const bytes = there.reduce((sum, { size }) => sum + size, 0);
    return { unit, files: there.length, bytes, modified: Math.max(0, ...times) };
  });
  const there = measured.filter(({ files }) => files > 0);
  const [newest] = [...there].sort((a, b) => b.modified - a.modified || lastFirst(a.unit, b.unit));
  if (newest === undefined) return null;
  return {
    key,
    units: there.map(({ unit }) => unit),
    newest: newest.unit,
    modified: newest.modified,
    files: there.reduce((sum, { files }) => sum + files, 0),
    bytes: there.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
