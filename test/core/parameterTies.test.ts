import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParameterValue } from '../../src/core/parameters';
import { ParameterTies } from '../../src/core/parameterTies';
import { ParameterTimeline } from '../../src/core/parameterTimeline';

type State = Readonly<Record<string, readonly ParameterValue[]>>;

const valuesIn = (state: State) => new Map(Object.entries(state));

function timelineOf(...states: readonly State[]): ParameterTimeline {
  const timeline = new ParameterTimeline();
  for (const state of states) timeline.append(valuesIn(state));
  return timeline;
}

/** Newest first: `value@from-to`. */
function tied(timeline: ParameterTimeline, live: State, path: string, occurrence = 0): string[] {
  return new ParameterTies(timeline, valuesIn(live))
    .valuesOf(path, occurrence)
    .map(({ from, to, value }) => `${JSON.stringify(value)}@${from}-${to}`);
}

describe('a parameter and its past', () => {
  it('is tied by its path', () => {
    const timeline = timelineOf({ lr: [1], b: [5] }, { lr: [1] }, { lr: [2] }, {}, { lr: [3] });
    expect(tied(timeline, { lr: [9] }, 'lr')).toEqual(['3@4-4', '2@2-2', '1@0-1']);
    expect(tied(timeline, { b: [5] }, 'b')).toEqual(['5@0-0']);
    expect(tied(timeline, { c: [5] }, 'c')).toEqual([]);
  });

  it('two of one path: equal ones, then the one that is left', () => {
    const timeline = timelineOf({ 'a.lr': [1, 2] }, { 'a.lr': [1, 3] }, { 'a.lr': [4, 3] });
    const live = { 'a.lr': [4, 5] };
    expect(tied(timeline, live, 'a.lr', 0)).toEqual(['4@2-2', '1@1-1', '1@0-0']);
    expect(tied(timeline, live, 'a.lr', 1)).toEqual(['3@2-2', '3@1-1', '2@0-0']);
  });

  it('nothing where nobody can say which is meant', () => {
    const both = timelineOf({ lr: [1, 2] });
    expect(tied(both, { lr: [8, 9] }, 'lr', 0)).toEqual([]);
    expect(tied(both, { lr: [9] }, 'lr')).toEqual([]);
    expect(tied(both, { lr: [2] }, 'lr')).toEqual(['2@0-0']);
    const one = timelineOf({ lr: [1] });
    expect(tied(one, { lr: [2, 3] }, 'lr', 1)).toEqual([]);
    expect(tied(one, { lr: [1, 1] }, 'lr', 0)).toEqual([]);
  });

  it('is followed to where it stood before, when that is beyond doubt', () => {
    const timeline = timelineOf({ LR: [1], 'main.lr': [1] }, { 'main.lr': [2] });
    expect(tied(timeline, { 'opt.lr': [3] }, 'opt.lr')).toEqual(['2@1-1', '1@0-0']);
    // Two came, or the old one is still there.
    expect(tied(timeline, { 'opt.lr': [3], 'x.lr': [1] }, 'opt.lr')).toEqual([]);
    expect(tied(timeline, { 'opt.lr': [3], 'main.lr': [2] }, 'opt.lr')).toEqual([]);
    const moved = timelineOf({ 'a.n': [1] }, { 'b.n': [2] }, { 'b.n': [3] });
    expect(tied(moved, { 'b.n': [3] }, 'b.n')).toEqual(['3@2-2', '2@1-1', '1@0-0']);
  });

  it('knows what changed between two states', () => {
    const timeline = timelineOf({ a: [1], b: [1] }, { a: [2], b: [1] }, { a: [1], c: [1] });
    expect(timeline.changed(0, 1)).toEqual(['a']);
    expect(timeline.changed(0, 2)).toEqual(['b', 'c']);
  });
});

const states = fc.array(
  fc.dictionary(
    fc.constantFrom('lr', 'a.lr', 'b.lr', 'b.n'),
    fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
  ),
  { minLength: 1, maxLength: 12 },
);

it('never says a value that a state did not have', () => {
  fc.assert(
    fc.property(states, (all) => {
      const live = all.at(-1) ?? {};
      const past = all.slice(0, -1);
      const timeline = timelineOf(...past);
      const ties = new ParameterTies(timeline, valuesIn(live));
      for (const [path, values] of Object.entries(live)) {
        for (const occurrence of values.keys()) {
          for (const { from, to, value } of ties.valuesOf(path, occurrence)) {
            for (let index = from; index <= to; index++)
              expect(Object.values(past[index] ?? {}).flat()).toContain(value);
          }
        }
      }
    }),
  );
});

it('a timeline that was cut and went on is as one that never was', () => {
  fc.assert(
    fc.property(states, states, fc.nat(12), (first, second, cut) => {
      const timeline = timelineOf(...first);
      timeline.truncate(cut);
      for (const state of second) timeline.append(valuesIn(state));
      const straight = timelineOf(...first.slice(0, cut), ...second);
      for (const path of ['lr', 'a.lr', 'b.lr', 'b.n']) {
        expect(timeline.spansOf(path).map((span) => ({ ...span }))).toEqual(straight.spansOf(path));
      }
      expect([timeline.length, timeline.size]).toEqual([straight.length, straight.size]);
      const last = timeline.length - 1;
      for (let from = 0; from < last; from++)
        expect(timeline.changed(from, last)).toEqual(straight.changed(from, last));
      const again = ParameterTimeline.from(timeline.data);
      expect(again.data).toEqual(timeline.data);
      expect(again.changed(0, last)).toEqual(timeline.changed(0, last));
    }),
  );
});
