import type {
  ComparisonEvidence,
  DataTable,
  PredictionEvidence,
  Side,
} from '../core/comparisonReport';
import { isFailure } from '../core/failure';
import type { PredictedExamples } from '../core/pairedPredictions';
import { comparePredictions } from '../core/predictionComparison';
import type { Activity } from '../core/progress';
import { unhurried } from '../core/steps';
import { summarizeTable } from '../core/tableSummary';
import type { PrimaryMetric, VersionRecord } from '../core/version';
import { dataTable, predictionsIn } from '../runs';
import { matcher } from '../workspace';
import { configurationOf } from './models';
import { pause } from './pause';
import { primaryOf, resolve } from './resolve';
import type { Rooms } from './rooms';
import { textOfSide } from './sideTexts';
import { workingContent } from './workingState';

/**
 * What only the files of the sides themselves tell: whether differences of predictions are more
 * than chance, and what datasets hold that are tables. Files that are not kept are left out.
 */
export async function comparisonEvidence(
  rooms: Rooms,
  request: { readonly sides: readonly Side[] },
  activity?: Activity,
): Promise<ComparisonEvidence> {
  const records = await recordsOf(rooms, request.sides, activity);
  const [base] = records;
  if (base === undefined) return { predictions: [], tables: [] };
  const primary = await primaryOf(rooms, base.model);
  return {
    predictions: await predictionEvidence(rooms, records, primary),
    tables: await Promise.all(records.map((record) => tablesOf(rooms, record))),
  };
}

/** The record of each side; of the working files as they would be committed. */
export async function recordsOf(
  rooms: Rooms,
  sides: readonly Side[],
  activity?: Activity,
): Promise<VersionRecord[]> {
  const [first] = sides;
  if (first === undefined || first === null) return [];
  const base = await resolve(rooms, first);
  const records = [base];
  for (const side of sides.slice(1)) {
    records.push(
      side === null
        ? await workingContent(rooms, base.model, activity)
        : await resolve(rooms, side),
    );
  }
  return records;
}

async function predictionEvidence(
  rooms: Rooms,
  records: readonly VersionRecord[],
  primary: PrimaryMetric | null,
): Promise<PredictionEvidence[]> {
  const [base, ...others] = await Promise.all(
    records.map((record) => predictionsOf(rooms, record)),
  );
  if (base === undefined || base === null) return [];
  const found: PredictionEvidence[] = [];
  for (const [index, other] of others.entries()) {
    if (other === null) continue;
    const compared = await unhurried(comparePredictions(base, other, primary), pause);
    found.push({ side: index + 1, path: other.path, ...compared });
  }
  return found;
}

/** The predictions that a version was judged by; `null` where they are not kept. */
export async function predictionsOf(
  rooms: Rooms,
  record: VersionRecord,
): Promise<PredictedExamples | null> {
  const { predictions, positive } = await configurationOf(rooms, record.model);
  const named = predictions === null ? () => false : matcher([predictions]);
  const kept = record.predictions;
  const sources = kept === undefined ? record.sources : { [kept.path]: kept.sha256 };
  const tables = Object.entries(sources ?? {})
    .filter(([path]) => isTable(path))
    .sort(([a], [b]) => Number(named(b)) - Number(named(a)) || (a < b ? -1 : 1));
  for (const [path, sha256] of tables) {
    const file = await textOfSide(rooms, record, path, sha256);
    const found = file === null ? null : whatItHolds(() => predictionsIn(file, positive));
    if (found !== null) return found.examples;
  }
  return null;
}

export function isTable(path: string): boolean {
  return /\.(?:csv|tsv)$/i.test(path);
}

/** `null` for a table of something else. */
function whatItHolds<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    // A log of epochs is a table of other columns, and no damage.
    if (isFailure(error) && error.code === 'unreadable') return null;
    throw error;
  }
}

async function tablesOf(rooms: Rooms, record: VersionRecord): Promise<DataTable[]> {
  const found: DataTable[] = [];
  for (const { path, files, digest } of record.datasets) {
    if (files !== 1 || digest.kind !== 'sha256' || !isTable(path)) continue;
    const file = await textOfSide(rooms, record, path, digest.value);
    const cells = file === null ? null : whatItHolds(() => dataTable(file));
    if (cells !== null) found.push({ path, ...summarizeTable(cells) });
  }
  return found;
}
