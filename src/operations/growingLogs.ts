import { isFailure } from '../core/failure';
import { newRun, type RunRecord } from '../core/run';
import type { ForeignRun } from '../runs';
import { directoryOf } from '../workspace';
import { DueLogs } from './dueLogs';
import { locked } from './locked';
import { type Growth, growthOf, isBeginning, type LogMarks, marksOf } from './logGrowth';
import { growingLog, type LogPlace } from './logPlaces';
import { OwnChanges } from './ownChanges';
import { followedRuns, quietText } from './quietRuns';
import type { Rooms } from './rooms';
import { newRunId } from './runCommandNote';

/** A log that was looked at. */
interface Seen {
  readonly place: LogPlace;
  readonly model: string | null;
  readonly marks: LogMarks;
  readonly extent: number;
  /** The run that was made of it; `null` while it is not known to grow. */
  readonly run: string | null;
  /** When it last grew, and the longest time between two growths; milliseconds. */
  readonly at: number;
  readonly interval: number;
  /** How often a file of one value each went on to a later step, before it was known to grow. */
  readonly steps: number;
  /** When it was read, and for how long it is not read again; a clock may be set back. */
  readonly lookedAt: number;
  readonly rests: number;
}

/** Without a growth for so long, and for so many times the longest pause, nobody is writing. */
const leastPatience = 60_000;
const mostPatience = 3_600_000;
const pauses = 5;
/** After something that ran in the window ended. */
const leastPatienceAfterEnd = 3_000;
/** Reading may take a tenth of the time. */
const rest = 10;
/** What training code writes at its end belongs to the run that it told of itself. */
const aftermath = 15_000;
/** A file of one value each is written at the end of a training, too: it must go on twice, soon. */
const stepsApart = 600_000;
/** A log with one point in it has just been begun when it was written no longer ago. */
const justNow = 10_000;

/**
 * Follows the logs that tools write while a window is open, so that a training that knows nothing
 * of Cairn is a run like any other. Quietly: a log must be seen to grow, or to begin; what a person
 * edits, a checkout or a copy writes at once and whole, and so does no training. A run that speaks
 * for itself in this worktree is the only one then.
 */
export class GrowingLogs {
  readonly #seen = new Map<string, Seen>();
  readonly #due: DueLogs;
  readonly #ownChanges: OwnChanges;

  constructor(private readonly rooms: Rooms) {
    this.#due = new DueLogs(rooms);
    this.#ownChanges = new OwnChanges(rooms);
  }

  /** Logs that were written since, for a run of a command that does not speak itself. */
  touchedSince(moment: number): LogPlace[] {
    return this.#due.touchedSince(moment);
  }

  /**
   * Looks at the logs among files that changed, and at those that grew before. Returns how many runs
   * are new or have grown.
   * @param paths relative to the project's top
   * @param ended whether something that may have been a training is over
   */
  async look(paths: readonly string[], ended: boolean): Promise<number> {
    const due = await this.#due.among(paths);
    for (const [key, { run, place, model }] of this.#seen) {
      if (run !== null && !due.has(key)) due.set(key, { place, model });
    }
    if (this.#isSpokenFor()) {
      this.#seen.clear();
      return 0;
    }
    if (ended) await this.#shorten();
    this.#ownChanges.look();
    let told = 0;
    for (const [key, { place, model }] of due) {
      const seen = this.#seen.get(key);
      if (seen !== undefined && this.#rests(seen)) this.#due.postpone(place);
      else if (await this.#lookAt(key, place, model)) told++;
    }
    return told;
  }

  #rests({ lookedAt, rests }: Seen): boolean {
    const since = this.#now() - lookedAt;
    return since >= 0 && since < rests;
  }

  #now(): number {
    return this.rooms.platform.clock.now().getTime();
  }

  /** Whether training code in this worktree speaks for itself, or did just now. */
  #isSpokenFor(): boolean {
    const { history, repository } = this.rooms;
    const own = ({ source, root }: RunRecord) =>
      (source === 'cairn' || source === 'command') && root === repository.root;
    const justEnded = ({ endedAt }: RunRecord) =>
      endedAt !== null && Math.abs(this.#now() - Date.parse(endedAt)) < aftermath;
    const { runs } = history.runs.list({ states: ['running'] });
    return (
      runs.some(own) || history.runs.list({ limit: 20 }).runs.some((r) => own(r) && justEnded(r))
    );
  }

  /** Returns whether a run is new or has grown. */
  async #lookAt(key: string, place: LogPlace, model: string | null): Promise<boolean> {
    const { platform, repository } = this.rooms;
    const begin = platform.clock.elapsed();
    const log = await growingLog(platform, repository.root, place);
    if (log === null) return false;
    const took = platform.clock.elapsed() - begin;
    const known = this.#seen.get(key) ?? this.#adopted(place, log);
    const change: Growth = known === null ? { kind: 'other' } : growthOf(known.marks, log.series);
    if (change.kind === 'other' && known?.run != null) await this.#end(known);
    const isCalm = known?.run == null && this.#ownChanges.isSettling;
    const begins = change.kind === 'other' && !isCalm && this.#begins(place, log);
    const before = change.kind === 'other' ? null : known;
    const growth: Growth = begins ? { kind: 'grown', added: log.series, replaced: false } : change;
    const at = this.#now();
    const next: Seen = {
      ...{ place, model, marks: marksOf(log.series), extent: log.extent, run: null, at },
      ...{ interval: 0, steps: 0, lookedAt: at, rests: took * rest },
    };
    if (growth.kind === 'same' && before !== null) {
      this.#seen.set(key, { ...before, lookedAt: at, rests: next.rests });
      return false;
    }
    if (growth.kind !== 'grown' || isCalm) {
      this.#seen.set(key, next);
      return false;
    }
    const isNew = before === null || before.run === null;
    if (isNew && growth.replaced && !hasSteppedSoon(before, at)) {
      this.#seen.set(key, { ...next, steps: 1 });
      return false;
    }
    if (isNew && this.#isSameTraining(place, model)) return false;
    const interval = before === null ? 0 : Math.max(before.interval, at - before.at);
    const grown = { ...next, interval, run: before?.run ?? null };
    return this.#enter(key, before, grown, log, growth);
  }

  /** One that another window, or an earlier session of this one, made a run of. */
  #adopted(place: LogPlace, log: ForeignRun): Seen | null {
    const run = this.#runOf(place);
    if (run === null) return null;
    // What it has grown by since is not known: then all of it takes the place of what is there.
    const isWhole = this.rooms.history.runs.find(run.id)?.taken === log.extent;
    return {
      ...{
        place,
        model: run.model,
        run: run.id,
        at: this.#now(),
        interval: 0,
        steps: 0,
        lookedAt: 0,
        rests: 0,
      },
      marks: marksOf(isWhole ? log.series : []),
      extent: isWhole ? log.extent : -1,
    };
  }

  /** The run that goes on and was made of a log, by whichever window. */
  #runOf({ tool, path }: LogPlace): RunRecord | null {
    const runs = followedRuns(this.rooms);
    return runs.find(({ source, origin }) => source === tool && origin === path) ?? null;
  }

  /** Whether the log was begun just now. */
  #begins({ tool, path }: LogPlace, log: ForeignRun): boolean {
    const written = log.endedAt === null ? Number.NaN : Date.parse(log.endedAt);
    const isFresh = Math.abs(this.#now() - written) < justNow;
    // A JSON with one value of each is what an evaluation writes, too.
    const tells = tool !== 'file' || !path.endsWith('.json');
    return isFresh && tells && isBeginning(log.series);
  }

  /** The log is another one now: nothing more comes of the run that was made of it. */
  async #end({ run, at }: Seen): Promise<void> {
    await this.#change(run ?? '', (record) => {
      const endedAt = new Date(at).toISOString();
      return { ...record, state: 'finished', endedAt };
    });
  }

  async #change(run: string, changed: (record: RunRecord) => RunRecord): Promise<void> {
    const { history } = this.rooms;
    await locked(this.rooms, 'inbox', async () =>
      history.transaction((writer) => {
        const known = history.runs.find(run);
        if (known === null || known.deleted || known.record.state !== 'running') return;
        writer.runs.put(changed(known.record), known.taken);
      }),
    );
  }

  /** Two tools at once log one training; two logs of one tool are two. */
  #isSameTraining({ tool, path }: LogPlace, model: string | null): boolean {
    return followedRuns(this.rooms).some((run) => {
      if (run.root !== this.rooms.repository.root || run.origin === path) return false;
      if (run.source !== tool) return true;
      return (
        tool === 'file' &&
        (run.model === model || directoryOf(run.origin ?? '') === directoryOf(path))
      );
    });
  }

  async #enter(
    key: string,
    before: Seen | null,
    grown: Seen,
    log: ForeignRun,
    growth: Growth & { kind: 'grown' },
  ): Promise<boolean> {
    const { history, repository } = this.rooms;
    const head = (await repository.head()).commit;
    try {
      return await locked({ ...this.rooms, lockMilliseconds: 0 }, 'inbox', async () =>
        history.transaction((writer) => {
          // Another window may have made a run of it just now.
          const id = grown.run ?? this.#runOf(grown.place)?.id ?? newRunId(this.rooms.platform);
          const known = history.runs.find(id);
          this.#seen.set(key, { ...grown, run: id });
          if (known?.deleted === true) return false;
          const record = known?.record ?? this.#newRecord(id, grown, log, head);
          const watched = quietText({ at: grown.at, patience: patienceOf(grown) });
          const parameters = { ...record.parameters, ...log.parameters };
          writer.runs.put(
            { ...record, parameters, watched, state: 'running', endedAt: null },
            log.extent,
          );
          const isNext = before !== null && before.run === id && known?.taken === before.extent;
          if (!isNext && !growth.replaced) writer.runs.clear(id);
          writer.runs.append(id, isNext || growth.replaced ? growth.added : log.series);
          return true;
        }),
      );
    } catch (error) {
      if (!isFailure(error, 'lock-held')) throw error;
      this.#due.postpone(grown.place);
      return false;
    }
  }

  #newRecord(
    id: string,
    { place, model, at }: Seen,
    log: ForeignRun,
    head: string | null,
  ): RunRecord {
    const { tool, path } = place;
    const began = firstTime(log.series) ?? at;
    return {
      ...newRun(id, tool, new Date(Math.min(began, at)).toISOString()),
      ...{ model, title: tool === 'file' && model !== null ? null : path, origin: path },
      root: this.rooms.repository.root,
      commit: head === null ? null : { oid: head, guessed: true },
      command: log.command,
    };
  }

  /** What ran in the window may have been the training: it need not be waited for so long. */
  async #shorten(): Promise<void> {
    for (const { run, at, interval } of this.#seen.values()) {
      if (run === null) continue;
      const patience = Math.max(leastPatienceAfterEnd, interval * 2);
      await this.#change(run, (record) => ({ ...record, watched: quietText({ at, patience }) }));
    }
  }
}

function hasSteppedSoon(before: Seen | null, at: number): boolean {
  return before !== null && before.steps > 0 && at - before.at < stepsApart;
}

function patienceOf({ interval }: Seen): number {
  return Math.min(mostPatience, Math.max(leastPatience, interval * pauses));
}

function firstTime(series: readonly { readonly times: readonly number[] }[]): number | null {
  const times = series.flatMap(({ times: [first] }) => (first === undefined ? [] : [first]));
  const known = times.filter((time) => Number.isFinite(time) && time > 0);
  return known.length === 0 ? null : Math.min(...known);
}
