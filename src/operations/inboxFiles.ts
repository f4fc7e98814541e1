import type { RunRecord, SeriesPoints } from '../core/run';
import { expand } from '../workspace';
import { growingLog, type LogPlace, logPlaceOf } from './logPlaces';
import { configurationOf } from './models';
import type { Rooms } from './rooms';

/** Curves that a run's tools write into files, and what tells that they changed. */
export interface WatchedFiles {
  readonly fingerprint: string;
  readonly series: readonly SeriesPoints[];
}

/** The logs of tools that were written since a moment, in milliseconds since the epoch. */
export type WrittenLogs = (since: number) => readonly LogPlace[];

/**
 * The curves in the model's configured files and in the logs of tools, for a command that does not
 * speak to Cairn itself: those written since it began. `null` where nothing is new.
 */
export async function watchedFiles(
  rooms: Rooms,
  run: RunRecord,
  logs: WrittenLogs,
): Promise<WatchedFiles | null> {
  if (run.source !== 'command') return null;
  if (run.watched === null && rooms.history.runs.series(run.id).length > 0) return null;
  const places = await writtenPlaces(rooms, run, logs);
  const read = [];
  for (const place of places) {
    const log = await growingLog(rooms.platform, rooms.repository.root, place);
    if (log !== null && log.series.length > 0) read.push({ place, log });
  }
  const fingerprint = read
    .map(({ place, log }) => `${place.path} ${log.extent} ${log.endedAt}`)
    .join('\n');
  if (read.length === 0 || fingerprint === run.watched) return null;
  return { fingerprint, series: merged(read.map(({ log }) => log.series)) };
}

async function writtenPlaces(rooms: Rooms, run: RunRecord, logs: WrittenLogs): Promise<LogPlace[]> {
  const began = Date.parse(run.startedAt);
  const { curves } = run.model === null ? { curves: [] } : await configurationOf(rooms, run.model);
  const { platform, repository } = rooms;
  const named = curves.length === 0 ? [] : (await expand(platform, repository.root, curves)).files;
  const fresh = named.filter(({ modified }) => modified >= BigInt(began) * 1_000_000n);
  const places = new Map<string, LogPlace>();
  for (const { path } of fresh) {
    const place = await logPlaceOf(platform, repository.root, path, true);
    if (place !== null) places.set(`${place.tool} ${place.path}`, place);
  }
  for (const place of logs(began)) places.set(`${place.tool} ${place.path}`, place);
  return [...places.values()];
}

/** Of a metric that two logs have, that of the first. */
function merged(logs: readonly (readonly SeriesPoints[])[]): SeriesPoints[] {
  const byName = new Map<string, SeriesPoints>();
  for (const series of logs.flat()) if (!byName.has(series.name)) byName.set(series.name, series);
  return [...byName.values()];
}
