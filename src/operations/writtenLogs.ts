import { conventionalNames } from '../runs';
import { expand } from '../workspace';
import { type LogPlace, logPlaceOf } from './logPlaces';
import type { Rooms } from './rooms';

/** Files below the project's top that are looked at for logs. */
const entriesMost = 50_000;

/**
 * The logs of tools anywhere in the project that were written since a moment: for a command that is
 * over, and that nobody watched.
 * @param since milliseconds since the epoch
 */
export async function writtenLogs(rooms: Rooms, since: number): Promise<LogPlace[]> {
  const { platform, repository } = rooms;
  const names = ['**/*.tfevents.*', '**/plots/metrics/**/*.tsv', '**/run-*.wandb'];
  const conventional = conventionalNames.curves.map((name) => `**/${name}`);
  const options = { limit: entriesMost };
  const { files } = await expand(platform, repository.root, [...names, ...conventional], options);
  const fresh = files.filter(({ modified }) => modified >= BigInt(since) * 1_000_000n);
  const places = new Map<string, LogPlace>();
  for (const { path } of fresh) {
    const place = await logPlaceOf(platform, repository.root, path, false);
    if (place !== null) places.set(`${place.tool} ${place.path}`, place);
  }
  return [...places.values()];
}
