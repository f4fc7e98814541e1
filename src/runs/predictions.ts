import {
  type Evaluation,
  evaluateClasses,
  evaluateNumbers,
  type ScoreColumn,
} from '../core/evaluation';
import type { PredictedExamples } from '../core/pairedPredictions';
import { type JsonNumber, type MetricOrigin, toJsonNumber, type Warning } from '../core/version';
import type { Platform } from '../platform';
import { metricNumber } from './metricNumber';
import { readTable, type Table } from './table';
import { readTextFile, type TextFile, unreadable } from './textFile';

/** What a file of predictions amounts to. */
export interface PredictionReading {
  readonly metrics: Readonly<Record<string, JsonNumber>>;
  readonly origins: Readonly<Record<string, MetricOrigin>>;
  readonly evaluation: Evaluation;
  /** Rows that were counted. */
  readonly rows: number;
  /** The predictions themselves, as they were judged. */
  readonly examples: PredictedExamples;
  readonly warnings: readonly Warning[];
}

const predictionsFileLimit = 128 * 1024 * 1024;

const truthNames = ['y_true', 'true', 'truth', 'target', 'label', 'actual', 'ground_truth', 'y'];
const predictedNames = ['y_pred', 'pred', 'predicted', 'prediction', 'y_hat', 'yhat', 'output'];
const scorePattern =
  /^(?:y_)?(?:scores?|prob|proba|probability|probabilities|p|logit|logits)(?:[_\-.: [(]+(?:class[_-]?)?(.+?)[\])]?)?$/i;

/**
 * Reads a CSV `y_true,y_pred[,score…]` (other usual names of these columns too) and computes the
 * metrics of `core/evaluation`. A lone score column is the positive class's; several name their
 * classes (`score_3`, `prob_cat`).
 *
 * What is predicted is decided so: numbers are a **regression** when a true value is no whole
 * number, or when there are more than 20 different ones and more than a quarter of the rows have
 * one of their own; everything else is **classes**. Classes written as numbers are the same
 * whether written `3` or `3.0`. Where the truth is 0 or 1 and `y_pred` holds fractions between
 * them, those are scores, and 0.5 and above is predicted as 1.
 * @param positive the positive class of two, where it is declared
 * @throws Failure `no-such-file`; `unreadable` for missing columns, no rows, or a size over a limit
 */
export async function readPredictions(
  platform: Platform,
  root: string,
  path: string,
  positive: string | null = null,
): Promise<PredictionReading> {
  return predictionsIn(await readTextFile(platform, root, path, predictionsFileLimit), positive);
}

/** The same of a file's text that was read elsewhere. @throws Failure `unreadable` */
export function predictionsIn(file: TextFile, positive: string | null = null): PredictionReading {
  const { path } = file;
  const table = readTable(file);
  const truthColumn = columnOf(table, truthNames);
  const predictedColumn = columnOf(table, predictedNames);
  if (truthColumn < 0) unreadable(path, 1, 'it has no column y_true');
  if (predictedColumn < 0) unreadable(path, 1, 'it has no column y_pred');
  const { kept, warnings } = keptRows(table, path, truthColumn, predictedColumn);
  if (kept.length === 0) unreadable(path, null, 'it has no predictions');
  const pick = (column: number) => kept.map((row) => table.cells[column]?.[row] ?? '');
  const asked: Asked = {
    path,
    positive,
    truth: pick(truthColumn),
    predicted: pick(predictedColumn),
    scores: scoreColumns(table, pick, [truthColumn, predictedColumn]),
  };
  const { evaluation, warnings: own, predicted = asked.predicted } = evaluate(asked);
  const names = Object.keys(evaluation.metrics);
  return {
    metrics: Object.fromEntries(
      names.map((name) => [name, toJsonNumber(evaluation.metrics[name] ?? Number.NaN)]),
    ),
    origins: Object.fromEntries(names.map((name) => [name, { path }])),
    evaluation,
    rows: kept.length,
    examples: {
      path,
      kind: evaluation.kind === 'regression' ? 'numbers' : 'classes',
      truth: evaluation.kind === 'regression' ? asked.truth : asked.truth.map(classLabel),
      predicted,
      ...namesOf(table, kept),
      rows: kept,
      positive: evaluation.positive,
      metrics: names,
    },
    warnings: [...warnings, ...own],
  };
}

/** Columns that tell which example a row is of. */
const idNames = ['id', 'example_id', 'sample_id', 'example', 'sample', 'line', 'row', 'index'];
const fileNames = ['file', 'filename', 'file_name', 'path', 'image', 'image_id', 'name', 'key'];

function namesOf(table: Table, kept: readonly number[]) {
  const column = columnOf(table, [...idNames, ...fileNames]);
  const ids = kept.map((row) => table.cells[column]?.[row] ?? '');
  const distinct = column >= 0 && !ids.includes('') && new Set(ids).size === ids.length;
  if (!distinct) return { ids: null, idColumn: null };
  return { ids, idColumn: table.columns[column]?.toLowerCase() ?? null };
}

interface Asked {
  readonly path: string;
  readonly positive: string | null;
  readonly truth: readonly string[];
  readonly predicted: readonly string[];
  readonly scores: readonly ScoreColumn[];
}

interface Judged {
  readonly evaluation: Evaluation;
  /** What was predicted, where it was read otherwise than it is written. */
  readonly predicted?: readonly string[];
  readonly warnings: readonly Warning[];
}

function columnOf({ columns }: Table, names: readonly string[]): number {
  const lower = columns.map((column) => column.toLowerCase());
  const name = names.find((candidate) => lower.includes(candidate));
  return name === undefined ? -1 : lower.indexOf(name);
}

function keptRows(
  { cells, rows }: Table,
  path: string,
  truth: number,
  predicted: number,
): { kept: number[]; warnings: Warning[] } {
  const kept: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (cells[truth]?.[row] !== '' && cells[predicted]?.[row] !== '') kept.push(row);
  }
  const blank = rows - kept.length;
  const message = `${blank} of ${rows} rows of ${path} have no y_true or no y_pred and do not count`;
  return { kept, warnings: blank === 0 ? [] : [{ code: 'predictions-blank', path, message }] };
}

function scoreColumns(
  { columns }: Table,
  pick: (column: number) => string[],
  taken: readonly number[],
): ScoreColumn[] {
  return columns.flatMap((name, index) => {
    const match = taken.includes(index) ? null : scorePattern.exec(name);
    if (match === null) return [];
    const label = match[1] === undefined ? null : classLabel(match[1]);
    return [{ label, values: pick(index).map(numberOf) }];
  });
}

function evaluate(asked: Asked): Judged {
  const truth = asked.truth.map(numberOf);
  const predicted = asked.predicted.map(numberOf);
  const numeric = asked.truth.every(isNumber) && asked.predicted.every(isNumber);
  if (numeric && areMeasurements(truth)) {
    return { evaluation: evaluateNumbers(truth, predicted), warnings: [] };
  }
  const isBinary = truth.every((value) => value === 0 || value === 1);
  if (numeric && isBinary && areFractions(predicted)) return evaluateFractions(asked, predicted);
  if (numeric && !predicted.every(Number.isInteger)) {
    return { evaluation: evaluateNumbers(truth, predicted), warnings: [] };
  }
  return evaluateLabels({
    ...asked,
    truth: asked.truth.map(classLabel),
    predicted: asked.predicted.map(classLabel),
  });
}

/** Whether true values are measured rather than classes: see `readPredictions`. */
function areMeasurements(truth: readonly number[]): boolean {
  if (!truth.every(Number.isInteger)) return true;
  const different = new Set(truth).size;
  return different > 20 && different > truth.length / 4;
}

function areFractions(values: readonly number[]): boolean {
  return values.every((value) => value >= 0 && value <= 1) && !values.every(Number.isInteger);
}

function evaluateFractions(asked: Asked, fractions: readonly number[]): Judged {
  const { path } = asked;
  const judged = evaluateLabels({
    ...asked,
    truth: asked.truth.map(classLabel),
    predicted: fractions.map((value) => (value >= 0.5 ? '1' : '0')),
    scores: [{ label: '1', values: fractions }],
  });
  const message = `y_pred of ${path} holds fractions: 0.5 and above is taken as 1`;
  return {
    ...judged,
    warnings: [{ code: 'predictions-thresholded', path, message }, ...judged.warnings],
  };
}

function evaluateLabels(asked: Asked): Judged {
  const { path, truth, predicted, scores } = asked;
  const positive = asked.positive === null ? null : classLabel(asked.positive);
  const evaluation = evaluateClasses({ truth, predicted, scores, positive });
  const warnings: Warning[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, path, message });
  if (positive !== null && evaluation.positive !== positive) {
    warn('positive-unused', `the positive class ${positive} is none of the two classes in ${path}`);
  }
  if (scores.length > 0 && evaluation.metrics['roc_auc'] === undefined) {
    warn(
      'scores-unused',
      `the scores in ${path} could not be used: ${whyUnused(asked, evaluation)}`,
    );
  }
  if (evaluation.zeroDivisions.length > 0) {
    const names = evaluation.zeroDivisions.join(', ');
    warn('zero-division', `a class was never predicted or never there: it counts as 0 in ${names}`);
  }
  return { evaluation, warnings, predicted };
}

function whyUnused({ scores, truth }: Asked, { kind, positive }: Evaluation): string {
  if (scores.some(({ values }) => values.some(Number.isNaN))) return 'some are no numbers';
  if (new Set(truth).size < 2) return 'only one class is there';
  if (kind === 'binary') return `no column is the score of ${positive ?? 'the positive class'}`;
  return 'their columns do not name every class';
}

/** `3`, `3.0` and `03` are one class. */
function classLabel(text: string): string {
  const number = text === '' ? Number.NaN : Number(text);
  return Number.isInteger(number) ? String(number) : text;
}

function isNumber(text: string): boolean {
  const number = metricNumber(text);
  return number !== null && number !== undefined;
}

function numberOf(text: string): number {
  return Number(metricNumber(text) ?? Number.NaN);
}
