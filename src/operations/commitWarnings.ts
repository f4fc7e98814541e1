import { bytesText } from '../core/figures';
import { shortfall } from '../core/primaryMetric';
import { type PrimaryMetric, referenceTo, type VersionRecord, type Warning } from '../core/version';
import type { LeftOut } from '../git';
import type { Gathered } from './gather';
import { configurationOf } from './models';
import type { Rooms } from './rooms';

const reasons: Record<LeftOut['why'], string> = {
  secret: 'it looks like a secret',
  'large-file': 'it is an untracked file over 10 MB',
  'large-directory': 'it is an untracked directory over 1,000 files or 50 MB',
  environment: 'it is a Python environment',
  'nested-repository': 'it is a Git repository of its own',
  unreadable: 'it cannot be read',
};

/** Each path that a snapshot left out, and why. */
export function leftOutWarnings(leftOut: readonly LeftOut[]): Warning[] {
  return leftOut.map(({ path, why }) => ({
    code: `left-out-${why}`,
    path,
    message: `${path} is not in this version: ${reasons[why]}.`,
  }));
}

/** A primary metric that is not finite, or fell further than `max_drop` allows. */
export async function shortfallWarnings(
  rooms: Rooms,
  record: VersionRecord,
  primary: PrimaryMetric | null,
): Promise<Warning[]> {
  const { maxDrop } = await configurationOf(rooms, record.model);
  const earlier = primary === null ? [] : rooms.history.standings(record.model, primary.metric);
  const found = shortfall(record, earlier, primary, maxDrop);
  if (found === null) return [];
  if (found.kind === 'not-finite') {
    return [
      {
        code: 'metric-not-finite',
        message: `${found.metric} is ${found.value}. "@last-good" is the last version whose metrics are sound.`,
      },
    ];
  }
  const { metric, value, best, since } = found;
  const holder = referenceTo({ ...since, model: record.model, kind: 'version' });
  const message = `${metric} is ${value}, and ${holder} had ${best}: that is a larger drop than max_drop allows.`;
  return [{ code: 'metric-dropped', message }];
}

/** What a model's first version says once: what it cost, and what its branch publishes. */
export async function firstWarnings(
  rooms: Rooms,
  model: string,
  { files, newBytes }: Pick<Gathered, 'files' | 'newBytes'>,
): Promise<Warning[]> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const free = await rooms.platform.disk.freeSpace(rooms.store.directory);
  const rest = free === null ? '' : `; ${bytesText(free)} are free`;
  const size = {
    code: 'first-version-size',
    message: `The first version has ${bytesText(bytes)} of model files, ${bytesText(newBytes)} of them newly stored${rest}.`,
  };
  const publishing = {
    code: 'branch-publishes-code',
    message: `The branch cairn/${model} holds uncommitted and untracked code too; pushing it publishes that code.`,
  };
  return bytes === 0 ? [publishing] : [size, publishing];
}
