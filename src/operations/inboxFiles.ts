import { isFailure } from '../core/failure';
import type { RunRecord, SeriesPoints } from '../core/run';
import { PointSet, readMetrics } from '../runs';
import { expand } from '../workspace';
import { configurationOf } from './models';
import type { Rooms } from './rooms';

/** Curves that a run's tools write into files, and what tells that they changed. */
export interface WatchedFiles {
  readonly fingerprint: string;
  readonly series: readonly SeriesPoints[];
}

/**
 * The curves in the model's configured files, for a command that does not speak to Cairn itself:
 * those written since it began. `null` where nothing is new.
 */
export async function watchedFiles(rooms: Rooms, run: RunRecord): Promise<WatchedFiles | null> {
  if (run.source !== 'command' || run.model === null) return null;
  if (run.watched === null && rooms.history.runs.series(run.id).length > 0) return null;
  const { curves } = await configurationOf(rooms, run.model);
  if (curves.length === 0) return null;
  const { files } = await expand(rooms.platform, rooms.repository.root, curves);
  const began = BigInt(Date.parse(run.startedAt)) * 1_000_000n;
  const fresh = files.filter(({ modified }) => modified >= began);
  const fingerprint = fresh
    .map(({ path, size, modified }) => `${path} ${size} ${modified}`)
    .join('\n');
  if (fresh.length === 0 || fingerprint === run.watched) return null;
  return { fingerprint, series: await seriesOf(rooms, fresh) };
}

async function seriesOf(
  rooms: Rooms,
  files: readonly { path: string; modified: bigint }[],
): Promise<SeriesPoints[]> {
  const points = new PointSet();
  for (const { path } of files) {
    try {
      const read = await readMetrics(rooms.platform, rooms.repository.root, {
        metrics: [],
        curves: [path],
      });
      for (const { name, axis, steps, values } of read.curves) {
        for (const [index, step] of steps.entries()) {
          points.add(name, axis, step, Number(values[index]), Number.NaN);
        }
      }
    } catch (error) {
      // A file is often looked at while it is being written; the next look sees it whole.
      if (!isFailure(error, 'unreadable') && !isFailure(error, 'no-such-file')) throw error;
    }
  }
  return points.all();
}
