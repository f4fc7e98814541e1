import { requireEqualLengths } from './confusion';

/**
 * Metrics of true against predicted numbers, as scikit-learn has them. All are NaN without
 * examples or where a value is NaN. @throws RangeError where the lists differ in length
 */
export interface RegressionScores {
  /** Mean absolute error. */
  readonly mae: number;
  /** Root of the mean squared error. */
  readonly rmse: number;
  /**
   * Coefficient of determination, at most 1. Where the truth is constant: 1 when it was predicted
   * exactly, else 0 (scikit-learn's `force_finite`). NaN with fewer than two examples.
   */
  readonly r2: number;
}

export function regressionScores(
  truth: readonly number[],
  predicted: readonly number[],
): RegressionScores {
  requireEqualLengths(truth, predicted);
  const count = truth.length;
  const mean = meanOf(truth);
  let [absolute, squared, spread] = [0, 0, 0];
  for (const [index, value] of truth.entries()) {
    const error = value - (predicted[index] ?? Number.NaN);
    absolute += Math.abs(error);
    squared += error * error;
    spread += (value - mean) * (value - mean);
  }
  return {
    mae: absolute / count,
    rmse: Math.sqrt(squared / count),
    r2: count < 2 ? Number.NaN : determination(squared, spread),
  };
}

function determination(squared: number, spread: number): number {
  if (spread !== 0) return 1 - squared / spread;
  if (Number.isNaN(squared)) return Number.NaN;
  return squared === 0 ? 1 : 0;
}

/** The mean, moved from value to value, so that large offsets do not overflow the sum. */
function meanOf(values: readonly number[]): number {
  let mean = 0;
  for (const [index, value] of values.entries()) mean += (value - mean) / (index + 1);
  return mean;
}
