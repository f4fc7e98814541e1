import { metricDirection, metricWords } from './metricDirection';
import {
  type Direction,
  fromJsonNumber,
  type JsonNumber,
  type PrimaryMetric,
  type VersionRecord,
} from './version';

/** The order in which a model's primary metric is looked for; the words of one kind are equals. */
const kinds: readonly (readonly string[])[] = [
  ['accuracy', 'acc'],
  ['f1', 'fscore'],
  ['auc', 'auroc', 'rocauc', 'auprc', 'prauc', 'aucpr'],
  ['map', 'ap', 'average precision'],
  ['iou', 'miou', 'jaccard'],
  ['bleu', 'sacrebleu'],
  ['r2', 'rsquared', 'r squared'],
  ['loss', 'logloss', 'nll', 'crossentropy', 'cross entropy'],
  ['perplexity', 'ppl'],
  ['rmse', 'mse', 'squared error'],
  ['mae', 'absolute error'],
  ['wer', 'cer', 'word error'],
  ['fid'],
];

/** Measured on held-out data, in the order of preference between equals. */
const heldOut = ['val', 'valid', 'validation', 'dev', 'eval', 'evaluation', 'test'];
const training = ['train', 'training'];

/**
 * The metric that a model is judged by where none is declared: one on held-out data before one
 * without a mark before one on training data; then accuracy, F1, AUC, mAP, IoU, BLEU, R², loss,
 * perplexity, RMSE, MAE, WER, FID; then the shorter name. Where none of these is there, the only
 * metric of a known direction. `null` when nothing can be ranked.
 */
export function choosePrimaryMetric(names: Iterable<string>): PrimaryMetric | null {
  const known = [...names].flatMap((metric) => {
    const better = metricDirection(metric);
    return better === null ? [] : [{ metric, better, rank: rankOf(metric) }];
  });
  const listed = known.filter(({ rank }) => rank[1] < kinds.length);
  const candidates = listed.length > 0 || known.length > 1 ? listed : known;
  candidates.sort((a, b) => compareRanks(a.rank, b.rank) || (a.metric < b.metric ? -1 : 1));
  const first = candidates[0];
  return first === undefined ? null : { metric: first.metric, better: first.better };
}

type Rank = readonly [scope: number, kind: number, set: number, length: number];

function rankOf(name: string): Rank {
  const words = metricWords(name);
  const set = heldOut.findIndex((word) => words.includes(word));
  const unmarked = words.some((word) => training.includes(word)) ? 2 : 1;
  const kind = kinds.findIndex((those) => words.some((word) => those.includes(word)));
  return [set >= 0 ? 0 : unmarked, kind < 0 ? kinds.length : kind, Math.max(set, 0), words.length];
}

function compareRanks(a: Rank, b: Rank): number {
  const place = a.findIndex((value, index) => value !== b[index]);
  return place < 0 ? 0 : (a[place] ?? 0) - (b[place] ?? 0);
}

/** What ranking reads of a record. */
type Measured = Pick<
  VersionRecord,
  'kind' | 'number' | 'revision' | 'metrics' | 'metricOrigins' | 'withdrawn'
>;

/** How one version stands where the versions of a model are ranked. */
export interface Standing {
  readonly number: number;
  readonly revision: number;
  /** The primary metric, as `rankedValue` has it. */
  readonly value: number | null;
  /** Whether it has any metric at all. */
  readonly measured: boolean;
  /** Whether every metric is a finite number. */
  readonly finite: boolean;
}

/**
 * The value by which a version is ranked: finite, and measured on the weights that the version
 * holds. `null` for backups, withdrawn versions, stale and missing metrics, NaN and infinities.
 */
export function rankedValue(record: Measured, metric: string): number | null {
  if (record.kind !== 'version' || record.withdrawn !== undefined) return null;
  if (!Object.hasOwn(record.metrics, metric)) return null;
  if (record.metricOrigins?.[metric]?.stale === true) return null;
  const value = record.metrics[metric];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The standings of the living versions among the records, by number. */
export function standingsOf(records: Iterable<Measured>, metric: string | null): Standing[] {
  return [...records]
    .filter(({ kind, withdrawn }) => kind === 'version' && withdrawn === undefined)
    .map((record) => ({
      number: record.number,
      revision: record.revision,
      value: metric === null ? null : rankedValue(record, metric),
      measured: Object.keys(record.metrics).length > 0,
      finite: notFinite(record) === null,
    }))
    .sort((a, b) => a.number - b.number || a.revision - b.revision);
}

function notFinite({ metrics }: Pick<Measured, 'metrics'>): [string, JsonNumber] | null {
  const sick = Object.entries(metrics).find(([, value]) => !Number.isFinite(fromJsonNumber(value)));
  return sick ?? null;
}

/**
 * The version with the best value, the earliest of equals; `null` where none can be ranked.
 * @param standings by number
 */
export function best(standings: Iterable<Standing>, { better }: PrimaryMetric): Standing | null {
  let found: Standing | null = null;
  for (const standing of standings) {
    if (standing.value === null) continue;
    const before = found?.value ?? null;
    if (before === null || gain(before, standing.value, better) > 0) found = standing;
  }
  return found;
}

/** Why a version is no good one: its metrics are not finite, or the primary one fell too far. */
export type Shortfall =
  | { readonly kind: 'not-finite'; readonly metric: string; readonly value: string }
  | {
      readonly kind: 'dropped';
      readonly metric: string;
      readonly value: number;
      /** The best before it, and by how much this one is worse (positive, absolute). */
      readonly best: number;
      readonly drop: number;
      readonly since: Standing;
    };

/**
 * What a version falls short of: every metric must be finite, and the primary one at most
 * `maxDrop` (absolute, inclusive; `null` allows any) worse than the best of the earlier versions.
 */
export function shortfall(
  record: Pick<Measured, 'metrics' | 'metricOrigins'>,
  earlier: Iterable<Standing>,
  primary: PrimaryMetric | null,
  maxDrop: number | null,
): Shortfall | null {
  const sick = notFinite(record);
  if (sick !== null) return { kind: 'not-finite', metric: sick[0], value: String(sick[1]) };
  if (primary === null || maxDrop === null) return null;
  const { metric, better } = primary;
  const value = Object.hasOwn(record.metrics, metric) ? record.metrics[metric] : undefined;
  const since = best(earlier, primary);
  if (typeof value !== 'number' || since?.value === null || since === null) return null;
  if (record.metricOrigins?.[metric]?.stale === true) return null;
  const drop = gain(value, since.value, better);
  return isTooMuch(drop, value, since.value, maxDrop)
    ? { kind: 'dropped', metric, value, best: since.value, drop, since }
    : null;
}

/** 0.8 - 0.7 is a hair over 0.1: what is exactly allowed must pass. */
function isTooMuch(drop: number, value: number, top: number, maxDrop: number): boolean {
  const rounding = 1e-12 * Math.max(Math.abs(value), Math.abs(top));
  return drop > maxDrop + rounding;
}

/**
 * The newest good version (`@last-good`): all its metrics finite, the primary one there (where the
 * model has one), not stale, and within `maxDrop` of the best before.
 * @param standings by number
 */
export function lastGood(
  standings: Iterable<Standing>,
  primary: PrimaryMetric | null,
  maxDrop: number | null,
): Standing | null {
  let good: Standing | null = null;
  let top: number | null = null;
  for (const standing of standings) {
    const { value, measured, finite } = standing;
    const judged = primary === null ? measured : value !== null;
    const fell =
      primary !== null && maxDrop !== null && value !== null && top !== null
        ? isTooMuch(gain(value, top, primary.better), value, top, maxDrop)
        : false;
    if (judged && finite && !fell) good = standing;
    if (primary === null || value === null) continue;
    if (top === null || gain(top, value, primary.better) > 0) top = value;
  }
  return good;
}

/** By how much `to` is better than `from`. */
function gain(from: number, to: number, better: Direction): number {
  return better === 'higher' ? to - from : from - to;
}
