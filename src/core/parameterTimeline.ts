import { type ParameterValue, sameParameter } from './parameters';

/** The values at each path of one text, several where a path stands there more than once. */
export type PathValues = ReadonlyMap<string, readonly ParameterValue[]>;

/** From one state on (up to the next span) a path has these values; none where it is not there. */
export interface Span {
  readonly from: number;
  readonly values: readonly ParameterValue[];
}

const absent: readonly ParameterValue[] = Object.freeze([]);

/**
 * What one file held in each of many states, oldest first. Only changes are kept, so that a
 * thousand states of a file cost what differs between them.
 */
export class ParameterTimeline {
  private readonly spans = new Map<string, Span[]>();
  private readonly names = new Map<string, Set<string>>();
  private states = 0;
  private changes = 0;

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
    if (state === null) return;
    for (const [path, values] of state) this.change(path, index, values);
    for (const path of this.spans.keys()) if (!state.has(path)) this.change(path, index, absent);
  }

  /** Forgets all states from `length` on. */
  truncate(length: number): void {
    if (length >= this.states) return;
    this.states = Math.max(0, length);
    for (const [path, spans] of this.spans) {
      while ((spans.at(-1)?.from ?? -1) >= this.states) {
        spans.pop();
        this.changes--;
      }
      if (spans.length === 0) {
        this.spans.delete(path);
        this.names.get(nameOf(path))?.delete(path);
      }
    }
  }

  /** Forgets what changed before a state: what held in it counts from there on only. */
  forgetBefore(state: number): void {
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

  /** Paths that end with this name, in any state. */
  pathsNamed(name: string): ReadonlySet<string> {
    return this.names.get(name) ?? new Set();
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
    return [...this.spans.keys()].filter(differs).sort();
  }

  private change(path: string, from: number, values: readonly ParameterValue[]): void {
    const spans = this.spans.get(path);
    if (sameParameter(spans?.at(-1)?.values ?? absent, values)) return;
    this.changes++;
    if (spans !== undefined) {
      spans.push({ from, values });
      return;
    }
    this.spans.set(path, [{ from, values }]);
    const name = nameOf(path);
    const named = this.names.get(name);
    if (named === undefined) this.names.set(name, new Set([path]));
    else named.add(path);
  }
}

/** The last part of a dotted path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
