import { isFailure } from '../core/failure';
import type { RunPredictions, RunRecord, VersionRequest } from '../core/run';
import type { JsonNumber, MetricOrigin, VersionRecord, Warning } from '../core/version';
import { readPredictions } from '../runs';
import { storePredictions } from './gather';
import { inboxOf, insideRun } from './inboxPlace';
import { configurationOf } from './models';
import { primaryOf } from './resolve';
import type { Rooms } from './rooms';

/** The predictions that were logged when a version was asked for; all of them without a request. */
export function predictionsUntil(
  { predictions }: RunRecord,
  request: VersionRequest | null,
): readonly RunPredictions[] {
  return predictions.filter(({ at }) => request === null || at === undefined || at <= request.at);
}

/** Metrics of the predictions that were logged: `val_accuracy`, by their split's name. */
export async function predictedBy(
  rooms: Rooms,
  model: string,
  run: RunRecord,
  predictions: readonly RunPredictions[],
) {
  const { positive } = await configurationOf(rooms, model);
  const metrics: Record<string, JsonNumber> = {};
  const origins: Record<string, MetricOrigin> = {};
  const warnings: Warning[] = [];
  for (const { split, path } of predictions) {
    try {
      const directory = inboxOf(rooms, run.id);
      const read = await readPredictions(rooms.platform, directory, insideRun(path), positive);
      for (const [name, value] of Object.entries(read.metrics)) {
        metrics[`${split}_${name}`] = value;
        origins[`${split}_${name}`] = { path: 'run' };
      }
    } catch (error) {
      if (!isFailure(error, 'unreadable') && !isFailure(error, 'no-such-file')) throw error;
      warnings.push({
        code: 'predictions-unreadable',
        message: `${path} could not be read.`,
        path,
      });
    }
  }
  return { metrics, origins, warnings };
}

/**
 * Keeps the predictions that a version is judged by, so that versions can be compared example by
 * example: of the primary metric's split, else of `val`, else the last that were logged.
 */
export async function storeLogged(
  rooms: Rooms,
  model: string,
  run: RunRecord,
  request: VersionRequest | null,
): Promise<NonNullable<VersionRecord['predictions']> | null> {
  const logged = predictionsUntil(run, request);
  const primary = request?.primary ?? (await primaryOf(rooms, model));
  const kept =
    logged.findLast(({ split }) => primary?.metric.startsWith(`${split}_`)) ??
    logged.findLast(({ split }) => split === 'val') ??
    logged.at(-1);
  if (kept === undefined) return null;
  const source = `${inboxOf(rooms, run.id)}/${insideRun(kept.path)}`;
  const split = kept.split.replace(/[^\p{L}\p{N}._-]/gu, '-');
  return storePredictions(rooms, source, `predictions/${split}.csv`);
}
