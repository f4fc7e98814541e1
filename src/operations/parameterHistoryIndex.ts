import { compareParameters } from '../core/parameters';
import { compareDatasets } from '../core/versionComparison';
import { looksLikeParameterFile, parameterLanguage } from '../source';
import { knownModels } from './models';
import { type Ownership, ownershipOf } from './ownership';
import { ParameterHistoryFile } from './parameterHistoryFile';
import { type ModelPast, placeOf, readModelPast } from './parameterHistoryPast';
import type { Rooms } from './rooms';

/** Files whose past is kept; the one asked for longest ago goes first. */
const mostFiles = 6;
/** Of a longer history so many of the newest versions answer first, in about a second. */
const mostAtOnce = 12;
/** While they answer so many times as many are read, and so on until there are no more. */
const growth = 10;

/** A file of a model with its past. */
export interface FilePast {
  readonly model: string;
  readonly past: ModelPast;
  readonly file: ParameterHistoryFile;
  readonly ownership: Ownership;
}

/**
 * What values the parameters of files had, of one opened project: read once from the history and
 * from Git, and then only what is new. A file that no version of a model holds costs one question.
 */
export class ParameterHistoryIndex {
  private readonly pasts = new Map<string, { stamp: string; past: ModelPast }>();
  private readonly files = new Map<string, ParameterHistoryFile>();
  /** By model and path: one at a time reads a file's past. */
  private readonly reading = new Map<string, Promise<void>>();
  /** Paths of code that differ between a version's commit and its parent's, by both. */
  private readonly codeChanges = new Map<string, readonly string[]>();

  /** Pasts that are read whole while the newest versions answer. */
  private readonly whole = new Map<string, Promise<void>>();
  /** Calls off whatever is read beside. */
  private readonly closing = new AbortController();

  constructor(
    private readonly rooms: Rooms,
    private readonly atOnce = mostAtOnce,
  ) {}

  /** The model that a file belongs to, with the file's past; `null` where no version has it. */
  async of(path: string): Promise<FilePast | null> {
    const language = parameterLanguage(path);
    if (language === null) return null;
    const owner = await this.ownerOf(path, true);
    if (owner === null) return null;
    const { model, past, ownership } = owner;
    const key = `${model}\n${path}`;
    const file = this.files.get(key) ?? this.begun(key, path, past);
    this.keep(key, file);
    const before = this.reading.get(key) ?? Promise.resolve();
    const update = () => file.update(this.rooms, past);
    const reading = before.then(update, update);
    this.reading.set(key, reading);
    await reading;
    if (this.reading.get(key) === reading) this.reading.delete(key);
    return file.known ? { model, past, file, ownership } : null;
  }

  /** A file of which nothing was read; of a long past the whole begins to be read beside it. */
  private begun(key: string, path: string, past: ModelPast): ParameterHistoryFile {
    const language = parameterLanguage(path) ?? 'python';
    if (past.versions.length <= this.atOnce) return new ParameterHistoryFile(path, language);
    const newest = new ParameterHistoryFile(path, language, this.atOnce);
    // It waits for the newest ones, which answer.
    const first = () => this.reading.get(key);
    const whole = new Promise<void>((resolve) => setImmediate(resolve))
      .then(first)
      .then(() => this.readOn(key, newest, past));
    // When it fails, or is called off, what was read goes on to answer.
    const settled = () => this.whole.delete(key);
    this.whole.set(
      key,
      whole.then(settled, settled).then(() => undefined),
    );
    return newest;
  }

  /** More and more of a past; each part answers as soon as it is read. Ends when nobody wants it. */
  private async readOn(key: string, newest: ParameterHistoryFile, past: ModelPast): Promise<void> {
    let known = newest;
    const isWanted = () => this.files.get(key) === known && !this.closing.signal.aborted;
    for (let count = this.atOnce * growth; known.begin > 0 && isWanted(); count *= growth) {
      const isAll = count >= past.versions.length;
      const more = newest.reachingBack(isAll ? Number.POSITIVE_INFINITY : count);
      await more.update(this.rooms, past, isWanted);
      if (!isWanted()) return;
      this.files.set(key, more);
      known = more;
    }
  }

  /** Ends what is read beside. */
  close(): void {
    this.closing.abort();
  }

  /** Whether nothing more is being read of the file's past. */
  isWhole({ model }: FilePast, path: string): boolean {
    return !this.whole.has(`${model}\n${path}`);
  }

  /** Waits until the files that are read beside are read. */
  async settled(): Promise<void> {
    await Promise.all(this.whole.values());
  }

  /** What else changed in each of the versions (by their place) against the one it came from. */
  async otherChanges(
    { past, file, ownership }: FilePast,
    path: string,
    places: readonly number[],
  ): Promise<Map<number, readonly string[]>> {
    const pairs = places.flatMap((place) => {
      const parent = placeOf(past, past.versions[place]?.parent ?? null);
      // Before the versions that were read nobody can say what was there.
      return parent === null || parent < file.begin ? [] : [{ place, parent }];
    });
    await this.readCodeChanges(past, pairs);
    const changes = new Map<number, readonly string[]>();
    for (const { place, parent } of pairs) {
      const [from, to] = [past.versions[parent], past.versions[place]];
      if (from === undefined || to === undefined) continue;
      const keys = compareParameters(from.parameters, to.parameters).map(({ key }) => key);
      const parameters = new Set([...keys, ...file.timeline.changed(parent, place)]);
      const data = compareDatasets(from.datasets, to.datasets).map((change) => change.path);
      const isResult = (one: string) => from.results.has(one) || to.results.has(one);
      const own = new Set([path, file.pathAt(parent), file.pathAt(place)]);
      const isCode = (one: string) =>
        !own.has(one) && ownership.isCode(one) && !looksLikeParameterFile(one) && !isResult(one);
      const code = (this.codeChanges.get(pairKey(from.commit, to.commit)) ?? []).filter(isCode);
      const around = file.skeletons[parent] === file.skeletons[place] ? [] : [path];
      changes.set(place, [...parameters, ...data, ...around, ...code]);
    }
    return changes;
  }

  private async readCodeChanges(
    { versions }: ModelPast,
    pairs: readonly { place: number; parent: number }[],
  ): Promise<void> {
    const wanted = new Map<string, { from: string; to: string }>();
    for (const { place, parent } of pairs) {
      const [from, to] = [versions[parent]?.commit, versions[place]?.commit];
      const key = pairKey(from ?? null, to ?? null);
      if (from && to && !this.codeChanges.has(key)) wanted.set(key, { from, to });
    }
    const found = await this.rooms.repository.past.changedPaths([...wanted.values()]);
    for (const [index, key] of [...wanted.keys()].entries())
      this.codeChanges.set(key, found[index] ?? []);
  }

  /**
   * The model that a file belongs to: of several the one whose parameters were read from it, then
   * the one with the most versions. With `parameters` only where the file may hold parameters.
   */
  async ownerOf(path: string, parameters: boolean): Promise<Omit<FilePast, 'file'> | null> {
    let found: (Omit<FilePast, 'file'> & { rank: number }) | null = null;
    for (const model of await knownModels(this.rooms)) {
      const past = this.pastOf(model);
      if (past.living === 0) continue;
      const ownership = await ownershipOf(this.rooms, model, []);
      const read = isReadFrom(past, path);
      if (!read && !(ownership.isCode(path) && (!parameters || isCandidate(ownership, path))))
        continue;
      const rank = (read ? 1e9 : 0) + past.living;
      if (found === null || rank > found.rank) found = { model, past, ownership, rank };
    }
    return found;
  }

  private pastOf(model: string): ModelPast {
    const { history } = this.rooms;
    const stamp = `${history.dataVersion()} ${history.logHead()}`;
    const known = this.pasts.get(model);
    if (known?.stamp === stamp) return known.past;
    const past = readModelPast(this.rooms, model);
    this.pasts.set(model, { stamp, past });
    return past;
  }

  private keep(key: string, file: ParameterHistoryFile): void {
    this.files.delete(key);
    this.files.set(key, file);
    const [oldest] = this.files.keys();
    if (this.files.size > mostFiles && oldest !== undefined) this.files.delete(oldest);
  }
}

function pairKey(from: string | null, to: string | null): string {
  return `${from} ${to}`;
}

/** Python and notebooks are looked through; other files where they are known to hold parameters. */
function isCandidate(ownership: Ownership, path: string): boolean {
  const language = parameterLanguage(path);
  if (language === 'python' || language === 'notebook') return true;
  return ownership.partOf(path) === 'parameters' || looksLikeParameterFile(path);
}

/** Whether a living version, looked for among the newest, took parameters from the file. */
function isReadFrom({ versions }: ModelPast, path: string): boolean {
  const recent = versions.filter(({ living }) => living).slice(-20);
  return recent.some(({ origins }) =>
    Object.values(origins).some((origin) => origin === path || origin.startsWith(`${path}:`)),
  );
}
