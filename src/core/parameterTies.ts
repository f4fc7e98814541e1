import { type ParameterValue, sameParameter } from './parameters';
import {
  nameOf,
  type ParameterTimeline,
  type PathValues,
  type Turnover,
} from './parameterTimeline';

/** A parameter's value from one state to another, both included. */
export interface ValueRun {
  readonly from: number;
  readonly to: number;
  readonly value: ParameterValue;
}

/** A path is followed back through at most so many others. */
const mostMoves = 5;
const absent: readonly ParameterValue[] = Object.freeze([]);

/**
 * Ties the parameters of a text to the values that they had in a file's states, by their paths.
 * Where a path stands more than once, the one whose values are nearest is taken: equal ones, state
 * by state, then the only one that is left. Where a path came into being while exactly one other of
 * its name went away, that one is followed. What stays ambiguous has no values.
 */
export class ParameterTies {
  /** What came and went with the text, by name. */
  private turnovers: ReadonlyMap<string, Turnover> | null = null;

  /** @param live the values of the text at each path */
  constructor(
    private readonly timeline: ParameterTimeline,
    private readonly live: PathValues,
  ) {}

  /**
   * The values that one parameter had, newest first.
   * @param occurrence which one of those at the path is meant, from 0
   */
  valuesOf(path: string, occurrence: number): ValueRun[] {
    const { timeline, live } = this;
    const runs: ValueRun[] = [];
    let tie = { path, occurrence, near: live.get(path) ?? absent };
    let end = timeline.length - 1;
    for (let moves = 0; moves <= mostMoves && end >= 0; moves++) {
      const followed = follow(timeline, tie, end);
      runs.push(...followed.runs);
      const other = this.movedFrom(tie.path, followed.begin);
      if (other === null) break;
      end = followed.begin - 1;
      tie = { path: other, occurrence: 0, near: timeline.at(other, end) };
    }
    return runs;
  }

  /**
   * The path from which this one came: of its name the only one that was there once before the
   * state and is not any more, where this one is the only one that is new.
   */
  private movedFrom(path: string, state: number): string | null {
    const { timeline, live } = this;
    if (state <= 0) return null;
    const inText = state >= timeline.length;
    const there = inText ? (live.get(path) ?? absent) : timeline.at(path, state);
    if (there.length !== 1 || timeline.at(path, state - 1).length > 0) return null;
    const name = nameOf(path);
    const turnover = inText ? this.turnoverNow(name) : timeline.turnover(state, name);
    const [only] = turnover?.gone ?? [];
    if (only === undefined || turnover?.gone.length !== 1 || turnover.came.length !== 1)
      return null;
    return timeline.at(only, state - 1).length === 1 ? only : null;
  }

  private turnoverNow(name: string): Turnover | undefined {
    this.turnovers ??= this.timeline.turnoversTo(this.live);
    return this.turnovers.get(name);
  }
}

interface Tie {
  readonly path: string;
  readonly occurrence: number;
  /** The values at the path in the state after. */
  readonly near: readonly ParameterValue[];
}

/** The runs of one path up to a state; `begin` is where the path came into being. */
function follow(timeline: ParameterTimeline, tie: Tie, end: number) {
  const runs: ValueRun[] = [];
  let near = tie.near;
  let to = end;
  let begin = end + 1;
  for (const { from, values } of timeline.spansOf(tie.path).toReversed()) {
    if (from > to) continue;
    if (values.length > 0) {
      const assigned = assign(near, values);
      const value = assigned[tie.occurrence];
      if (value !== undefined) runs.push({ from, to, value });
      near = near.map((before, index) => assigned[index] ?? before);
      begin = from;
    }
    to = from - 1;
  }
  return { runs, begin };
}

/** Which of the found values is which of those that are known; `undefined` where nobody can say. */
function assign(
  known: readonly ParameterValue[],
  found: readonly ParameterValue[],
): (ParameterValue | undefined)[] {
  if (known.length === 1 && found.length === 1) return [found[0]];
  const rest = [...found];
  const assigned = known.map((value) => {
    // As many equal ones must be there as are sought, or one of them went away unseen.
    const sought = known.filter((other) => sameParameter(other, value)).length;
    const there = found.filter((other) => sameParameter(other, value)).length;
    const index = rest.findIndex((other) => sameParameter(other, value));
    if (index < 0 || there < sought) return undefined;
    rest.splice(index, 1);
    return value;
  });
  const open = assigned.filter((value) => value === undefined).length;
  if (open !== 1 || rest.length !== 1 || known.length !== found.length) return assigned;
  return assigned.map((value) => value ?? rest[0]);
}
