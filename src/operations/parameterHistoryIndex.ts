import { compareParameters } from '../core/parameters';
import { compareDatasets } from '../core/versionComparison';
import { looksLikeParameterFile, type ParameterFinder, parameterLanguage } from '../source';
import { knownModels } from './models';
import { type Ownership, ownershipOf } from './ownership';
import type { FileAsked, ParameterHistoryFile } from './parameterHistoryFile';
import { type ModelPast, placeOf, readModelPast } from './parameterHistoryPast';
import { ParameterHistoryReader, type ReadingState } from './parameterHistoryReader';
import type { Rooms } from './rooms';

/** Files whose past is kept; the one asked for longest ago goes first. */
const mostFiles = 6;
/** Changes that they keep together: about 30 MB. */
const mostChanges = 300_000;
/** Of a longer history so many of the newest versions answer first. */
const mostAtOnce = 8;

/** A file of a model with its past. */
export interface FilePast {
  readonly model: string;
  readonly past: ModelPast;
  readonly file: ParameterHistoryFile;
  readonly ownership: Ownership;
  /** For what an editor shows now. */
  readonly live: ParameterFinder;
  /** How far the past is read; `null` when all of it is. */
  readonly reading: ReadingState | null;
}

/** A model whose file a file is. */
type Owner = Pick<FilePast, 'model' | 'past' | 'ownership'>;

/**
 * What values the parameters of files had, of one opened project: read once from the history and
 * from Git, and then only what is new. A file that no version of a model holds costs one question.
 */
export class ParameterHistoryIndex {
  private readonly pasts = new Map<string, { stamp: string; past: ModelPast }>();
  /** By model and path. */
  private readonly readers = new Map<string, ParameterHistoryReader>();
  /** Paths of code that differ between a version's commit and its parent's, by both. */
  private readonly codeChanges = new Map<string, readonly string[]>();

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
    const reader = this.readerOf(model, { path, language });
    const file = await reader.at(past);
    if (!file.known && reader.state === null) return null;
    return { model, past, file, ownership, live: reader.live, reading: reader.state };
  }

  /** Ends what is read beside. */
  close(): void {
    for (const reader of this.readers.values()) reader.close();
  }

  /** Waits until the files that are read beside are read. */
  async settled(): Promise<void> {
    for (const reader of this.readers.values()) await reader.settled();
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
  async ownerOf(path: string, parameters: boolean): Promise<Owner | null> {
    let found: (Owner & { rank: number }) | null = null;
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

  private readerOf(model: string, asked: FileAsked): ParameterHistoryReader {
    const key = `${model}\n${asked.path}`;
    const known = this.readers.get(key);
    const reader = known ?? new ParameterHistoryReader(this.rooms, model, asked, this.atOnce);
    this.readers.delete(key);
    this.readers.set(key, reader);
    this.forgetOldest();
    return reader;
  }

  private forgetOldest(): void {
    let size = [...this.readers.values()].reduce((sum, reader) => sum + reader.size, 0);
    for (const [key, reader] of this.readers) {
      if (this.readers.size <= 1 || (this.readers.size <= mostFiles && size <= mostChanges)) return;
      reader.close();
      this.readers.delete(key);
      size -= reader.size;
    }
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
