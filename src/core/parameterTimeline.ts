import { type ParameterValue, sameParameter } from './parameters';

/** The values at each path of one text, several where a path stands there more than once. */
export type PathValues = ReadonlyMap<string, readonly ParameterValue[]>;

/** From one state on (up to the next span) a path has these values; none where it is not there. */
export interface Span {
  readonly from: number;
  readonly values: readonly ParameterValue[];
}

const absent: readonly ParameterValue[] = Object.freeze([]);

/** Paths of one name that were there in one state and not in the next, and the other way round. */
export interface Turnover {
  readonly gone: readonly string[];
  readonly came: readonly string[];
}

const nothing: Turnover = Object.freeze({ gone: [], came: [] });

/** A timeline as plain data, to be written down. */
export interface TimelineData {
  readonly states: number;
  readonly spans: readonly (readonly [path: string, spans: readonly Span[]])[];
}

/**
 * What one file held in each of many states, oldest first. Only changes are kept, so that a
 * thousand states of a file cost what differs between them.
 */
export class ParameterTimeline {
  private readonly spans = new Map<string, Span[]>();
  /** The paths whose values each state changed. */
  private readonly changedIn: string[][] = [];
  /** What was asked about a state, by name. */
  private readonly turnovers = new Map<number, ReadonlyMap<string, Turnover>>();
  private states = 0;
  private changes = 0;

  static from({ states, spans }: TimelineData): ParameterTimeline {
    const timeline = new ParameterTimeline();
    timeline.states = states;
    for (let state = 0; state < states; state++) timeline.changedIn.push([]);
    for (const [path, own] of spans) {
      timeline.spans.set(path, [...own]);
      for (const { from } of own) timeline.changedIn[from]?.push(path);
      timeline.changes += own.length;
    }
    return timeline;
  }

  get data(): TimelineData {
    return { states: this.states, spans: [...this.spans] };
  }

  /** How many states there are. */
  get length(): number {
    return this.states;
  }

  /** How many changes are kept: what the memory goes by. */
  get size(): number {
    return this.changes;
  }

  /** Adds the next state; `null` where nothing is known, which is taken for no change. */
  append(state: PathValues | null): void {
    const index = this.states++;
    this.changedIn.push([]);
    if (state === null) return;
    for (const [path, values] of state) this.change(path, index, values);
    for (const path of this.spans.keys()) if (!state.has(path)) this.change(path, index, absent);
  }

  /** Forgets all states from `length` on. */
  truncate(length: number): void {
    if (length >= this.states) return;
    this.states = Math.max(0, length);
    this.changedIn.length = this.states;
    this.turnovers.clear();
    for (const [path, spans] of this.spans) {
      while ((spans.at(-1)?.from ?? -1) >= this.states) {
        spans.pop();
        this.changes--;
      }
      if (spans.length === 0) this.spans.delete(path);
    }
  }

  /** Forgets what changed before a state: what held in it counts from there on only. */
  forgetBefore(state: number): void {
    this.turnovers.clear();
    this.changedIn.fill([], 0, state);
    this.changedIn[state] = [...this.spans.keys()];
    for (const [path, spans] of this.spans) {
      const kept = spans.findLastIndex(({ from }) => from <= state);
      if (kept < 0) continue;
      const [first, ...rest] = spans.slice(kept);
      this.changes -= kept;
      if (first !== undefined) this.spans.set(path, [{ ...first, from: state }, ...rest]);
    }
  }

  /** Oldest first; before the first one the path was not there. */
  spansOf(path: string): readonly Span[] {
    return this.spans.get(path) ?? [];
  }

  /** Which paths of a name came and went with a state. */
  turnover(state: number, name: string): Turnover {
    let named = this.turnovers.get(state);
    if (named === undefined) {
      const before = (path: string) => this.at(path, state - 1);
      named = turnovers(this.changedIn[state] ?? [], before, (path) => this.at(path, state));
      this.turnovers.set(state, named);
    }
    return named.get(name) ?? nothing;
  }

  /** Which paths of each name come and go with a text behind the last state. */
  turnoversTo(live: PathValues): ReadonlyMap<string, Turnover> {
    const last = this.states - 1;
    return turnovers(
      new Set([...this.spans.keys(), ...live.keys()]),
      (path) => this.at(path, last),
      (path) => live.get(path) ?? absent,
    );
  }

  /** The values of a path in a state. */
  at(path: string, state: number): readonly ParameterValue[] {
    const spans = this.spans.get(path) ?? [];
    let [low, high] = [0, spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((spans[middle]?.from ?? 0) <= state) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? absent : (spans[low - 1]?.values ?? absent);
  }

  /** The paths whose values differ between two states, sorted. */
  changed(from: number, to: number): string[] {
    const differs = (path: string) => !sameParameter(this.at(path, from), this.at(path, to));
    const between = this.changedIn.slice(Math.min(from, to) + 1, Math.max(from, to) + 1);
    return [...new Set(between.flat())].filter(differs).sort();
  }

  private change(path: string, from: number, values: readonly ParameterValue[]): void {
    const spans = this.spans.get(path);
    if (sameParameter(spans?.at(-1)?.values ?? absent, values)) return;
    this.changes++;
    this.changedIn[from]?.push(path);
    if (spans === undefined) this.spans.set(path, [{ from, values }]);
    else spans.push({ from, values });
  }
}

/** Which of the paths came and which went between two states, by their names. */
function turnovers(
  paths: Iterable<string>,
  before: (path: string) => readonly ParameterValue[],
  after: (path: string) => readonly ParameterValue[],
): Map<string, Turnover> {
  const named = new Map<string, { gone: string[]; came: string[] }>();
  for (const path of paths) {
    const [was, is] = [before(path).length > 0, after(path).length > 0];
    if (was === is) continue;
    const known = named.get(nameOf(path)) ?? { gone: [], came: [] };
    (was ? known.gone : known.came).push(path);
    named.set(nameOf(path), known);
  }
  return named;
}

/** The last part of a dotted path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
