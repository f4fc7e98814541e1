import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PredictedExamples, pairExamples } from '../../src/core/pairedPredictions';
import { comparePredictions } from '../../src/core/predictionComparison';
import { chanceSentence } from '../../src/core/predictionSentences';
import { SeededNumbers } from '../../src/core/seededNumbers';
import {
  chanceOf,
  complementaryError,
  mcNemar,
  pairedBootstrap,
} from '../../src/core/significance';
import { finished } from '../../src/core/steps';

function examples(
  truth: readonly string[],
  predicted: readonly string[],
  over: Partial<PredictedExamples> = {},
): PredictedExamples {
  return {
    ...{ path: 'predictions.csv', kind: 'classes', truth, predicted },
    ...{ ids: null, idColumn: null, rows: truth.map((_, index) => index) },
    ...{ positive: null, metrics: ['accuracy', 'f1_macro'] },
    ...over,
  };
}

// Two-sided binomial tests with p = 0.5 as scipy.stats.binomtest gives them.
test.each([
  [1, 9, 0.021484375],
  [5, 9, 0.4239501953125],
  [0, 6, 0.03125],
  [12, 12, 1],
  [86, 150, 3.715936139571442e-5],
  [400, 480, 0.007707305043339141],
])('McNemar of %i and %i is exact', (first, second, p) => {
  const found = mcNemar(first, second);
  expect(found.method).toBe('exact');
  expect(Math.abs(found.p / p - 1)).toBeLessThan(1e-9);
});

test('McNemar of many is χ² with a correction for continuity', () => {
  // (|560 - 680| - 1)² / 1240 = 11.42; scipy.stats.chi2.sf gives the tail.
  const { p, method } = mcNemar(560, 680);
  expect(method).toBe('chi-squared');
  expect(Math.abs(p / 0.0007265138800579513 - 1)).toBeLessThan(1e-6);
});

test('the complementary error function is that of the tables', () => {
  expect(complementaryError(0)).toBeCloseTo(1, 6);
  expect(complementaryError(0.5)).toBeCloseTo(0.4795001222, 7);
  expect(complementaryError(2)).toBeCloseTo(0.004677734981, 9);
});

test('McNemar does not know which side is which, and is a probability', () => {
  const count = fc.integer({ min: 0, max: 3_000 });
  fc.assert(
    fc.property(count, count, (a, b) => {
      const [one, other] = [mcNemar(a, b), mcNemar(b, a)];
      expect(one.p).toBe(other.p);
      expect(one.p).toBeGreaterThanOrEqual(0);
      expect(one.p).toBeLessThanOrEqual(1 + 1e-7);
    }),
    { numRuns: 100 },
  );
});

test('a binomial count has the mean and the variance that it must have', () => {
  for (const [tries, chance] of [
    [20, 0.1],
    [40, 0.9],
    [10_000, 0.3],
  ] as const) {
    const numbers = new SeededNumbers(7);
    const drawn = Array.from({ length: 4_000 }, () => numbers.binomial(tries, chance));
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
    const expected = tries * chance * (1 - chance);
    expect(Math.abs(mean - tries * chance)).toBeLessThan(5 * Math.sqrt(expected / drawn.length));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.12);
    expect(drawn.every((value) => value >= 0 && value <= tries)).toBe(true);
  }
});

test('the interval of a difference of accuracy is the one that theory gives', () => {
  // Of 1,000 examples 60 became right and 30 wrong: 0.03 with a standard error of
  // sqrt(0.09 - 0.03²) / sqrt(1000) = 0.00944, so 0.03 ± 1.96 × 0.00944.
  const [right, wrong] = [60, 30];
  const interval = finished(
    pairedBootstrap([910, right, wrong], (weights) => {
      const total = Number(weights[0]) + Number(weights[1]) + Number(weights[2]);
      return (Number(weights[1]) - Number(weights[2])) / total;
    }),
  );
  expect(interval?.difference).toBeCloseTo(0.03, 12);
  expect(Math.abs((interval?.low ?? 0) - 0.0115)).toBeLessThan(0.0025);
  expect(Math.abs((interval?.high ?? 0) - 0.0485)).toBeLessThan(0.0025);
});

test('with many examples the work stops in between', () => {
  const counts = new Array<number>(20_000).fill(1);
  const steps = pairedBootstrap(counts, (weights) => (weights[0] ?? 0) - (weights[1] ?? 0));
  let stops = 0;
  while (steps.next().done !== true) stops++;
  expect(stops).toBe(8);
});

test('an interval holds its own kind of difference, and is the same each time', () => {
  const label = fc.constantFrom('a', 'b', 'c');
  const rows = fc.array(fc.tuple(label, label, label), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(rows, (all) => {
      const [truth, from, to] = [0, 1, 2].map((place) => all.map((row) => row[place] ?? ''));
      const compare = () =>
        finished(
          comparePredictions(
            examples(truth ?? [], from ?? []),
            examples(truth ?? [], to ?? []),
            null,
          ),
        );
      const found = compare();
      if ('why' in found) throw new Error(found.why);
      expect(compare()).toEqual(found);
      const { interval, flips, flipped } = found;
      expect(interval?.low).toBeLessThanOrEqual(interval?.high ?? Number.NaN);
      expect(interval?.difference).toBeCloseTo((flips.right - flips.wrong) / all.length, 9);
      expect(flipped).toHaveLength(flips.right + flips.wrong);
    }),
    { numRuns: 3 },
  );
});

test('examples are paired by name, else by order where their truth is the same', () => {
  const named = { idColumn: 'id', rows: [0, 1, 2] };
  const one = examples(['a', 'b', 'c'], ['a', 'b', 'b'], { ...named, ids: ['x', 'y', 'z'] });
  const other = examples(['c', 'a'], ['c', 'b'], { ...named, ids: ['z', 'x'], rows: [0, 1] });
  expect(pairExamples(one, other)).toMatchObject({
    ...{ truth: ['c', 'a'], from: ['b', 'a'], to: ['c', 'b'], ids: ['z', 'x'], unpaired: 1 },
  });
  const why = (a: PredictedExamples, b: PredictedExamples) => {
    const found = pairExamples(a, b);
    return 'why' in found ? found.why : null;
  };
  expect(why(examples(['a'], ['a']), examples(['a', 'b'], ['a', 'b']))).toMatch(/1 and of 2/);
  expect(why(examples(['a'], ['a']), examples(['b'], ['a']))).toMatch(/other examples/);
  expect(why(examples(['a'], ['a']), examples(['1.5'], ['1'], { kind: 'numbers' }))).toMatch(
    /classes/,
  );
});

test('what chance can do is said in words', () => {
  const truth = Array.from({ length: 200 }, (_, index) => String(index % 2));
  const wrong = (every: number) => truth.map((was, at) => (at % every === 0 ? 'x' : was));
  const sentence = (from: readonly string[], to: readonly string[]) => {
    const found = finished(comparePredictions(examples(truth, from), examples(truth, to), null));
    return 'why' in found ? found.why : chanceSentence(found);
  };
  expect(sentence(wrong(4), wrong(40))).toMatch(
    /^on the same 200 examples accuracy is 0\.22\d? higher \(95 % interval 0\.\d+ to 0\.\d+\), 45 became right and 0 wrong \(McNemar p < 0\.001\): more than chance$/,
  );
  expect(sentence(wrong(40), wrong(50))).toMatch(/: this can be chance$/);
  expect(sentence(truth, truth)).toBe(
    'on the same 200 examples accuracy is the same (95 % interval 0 to 0), none became right or wrong: this can be chance',
  );
  expect(chanceOf({ difference: 1, low: 0.5, high: 2, resamples: 9 }, mcNemar(3, 4))).toBe(
    'unsure',
  );
});

test('the primary metric is judged where predictions tell it, numbers by their errors', () => {
  const truth = Array.from({ length: 12 }, (_, index) => String(index / 3));
  const off = (by: number) => truth.map((value, at) => String(Number(value) + (at % 2 ? by : -by)));
  const numbers = { kind: 'numbers' as const, metrics: ['mae', 'rmse', 'r2'] };
  const found = finished(
    comparePredictions(examples(truth, off(1), numbers), examples(truth, off(0.5), numbers), {
      metric: 'val_mae',
      better: 'lower',
    }),
  );
  if ('why' in found) throw new Error(found.why);
  expect(found).toMatchObject({ metric: 'mae', better: 'lower', test: null, chance: 'more' });
  expect(found.interval?.difference).toBeCloseTo(-0.5, 9);
  const classes = finished(
    comparePredictions(examples(['a', 'b'], ['a', 'a']), examples(['a', 'b'], ['a', 'b']), {
      metric: 'f1_macro',
      better: 'higher',
    }),
  );
  expect(classes).toMatchObject({ metric: 'f1_macro' });
});
