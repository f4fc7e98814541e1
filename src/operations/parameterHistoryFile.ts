import type { ParameterValue } from '../core/parameters';
import { ParameterTimeline, type TimelineData } from '../core/parameterTimeline';
import { type FoundText, ParameterFinder, type ParameterLanguage } from '../source';
import type { ModelPast, PastVersion } from './parameterHistoryPast';
import { pause } from './pause';
import type { Rooms } from './rooms';

/** A larger file of a version is not looked through. */
const largestBlob = 8 * 1024 * 1024;
/** Changes that one file may keep; beyond, its oldest versions are left out. About 20 MB. */
const mostChanges = 200_000;
/** Renames that are followed. */
const mostRenames = 5;

/** What one version had at the file's place. */
interface FileState {
  readonly reference: string;
  /** The version commit that was looked at: a number may be given to another one. */
  readonly commit: string | null;
  /** What it was then called. */
  readonly path: string;
  readonly oid: string | null;
}

/** What was read of a file's past, as plain data: all of its versions. */
export interface ReadPast {
  readonly states: readonly FileState[];
  readonly skeletons: readonly number[];
  readonly timeline: TimelineData;
}

/** Which file, and how to read it. */
export interface FileAsked {
  readonly path: string;
  readonly language: ParameterLanguage;
}

/** One file of a model through its versions; the next versions are added to what is known. */
export class ParameterHistoryFile {
  /** Digests of the code around the literals, one a version. */
  readonly skeletons: number[] = [];
  readonly timeline: ParameterTimeline;
  private readonly states: FileState[] = [];
  private first: number | null = null;
  private readonly decoder = new TextDecoder();

  /**
   * @param newest so many versions are read from Git, and no older ones
   * @param known what was read before
   */
  constructor(
    private readonly asked: FileAsked,
    private readonly newest = Number.POSITIVE_INFINITY,
    known?: ReadPast,
  ) {
    this.timeline = known ? ParameterTimeline.from(known.timeline) : new ParameterTimeline();
    if (known === undefined) return;
    this.states.push(...known.states);
    this.skeletons.push(...known.skeletons);
  }

  /** Before this version nothing was read: where only the newest were asked for. */
  get begin(): number {
    return this.first ?? 0;
  }

  /** Versions that were read, or passed over. */
  get length(): number {
    return this.states.length;
  }

  get data(): ReadPast {
    return { states: this.states, skeletons: this.skeletons, timeline: this.timeline.data };
  }

  /** Whether any version has it. */
  get known(): boolean {
    return this.timeline.size > 0 || this.states.some(({ oid }) => oid !== null);
  }

  /** What it was called in a version. */
  pathAt(place: number): string {
    return this.states[place]?.path ?? this.asked.path;
  }

  /**
   * Brings it to the versions as they are now: only what is new is read.
   * @param isWanted asked before each version; once it says no, the rest is left for the next time
   * @returns how many texts were read
   */
  async update(rooms: Rooms, { versions }: ModelPast, isWanted = () => true): Promise<number> {
    this.first ??= Math.max(0, versions.length - this.newest);
    const states = (await this.statesOf(rooms, versions)).map((state, index) =>
      index < this.begin ? { ...state, oid: null } : state,
    );
    const same = firstDifference(this.states, states);
    this.timeline.truncate(same);
    this.skeletons.length = same;
    // Of those that stay, the revision may be another one.
    this.states.splice(0, this.states.length, ...states.slice(0, same));
    return await this.read(rooms, versions, states, same, isWanted);
  }

  private async read(
    rooms: Rooms,
    versions: readonly PastVersion[],
    states: readonly FileState[],
    begin: number,
    isWanted: () => boolean,
  ): Promise<number> {
    const wanted = states
      .slice(begin)
      .filter(({ oid }, index) => oid !== null && oid !== states[begin + index - 1]?.oid);
    // What it keeps between two texts is let go once the file is read.
    const finder = new ParameterFinder(this.asked.language);
    const { past } = rooms.repository;
    const blobs = past.contents(wanted.flatMap(({ oid }) => oid ?? []))[Symbol.asyncIterator]();
    let read = 0;
    try {
      let previous = begin > 0 ? (states[begin - 1]?.oid ?? null) : null;
      for (const [offset, state] of states.slice(begin).entries()) {
        if (!isWanted()) return read;
        if (state.oid !== null && state.oid !== previous) {
          const { value } = await blobs.next();
          this.add(state, finder.findInFile(this.decoder.decode(value ?? new Uint8Array())));
          read++;
          // Other requests have their turn between two versions.
          await pause();
        } else this.addWithout(state, versions[begin + offset]);
        previous = state.oid;
      }
      return read;
    } finally {
      await blobs.return?.();
    }
  }

  private add(state: FileState, { parameters, skeleton }: FoundText): void {
    this.states.push(state);
    this.skeletons.push(skeleton);
    this.timeline.append(valuesIn(parameters));
    if (this.timeline.size > mostChanges) this.timeline.forgetBefore(this.timeline.length >> 1);
  }

  /** The same file as in the version before, or what the version's record says was read from it. */
  private addWithout(state: FileState, version: PastVersion | undefined): void {
    this.states.push(state);
    this.skeletons.push(this.skeletons.at(-1) ?? 0);
    const recorded =
      state.oid === null && version !== undefined ? recordedIn(version, state) : null;
    // In no tree and in no record: whatever was there is not known, or it was not there.
    const gone = state.oid === null && recorded === null ? new Map() : null;
    this.timeline.append(recorded ?? gone);
  }

  private async statesOf(rooms: Rooms, versions: readonly PastVersion[]): Promise<FileState[]> {
    const states: FileState[] = [];
    // Commits never change, so what was found for a revision still holds.
    for (const [index, { reference, commit }] of versions.entries()) {
      const state = this.states[index];
      if (state?.reference !== reference || state.commit !== commit) break;
      states.push(state);
    }
    const rest = versions.slice(states.length);
    return [...states, ...(await this.locate(rooms, rest))];
  }

  /** Where the file is in each version; renames are followed from the newest to the oldest. */
  private async locate(rooms: Rooms, versions: readonly PastVersion[]): Promise<FileState[]> {
    const states: FileState[] = [];
    let { path } = this.asked;
    let end = versions.length;
    for (let renames = 0; end > 0; renames++) {
      const part = versions.slice(0, end);
      const blobs = await blobsOf(rooms, part, path);
      const first = blobs.findIndex((oid) => oid !== null);
      const begin = first < 0 || renames === mostRenames ? 0 : first;
      const here = part.slice(begin).map(({ reference, commit }, index) => ({
        ...{ reference, commit, path },
        oid: blobs[begin + index] ?? null,
      }));
      states.unshift(...here);
      const before = begin > 0 ? await renamedFrom(rooms, versions, begin, path) : null;
      if (before === null) {
        states.unshift(
          ...part
            .slice(0, begin)
            .map(({ reference, commit }) => ({ reference, commit, path, oid: null })),
        );
        break;
      }
      path = before;
      end = begin;
    }
    return states;
  }
}

async function blobsOf(
  { repository }: Rooms,
  versions: readonly PastVersion[],
  path: string,
): Promise<(string | null)[]> {
  const asked = versions.filter(({ commit }) => commit !== null);
  const found = await repository.past.blobsAt(
    asked.map(({ commit }) => ({ commit: commit ?? '', path })),
  );
  const oids = new Map(asked.map((version, index) => [version, found[index] ?? null]));
  return versions.map((version) => {
    const blob = oids.get(version) ?? null;
    return blob === null || blob.size > largestBlob ? null : blob.oid;
  });
}

/** What the file was called in the version before the one in which it first is there. */
async function renamedFrom(
  { repository }: Rooms,
  versions: readonly PastVersion[],
  first: number,
  path: string,
): Promise<string | null> {
  const [from, to] = [versions[first - 1]?.commit, versions[first]?.commit];
  if (!from || !to) return null;
  const changes = await repository.compareTrees(
    await repository.treeOf(from),
    await repository.treeOf(to),
  );
  return changes.find((change) => change.path === path)?.from ?? null;
}

/** A blob never changes; without one the version's record counts, which a revision may change. */
function firstDifference(known: readonly FileState[], now: readonly FileState[]): number {
  const index = known.findIndex(({ reference, oid }, at) => {
    const other = now[at];
    return other?.oid !== oid || (oid === null && other.reference !== reference);
  });
  return index < 0 ? Math.min(known.length, now.length) : index;
}

/** Values by path, in the text's order. */
export function valuesIn(
  parameters: readonly { readonly path: string; readonly value: ParameterValue }[],
): Map<string, ParameterValue[]> {
  const values = new Map<string, ParameterValue[]>();
  for (const { path, value } of parameters) {
    const known = values.get(path);
    if (known === undefined) values.set(path, [value]);
    else known.push(value);
  }
  return values;
}

function recordedIn(
  { parameters, origins }: PastVersion,
  { path }: FileState,
): Map<string, ParameterValue[]> | null {
  const values = new Map<string, ParameterValue[]>();
  for (const [key, origin] of Object.entries(origins)) {
    const value = parameters[key];
    if (value !== undefined && (origin === path || origin.startsWith(`${path}:`)))
      values.set(key, [value]);
  }
  return values.size === 0 ? null : values;
}
