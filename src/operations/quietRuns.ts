import { isFailure } from '../core/failure';
import type { RunRecord } from '../core/run';
import { locked } from './locked';
import type { Rooms } from './rooms';

/** When a log that is followed last grew, and how long it may be quiet; in milliseconds. */
export interface Quiet {
  readonly at: number;
  readonly patience: number;
}

export function quietText({ at, patience }: Quiet): string {
  return JSON.stringify({ at, patience });
}

/** Whether a run is known from a log alone, which another tool writes. */
export function isFollowed({ source, watched }: RunRecord): boolean {
  return watched !== null && source !== 'command';
}

/** The runs that are known from a log alone and go on. */
export function followedRuns(rooms: Rooms): RunRecord[] {
  return rooms.history.runs.list({ states: ['running'] }).runs.filter(isFollowed);
}

/**
 * Ends the runs whose logs have not grown for so long that nobody can be writing them: nothing else
 * tells of their end. Returns how many; none where somebody else holds the lock.
 */
export async function settleQuiet(rooms: Rooms): Promise<number> {
  const now = rooms.platform.clock.now().getTime();
  const over = followedRuns(rooms).filter((run) => isOver(run, now));
  if (over.length === 0) return 0;
  try {
    return await locked({ ...rooms, lockMilliseconds: 0 }, 'inbox', async () =>
      rooms.history.transaction((writer) => {
        for (const { id } of over) {
          const known = rooms.history.runs.find(id);
          if (known === null || known.deleted || !isOver(known.record, now)) continue;
          const endedAt = new Date(quietOf(known.record)?.at ?? now).toISOString();
          writer.runs.put({ ...known.record, state: 'finished', endedAt }, known.taken);
        }
        return over.length;
      }),
    );
  } catch (error) {
    if (isFailure(error, 'lock-held')) return 0;
    throw error;
  }
}

/** A clock that was set back makes a quiet time of any length. */
function isOver(run: RunRecord, now: number): boolean {
  const quiet = quietOf(run);
  return quiet === null || Math.abs(now - quiet.at) > quiet.patience;
}

/** `null` where that makes no sense. */
function quietOf({ watched }: RunRecord): Quiet | null {
  try {
    const { at, patience } = JSON.parse(watched ?? '') as Quiet;
    const sound = Number.isFinite(patience) && Math.abs(at) < 8.64e15;
    return sound ? { at, patience } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
