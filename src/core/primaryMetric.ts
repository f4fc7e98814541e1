import { metricDirection, metricWords } from './metricDirection';
import { fromJsonNumber, type PrimaryMetric, type VersionRecord } from './version';

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

type Ranked = Pick<
  VersionRecord,
  'kind' | 'number' | 'revision' | 'metrics' | 'metricOrigins' | 'withdrawn'
>;

/**
 * The value by which a version is ranked: finite, and measured on the weights that the version
 * holds. `null` for backups, withdrawn versions, stale and missing metrics, NaN and infinities.
 */
export function rankedValue(record: Ranked, metric: string): number | null {
  if (record.kind !== 'version' || record.withdrawn !== undefined) return null;
  if (!Object.hasOwn(record.metrics, metric)) return null;
  if (record.metricOrigins?.[metric]?.stale === true) return null;
  const value = record.metrics[metric];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The version with the best value, the earliest of equals; `null` where none can be ranked. */
export function best<R extends Ranked>(records: Iterable<R>, primary: PrimaryMetric): R | null {
  let found: { record: R; value: number } | null = null;
  for (const record of byNumber(records)) {
    const value = rankedValue(record, primary.metric);
    if (value === null) continue;
    if (found === null || gain(found.value, value, primary) > 0) found = { record, value };
  }
  return found?.record ?? null;
}

/** Why a version is no good one: its metrics are not finite, or the primary one fell too far. */
export type Shortfall<R> =
  | { readonly kind: 'not-finite'; readonly metric: string; readonly value: string }
  | {
      readonly kind: 'dropped';
      readonly metric: string;
      readonly value: number;
      /** The best before it, and by how much this one is worse (positive, absolute). */
      readonly best: number;
      readonly drop: number;
      readonly since: R;
    };

/**
 * What a version falls short of: every metric must be finite, and the primary one at most
 * `maxDrop` (absolute, inclusive; `null` allows any) worse than the best of the earlier versions.
 */
export function shortfall<R extends Ranked>(
  record: Pick<Ranked, 'metrics' | 'metricOrigins'>,
  earlier: Iterable<R>,
  primary: PrimaryMetric | null,
  maxDrop: number | null,
): Shortfall<R> | null {
  const sick = Object.entries(record.metrics).find(
    ([, value]) => !Number.isFinite(fromJsonNumber(value)),
  );
  if (sick !== undefined) return { kind: 'not-finite', metric: sick[0], value: String(sick[1]) };
  if (primary === null || maxDrop === null) return null;
  const { metric } = primary;
  const value = Object.hasOwn(record.metrics, metric) ? record.metrics[metric] : undefined;
  const since = best(earlier, primary);
  if (typeof value !== 'number' || since === null) return null;
  if (record.metricOrigins?.[metric]?.stale === true) return null;
  const top = rankedValue(since, metric) ?? value;
  const drop = gain(value, top, primary);
  // 0.8 - 0.7 is a hair over 0.1: what is exactly allowed must pass.
  const rounding = 1e-12 * Math.max(Math.abs(value), Math.abs(top));
  return drop > maxDrop + rounding
    ? { kind: 'dropped', metric, value, best: top, drop, since }
    : null;
}

/**
 * The newest good version (`@last-good`): not a backup, not withdrawn, all its metrics finite, the
 * primary one there (where the model has one), not stale, and within `maxDrop` of the best before.
 */
export function lastGood<R extends Ranked>(
  records: Iterable<R>,
  primary: PrimaryMetric | null,
  maxDrop: number | null,
): R | null {
  let good: R | null = null;
  let top: R | null = null;
  for (const record of byNumber(records)) {
    const value = primary === null ? null : rankedValue(record, primary.metric);
    const judged = primary === null ? Object.keys(record.metrics).length > 0 : value !== null;
    const before: R[] = top === null ? [] : [top];
    if (judged && shortfall(record, before, primary, maxDrop) === null) good = record;
    if (primary !== null && value !== null) top = best([...before, record], primary);
  }
  return good;
}

/** By how much `to` is better than `from`. */
function gain(from: number, to: number, primary: PrimaryMetric): number {
  return primary.better === 'higher' ? to - from : from - to;
}

function byNumber<R extends Ranked>(records: Iterable<R>): R[] {
  return [...records]
    .filter((record) => record.kind === 'version' && record.withdrawn === undefined)
    .sort((a, b) => a.number - b.number || a.revision - b.revision);
}
