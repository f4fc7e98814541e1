import { isFailure } from '../core/failure';
import type { Activity } from '../core/progress';
import type { RunRecord, SeriesPoints } from '../core/run';
import { type WrittenLogs, watchedFiles } from './inboxFiles';
import { foldRun } from './inboxFold';
import { isLiving } from './inboxLife';
import { inboxOf } from './inboxPlace';
import { locked } from './locked';
import { settleQuiet } from './quietRuns';
import type { Rooms } from './rooms';
import { readCommandNote } from './runCommandNote';
import type { TakenIn } from './runProject';
import { whenNeeded } from './whenNeeded';

// Every command looks into the inbox, and most find it empty.
const readJournal = whenNeeded(async () => (await import('../runs')).readJournal);
const makeRequested = whenNeeded(async () => (await import('./inboxVersions')).makeRequested);

/** What is new of one run: the record with it, and how far the journal was read. */
interface News {
  readonly record: RunRecord;
  readonly series: readonly SeriesPoints[];
  readonly from: number;
  readonly taken: number;
  /** The series take the place of those that are there. */
  readonly replaces: boolean;
}

const nothing: TakenIn = { runs: 0, versions: [], refused: [] };
const namePattern = /^[A-Za-z0-9][\w.-]{0,199}$/;
/** So many points are written in one transaction. */
const pointsAtOnce = 500_000;

/**
 * Takes in what training processes left. Points and how far the journal was read change in one
 * transaction, so whoever else takes in at the same time brings nothing twice; when somebody is at
 * it (or at anything else), it is left to them. Then the versions that were asked for are made.
 */
export async function takeIn(
  rooms: Rooms,
  { logs = () => [] }: { logs?: WrittenLogs } = {},
  activity?: Activity,
): Promise<TakenIn> {
  if (rooms.readOnly) return nothing;
  const settled = await settleQuiet(rooms);
  const news = await look(rooms, logs);
  const waiting = rooms.history.runs.waiting().length > 0;
  if (news.length === 0 && !waiting) return { ...nothing, runs: settled };
  try {
    const runs = news.length === 0 ? 0 : await enter(rooms, news);
    return { runs: runs + settled, ...(await makeRequested(rooms, activity)) };
  } catch (error) {
    // Whoever holds the lock takes it in, or the next call does.
    if (isFailure(error, 'lock-held')) return nothing;
    throw error;
  }
}

/** Runs of which there is something new; a look without the lock. */
async function look(rooms: Rooms, logs: WrittenLogs): Promise<News[]> {
  const entries = (await rooms.platform.disk.list(`${rooms.home}/inbox`)) ?? [];
  const settled = rooms.history.runs.settled();
  const news: News[] = [];
  for (const { name, kind } of entries) {
    if (kind !== 'directory' || settled.has(name) || !namePattern.test(name)) continue;
    const found = await lookAt(rooms, name, logs);
    if (found !== null) news.push(found);
  }
  return news;
}

async function lookAt(rooms: Rooms, run: string, logs: WrittenLogs): Promise<News | null> {
  const { platform, history } = rooms;
  const known = history.runs.find(run);
  const from = known?.taken ?? 0;
  const directory = inboxOf(rooms, run);
  const part = await readJournal(platform, `${directory}/journal.jsonl`, from);
  const command = await readCommandNote(platform, directory);
  if (part === null && command === null) return null;
  const before = known?.record ?? null;
  const reading = part?.reading ?? emptyReading;
  const beat = part?.beat ?? 0;
  const record = foldRun(run, reading, {
    before,
    command,
    isAlive: (process) => isLiving(platform, process, beat),
  });
  const taken = part?.taken ?? from;
  const watched = reading.series.length > 0 ? null : await watchedFiles(rooms, record, logs);
  if (watched !== null) {
    const { fingerprint, series } = watched;
    return { record: { ...record, watched: fingerprint }, series, from, taken, replaces: true };
  }
  const same = taken === from && JSON.stringify(record) === JSON.stringify(before);
  return same ? null : { record, series: reading.series, from, taken, replaces: false };
}

const emptyReading = {
  ...{ start: null, code: null, parameters: {}, series: [], datasets: [], predictions: [] },
  ...{ requests: [], end: null, lastAt: null, unreadable: 0 },
};

/** Returns how many runs were entered. */
async function enter(rooms: Rooms, news: readonly News[]): Promise<number> {
  return locked({ ...rooms, lockMilliseconds: 0 }, 'inbox', async () => {
    let entered = 0;
    for (const batch of batches(news)) {
      entered += rooms.history.transaction((writer) => {
        const fresh = batch.filter(({ record, from }) => isNext(rooms, record.id, from));
        for (const { record, series, taken, replaces } of fresh) {
          writer.runs.put(record, taken);
          if (replaces) writer.runs.clear(record.id);
          writer.runs.append(record.id, series);
        }
        return fresh.length;
      });
    }
    return entered;
  });
}

/** Whether nobody took in more since it was read. */
function isNext(rooms: Rooms, run: string, from: number): boolean {
  const known = rooms.history.runs.find(run);
  return known === null ? from === 0 : !known.deleted && known.taken === from;
}

function* batches(news: readonly News[]): Iterable<News[]> {
  let batch: News[] = [];
  let points = 0;
  for (const one of news) {
    batch.push(one);
    points += one.series.reduce((sum, { steps }) => sum + steps.length, 0);
    if (points < pointsAtOnce) continue;
    yield batch;
    batch = [];
    points = 0;
  }
  if (batch.length > 0) yield batch;
}
