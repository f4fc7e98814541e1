import { requireEqualLengths, sum } from './confusion';

/**
 * The area under the ROC curve of a two-class problem: the chance that a positive example scores
 * higher than a negative one, ties counting half. NaN where one of the two is missing or a score
 * is NaN. By midranks, O(n log n): Hanley and McNeil (1982), "The meaning and use of the area
 * under a receiver operating characteristic (ROC) curve"; Mann and Whitney (1947).
 * @throws RangeError where the lists differ in length
 */
export function rocAuc(positive: readonly boolean[], scores: readonly number[]): number {
  requireEqualLengths(positive, scores);
  if (scores.some((score) => Number.isNaN(score))) return Number.NaN;
  const order = Uint32Array.from(scores.keys()).sort(
    (a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || 0,
  );
  let [rankSum, positives] = [0, 0];
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] ?? 0];
    let end = start;
    let here = 0;
    while (end < order.length && scores[order[end] ?? 0] === score) {
      if (positive[order[end] ?? 0] === true) here++;
      end++;
    }
    // Ranks are 1-based: those of start … end - 1 have the mean (start + 1 + end) / 2.
    rankSum += here * ((start + 1 + end) / 2);
    positives += here;
    start = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return Number.NaN;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * The mean over the classes of each class's area against the rest (one-vs-rest, macro), the
 * multi-class form of scikit-learn's `roc_auc_score(multi_class="ovr")`. `columns[k][i]` is the
 * score of `labels[k]` for example `i`. NaN where a class has no example, or all of them.
 * @throws RangeError where lengths differ
 */
export function rocAucOneVersusRest(
  truth: readonly string[],
  labels: readonly string[],
  columns: readonly (readonly number[])[],
): number {
  requireEqualLengths(labels, columns);
  const areas = labels.map((label, index) =>
    rocAuc(
      truth.map((was) => was === label),
      columns[index] ?? [],
    ),
  );
  return sum(areas) / areas.length;
}

/** Probabilities are kept this far from 0 and 1 (the spacing of doubles at 1, as scikit-learn). */
const probabilityMargin = Number.EPSILON;

/**
 * The mean negative logarithm (base e) of the probability given to the true class. Probabilities
 * are clipped to `probabilityMargin` … 1 - `probabilityMargin` and not rescaled, as in
 * scikit-learn. `columns[k][i]` is the probability of `labels[k]` for example `i`. NaN without
 * examples, with a NaN among those used, or where a true label has no column.
 * @throws RangeError where lengths differ
 */
export function logLoss(
  truth: readonly string[],
  labels: readonly string[],
  columns: readonly (readonly number[])[],
): number {
  requireEqualLengths(labels, columns);
  for (const column of columns) requireEqualLengths(truth, column);
  const place = new Map(labels.map((label, index) => [label, index]));
  let total = 0;
  for (const [index, label] of truth.entries()) {
    const probability = columns[place.get(label) ?? -1]?.[index] ?? Number.NaN;
    total -= Math.log(Math.min(Math.max(probability, probabilityMargin), 1 - probabilityMargin));
  }
  return total / truth.length;
}

/** Whether every row is a distribution: all in 0 … 1, sums within 0.001 of 1 (files round). */
export function areProbabilities(columns: readonly (readonly number[])[]): boolean {
  const rows = columns[0]?.length ?? 0;
  for (let row = 0; row < rows; row++) {
    let total = 0;
    for (const column of columns) {
      const value = column[row] ?? Number.NaN;
      if (!(value >= 0 && value <= 1)) return false;
      total += value;
    }
    if (Math.abs(total - 1) > 1e-3) return false;
  }
  return rows > 0;
}
