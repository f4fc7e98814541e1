import { SeededNumbers } from './seededNumbers';
import type { Steps } from './steps';

/** What is between them holds the true difference with about this probability. */
export const confidence = 0.95;
/** A difference that chance alone makes at most this often is said to be more than chance. */
const rare = 1 - confidence;

/** Up to so many examples of which only one side was right, McNemar's test is computed exactly. */
const mostExact = 1_000;

export interface McNemar {
  /** Examples that only the first was right about, and only the second. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided: how often chance alone would make them at least so different. */
  readonly p: number;
  readonly method: 'exact' | 'chi-squared';
}

/**
 * McNemar's test of two classifiers on the same examples: whether those that only one of them was
 * right about are divided as a fair coin would. Exact binomial (two-sided, doubled tail) up to
 * 1,000 of them, else χ² with one degree of freedom and Edwards' correction for continuity.
 * McNemar (1947), "Note on the sampling error of the difference between correlated proportions or
 * percentages"; Edwards (1948); for classifiers: Dietterich (1998), "Approximate statistical tests
 * for comparing supervised classification learning algorithms".
 */
export function mcNemar(onlyFirst: number, onlySecond: number): McNemar {
  const total = onlyFirst + onlySecond;
  const counts = { onlyFirst, onlySecond };
  if (total <= mostExact) {
    const p = Math.min(1, 2 * fairTail(Math.min(onlyFirst, onlySecond), total));
    return { ...counts, p, method: 'exact' };
  }
  const apart = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1);
  const p = complementaryError(Math.sqrt((apart * apart) / total / 2));
  return { ...counts, p, method: 'chi-squared' };
}

/** The probability of at most `most` heads in `tries` throws of a fair coin. */
function fairTail(most: number, tries: number): number {
  // In logarithms: 2⁻¹⁰⁰⁰ is near the least double.
  let [logTerm, sum] = [-tries * Math.LN2, 0];
  for (let heads = 0; heads <= most; heads++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((tries - heads) / (heads + 1));
  }
  return sum;
}

/**
 * erfc(x) for x ≥ 0, relative error under 1.2 × 10⁻⁷: Press et al., "Numerical Recipes in C"
 * (1992), section 6.2 (a Chebyshev fit).
 */
export function complementaryError(x: number): number {
  const t = 1 / (1 + x / 2);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
    1.48851587, -0.82215223, 0.17087277,
  ];
  const fit = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  return t * Math.exp(-x * x + fit);
}

/** A difference of a metric, second minus first, and where it would lie with other examples. */
export interface DifferenceInterval {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly resamples: number;
}

/** All resamples together look at about so many (kinds of) examples, beyond the least number. */
const mostWork = 4_000_000;
/** A step looks at about so many, for some tens of milliseconds. */
const workOfStep = 500_000;
const resampleBounds = { least: 200, most: 2_000 };
const seed = 20_240_229;

/**
 * The paired bootstrap: examples are drawn anew with replacement, the same ones for both sides,
 * and the metric's difference is computed on each such resample; between the 2.5th and the 97.5th
 * percentile of those lies the interval. Efron and Tibshirani (1993), "An Introduction to the
 * Bootstrap", chapter 13 (percentile intervals); paired for classifiers as in Koehn (2004),
 * "Statistical significance tests for machine translation evaluation".
 *
 * Examples that are alike are given as one with a count: drawing n examples is then drawing the
 * counts from a multinomial distribution, which costs as much as there are kinds of them.
 * @param differenceOf the metric of the second minus that of the first, where example i has weight
 * `weights[i]`; NaN where it has no value, which leaves that resample out
 * @returns `null` where no difference can be computed
 */
export function* pairedBootstrap(
  counts: readonly number[],
  differenceOf: (weights: ArrayLike<number>) => number,
): Steps<DifferenceInterval | null> {
  const difference = differenceOf(counts);
  const examples = counts.reduce((sum, count) => sum + count, 0);
  if (!Number.isFinite(difference) || examples === 0) return null;
  const affordable = Math.floor(mostWork / Math.max(1, counts.length));
  const resamples = Math.max(resampleBounds.least, Math.min(resampleBounds.most, affordable));
  const numbers = new SeededNumbers(seed);
  const found: number[] = [];
  let work = 0;
  for (let index = 0; index < resamples; index++) {
    const value = differenceOf(resampled(counts, examples, numbers));
    if (Number.isFinite(value)) found.push(value);
    work += counts.length;
    if (work < workOfStep) continue;
    work = 0;
    yield;
  }
  if (found.length === 0) return null;
  found.sort((a, b) => a - b);
  return {
    difference,
    low: percentile(found, rare / 2),
    high: percentile(found, 1 - rare / 2),
    resamples: found.length,
  };
}

/** Multinomial counts, by one binomial after another of what is left. */
function resampled(
  counts: readonly number[],
  examples: number,
  numbers: SeededNumbers,
): Uint32Array {
  const drawn = new Uint32Array(counts.length);
  if (counts.length === examples) {
    for (let draw = 0; draw < examples; draw++) {
      const one = numbers.below(examples);
      drawn[one] = (drawn[one] ?? 0) + 1;
    }
    return drawn;
  }
  let [left, remaining] = [examples, examples];
  for (const [index, count] of counts.entries()) {
    const here = numbers.binomial(left, count / remaining);
    drawn[index] = here;
    left -= here;
    remaining -= count;
  }
  return drawn;
}

/** Between the two nearest of sorted values, as numpy's `percentile` does by default. */
function percentile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [a = 0, b = a] = [sorted[below], sorted[below + 1]];
  return a + (b - a) * (place - below);
}

export type Chance = 'more' | 'chance' | 'unsure';

/**
 * Whether a difference is more than chance: `more` where the interval leaves out 0 and McNemar's
 * test (where there is one) is rare too, `chance` where both say that it could be, `unsure` where
 * they disagree.
 */
export function chanceOf(interval: DifferenceInterval | null, test: McNemar | null): Chance {
  const votes: boolean[] = [];
  if (interval !== null) votes.push(interval.low > 0 || interval.high < 0);
  if (test !== null) votes.push(test.p < rare);
  if (votes.length > 0 && votes.every((yes) => yes)) return 'more';
  return votes.some((yes) => yes) ? 'unsure' : 'chance';
}
