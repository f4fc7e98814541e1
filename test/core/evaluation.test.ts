import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { perClass, precisionRecallF1 } from '../../src/core/classification';
import {
  binaryMatrix,
  confusionMatrix,
  maximumMatrixClasses,
  sortLabels,
  tallyOf,
  tallyOfMatrix,
} from '../../src/core/confusion';
import {
  evaluateClasses,
  evaluateMatrix,
  evaluateNumbers,
  positiveClass,
} from '../../src/core/evaluation';
import { regressionScores } from '../../src/core/regression';
import { areProbabilities, logLoss, rocAuc } from '../../src/core/scoring';
// What scikit-learn computed from the same predictions (its version stands in the file).
import truth from './evaluation.golden.json';

const texts = (values: readonly (number | string)[]) => values.map(String);

/** Every expected metric is there with its value, and no other one is. */
function expectMetrics(found: Readonly<Record<string, number>>, expected: Record<string, number>) {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    expect(found[name], name).toBeCloseTo(value, 12);
  }
}

describe('classification against scikit-learn', () => {
  it('has the hand-checked case: TP 650, TN 250, FP 50, FN 50', () => {
    const { metrics, kind, positive } = evaluateMatrix(
      binaryMatrix({ tp: 650, tn: 250, fp: 50, fn: 50 }),
    );
    expect([kind, positive]).toEqual(['binary', '1']);
    expect(metrics.accuracy).toBe(0.9);
    expect(metrics.precision).toBeCloseTo(0.9286, 4);
    expect(metrics.recall).toBeCloseTo(0.9286, 4);
    expect(metrics.f1).toBeCloseTo(0.9286, 4);
  });

  it('agrees on two classes with tied scores', () => {
    const { binary } = truth;
    const evaluation = evaluateClasses({
      truth: texts(binary.truth),
      predicted: texts(binary.predicted),
      scores: [{ label: null, values: binary.scores }],
      positive: null,
    });
    expectMetrics(evaluation.metrics, binary.metrics);
    expect(evaluation.zeroDivisions).toEqual([]);
  });

  it('takes the class that is chosen as the positive one', () => {
    const { binary } = truth;
    const tally = tallyOf(texts(binary.truth), texts(binary.predicted));
    const { zeroDivision, ...scores } = precisionRecallF1(tally, { kind: 'binary', positive: '0' });
    expectMetrics(scores, binary.negative);
    expect(zeroDivision).toBe(false);
  });

  it('agrees on four classes with probabilities', () => {
    const { multi } = truth;
    const evaluation = evaluateClasses({
      truth: texts(multi.truth),
      predicted: texts(multi.predicted),
      scores: [0, 1, 2, 3].map((k) => ({
        label: String(k),
        values: multi.scores.map((row) => row[k] ?? Number.NaN),
      })),
      positive: null,
    });
    expectMetrics(evaluation.metrics, multi.metrics);
    expect(evaluation.confusion).toEqual({
      labels: ['0', '1', '2', '3'],
      counts: multi.confusion,
    });
    for (const [index, expected] of multi.perClass.entries()) {
      expect(evaluation.classes[index]).toMatchObject({
        precision: expect.closeTo(expected.precision, 12),
        recall: expect.closeTo(expected.recall, 12),
        f1: expect.closeTo(expected.f1, 12),
      });
    }
  });

  it('counts a division by zero as 0 and marks it', () => {
    const { zero, onlyOne } = truth;
    const evaluation = evaluateClasses({ ...zero, scores: [], positive: null });
    expectMetrics(evaluation.metrics, zero.metrics);
    expect(evaluation.zeroDivisions).toContain('f1_macro');
    expect(evaluation.zeroDivisions).not.toContain('f1_micro');

    const none = tallyOf(['0', '0', '0'], ['0', '0', '0']);
    expect(precisionRecallF1(none, { kind: 'binary', positive: '1' })).toEqual({
      precision: onlyOne.precision,
      recall: onlyOne.recall,
      f1: onlyOne.f1,
      zeroDivision: true,
    });
    expect(evaluateMatrix({ labels: ['1'], counts: [[3]] }).metrics.mcc).toBe(onlyOne.mcc);
  });

  it('gives no metric without an example', () => {
    const empty = { truth: [], predicted: [], scores: [], positive: null };
    expect(evaluateClasses(empty).metrics).toEqual({});
    expect(evaluateNumbers([], []).metrics).toEqual({});
  });

  it('leaves out an area that has no value', () => {
    const scores = [{ label: null, values: [0.5, 0.7] }];
    const { metrics } = evaluateClasses({
      truth: ['1', '1'],
      predicted: ['1', '1'],
      scores,
      positive: '1',
    });
    expect(metrics).not.toHaveProperty('roc_auc');
    expect(metrics.log_loss).toBeCloseTo(-(Math.log(0.5) + Math.log(0.7)) / 2, 12);
  });

  it('gives no log loss for scores that are no probabilities', () => {
    const { metrics } = evaluateClasses({
      truth: ['0', '1'],
      predicted: ['0', '1'],
      scores: [{ label: '1', values: [-3, 2] }],
      positive: null,
    });
    expect(metrics.roc_auc).toBe(1);
    expect(metrics).not.toHaveProperty('log_loss');
  });
});

describe('positive class', () => {
  it.each([
    [['0', '1'], null, '1'],
    [['-1', '1'], null, '1'],
    [['False', 'True'], null, 'True'],
    [['NO', 'YES'], null, 'YES'],
    [['1'], null, '1'],
    [['cat', 'dog'], null, null],
    [['cat', 'dog'], 'cat', 'cat'],
    [['cat', 'dog'], 'cow', null],
    [['0', '1', '2'], '1', null],
    [['0'], null, null],
    [[], null, null],
  ] as const)('of %j, declared %j, is %j', (labels, declared, expected) => {
    expect(positiveClass(labels, declared)).toBe(expected);
  });
});

describe('scores', () => {
  it('clips probabilities as scikit-learn does', () => {
    const { truth: labels, scores, log_loss } = truth.clipped;
    const columns = [scores.map((score) => 1 - score), scores];
    expect(logLoss(texts(labels), ['0', '1'], columns)).toBeCloseTo(log_loss, 10);
  });

  it('gives ties half a point', () => {
    expect(rocAuc([true, false], [0.3, 0.3])).toBe(0.5);
    expect(rocAuc([true, false, false, true], [0.9, 0.9, 0.1, 0.1])).toBe(0.5);
    expect(rocAuc([true, true], [0.1, 0.2])).toBeNaN();
    expect(rocAuc([true, false], [Number.NaN, 0.2])).toBeNaN();
    expect(rocAuc([true, false, true], [Infinity, -Infinity, Infinity])).toBe(1);
  });

  it('counts the pairs that are in order', () => {
    const examples = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 8 })), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(examples, (pairs) => {
        const won = pairs
          .filter(([positive]) => positive)
          .flatMap(([, high]) =>
            pairs
              .filter(([positive]) => !positive)
              .map(([, low]) => (high > low ? 1 : high === low ? 0.5 : 0)),
          );
        fc.pre(won.length > 0);
        const expected = won.reduce<number>((total, point) => total + point, 0) / won.length;
        const area = rocAuc(
          pairs.map(([positive]) => positive),
          pairs.map(([, score]) => score),
        );
        expect(area).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('knows a distribution', () => {
    expect(
      areProbabilities([
        [0.2, 0.5],
        [0.8, 0.5],
      ]),
    ).toBe(true);
    expect(areProbabilities([[0.2], [0.9]])).toBe(false);
    expect(areProbabilities([[-0.1], [1.1]])).toBe(false);
    expect(areProbabilities([])).toBe(false);
  });
});

describe('regression', () => {
  it('agrees with scikit-learn', () => {
    const { regression } = truth;
    expectMetrics(
      evaluateNumbers(regression.truth, regression.predicted).metrics,
      regression.metrics,
    );
  });

  it('has a rule for a constant truth', () => {
    expect(regressionScores([2, 2, 2], [2, 2, 2]).r2).toBe(truth.constant[0]);
    expect(regressionScores([2, 2, 2], [2, 2, 3]).r2).toBe(truth.constant[1]);
    expect(regressionScores([0.1, 0.1, 0.1], [0.1, 0.1, 0.2]).r2).toBe(0);
  });

  it('lets NaN through, so that it is seen', () => {
    expect(evaluateNumbers([1, 2], [1, Number.NaN]).metrics).toEqual({
      mae: Number.NaN,
      rmse: Number.NaN,
      r2: Number.NaN,
    });
    expect(evaluateNumbers([1], [2]).metrics).toEqual({ mae: 1, rmse: 1 });
  });
});

describe('confusion matrix', () => {
  it('sorts numbers by value and before text', () => {
    expect(sortLabels(['b', '10', '9', 'a', '-1', '9'])).toEqual(['-1', '9', '10', 'a', 'b']);
  });

  it('refuses what is no matrix of counts', () => {
    expect(() => tallyOfMatrix({ labels: ['a', 'b'], counts: [[1, 2]] })).toThrow(RangeError);
    expect(() => tallyOfMatrix({ labels: ['a'], counts: [[-1]] })).toThrow(RangeError);
    expect(() => tallyOfMatrix({ labels: ['a'], counts: [[0.5]] })).toThrow(RangeError);
    expect(() => tallyOf(['a'], [])).toThrow(RangeError);
  });

  it('draws no matrix of very many classes, but still evaluates them', () => {
    const names = Array.from({ length: maximumMatrixClasses + 1 }, (_, index) => `class ${index}`);
    expect(() => confusionMatrix(names, names)).toThrow(RangeError);
    const evaluation = evaluateClasses({
      truth: names,
      predicted: names,
      scores: [],
      positive: null,
    });
    expect(evaluation.confusion).toBeNull();
    expect(evaluation.metrics.f1_macro).toBe(1);
  });

  it('says the same as the predictions that it was made of', () => {
    const label = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(fc.tuple(label, label), { minLength: 1 }), (pairs) => {
        const was = pairs.map(([a]) => a);
        const said = pairs.map(([, b]) => b);
        expect(tallyOfMatrix(confusionMatrix(was, said))).toEqual(tallyOf(was, said));
        const scores = { truth: was, predicted: said, scores: [], positive: null };
        const { metrics } = evaluateClasses(scores);
        expect(evaluateMatrix(confusionMatrix(was, said)).metrics).toEqual(metrics);
        for (const [name, value] of Object.entries(metrics)) {
          expect(value, name).toBeLessThanOrEqual(1 + 1e-12);
          expect(value, name).toBeGreaterThanOrEqual(name === 'mcc' ? -1 - 1e-12 : 0);
        }
        if ('f1_micro' in metrics) expect(metrics.f1_micro).toBeCloseTo(metrics.accuracy ?? 2, 12);
        expect(perClass(tallyOf(was, said)).reduce((n, { support }) => n + support, 0)).toBe(
          pairs.length,
        );
      }),
    );
  });
});
