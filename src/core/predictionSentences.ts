import { figure } from './figures';
import { counted } from './labels';
import type { PredictionComparison } from './predictionComparison';
import { type Chance, confidence, type DifferenceInterval, type McNemar } from './significance';

const verdicts: Readonly<Record<Chance, string>> = {
  more: 'more than chance',
  chance: 'this can be chance',
  unsure: 'the two tests disagree, so nothing is certain',
};

/**
 * Whether a difference on the same examples is more than chance, in words:
 * `on the same 360 examples accuracy is 0.011 higher (95 % interval 0.003 to 0.019), 9 became right
 * and 5 wrong (McNemar p = 0.42): this can be chance`.
 */
export function chanceSentence(comparison: PredictionComparison): string {
  const { examples, metric, interval, test, chance } = comparison;
  const parts = [
    `on the same ${counted(examples, 'example')} ${differenceWords(metric, interval)}`,
    ...(test === null ? [] : [flipWords(test)]),
  ];
  return `${parts.join(', ')}: ${verdicts[chance]}`;
}

function differenceWords(metric: string, interval: DifferenceInterval | null): string {
  if (interval === null) return `${metric} cannot be compared`;
  const { difference, low, high } = interval;
  const range = `(${Math.round(100 * confidence)} % interval ${signed(low)} to ${signed(high)})`;
  if (difference === 0) return `${metric} is the same ${range}`;
  const how = difference > 0 ? 'higher' : 'lower';
  return `${metric} is ${short(Math.abs(difference))} ${how} ${range}`;
}

function flipWords({ onlyFirst, onlySecond, p }: McNemar): string {
  if (onlyFirst + onlySecond === 0) return 'none became right or wrong';
  return `${onlySecond} became right and ${onlyFirst} wrong (McNemar p ${probability(p)})`;
}

function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${figure(Number(p.toPrecision(2)))}`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : ''}${short(Math.abs(value))}`;
}

function short(value: number): string {
  return figure(Number(value.toPrecision(2)));
}
