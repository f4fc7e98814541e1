import { Failure } from '../core/failure';
import type { RunRecord } from '../core/run';
import { referenceTo } from '../core/version';
import { inboxOf } from './inboxPlace';
import { locked } from './locked';
import { isFollowed } from './quietRuns';
import { type Rooms, requireWritable } from './rooms';
import { ownProcess } from './runCommandNote';
import type { RunDetails, RunSummary, RunVerbs } from './runProject';

/** More metrics than a list can show; the run itself has all. */
const metricsListed = 200;

/**
 * The run with this id, or whose id alone begins so.
 * @throws Failure `no-such-run`
 */
export function findRun(rooms: Rooms, id: string): RunRecord {
  const found = rooms.history.runs.find(id);
  if (found !== null && !found.deleted) return found.record;
  const begun = id === '' ? [] : rooms.history.runs.begunWith(id);
  const [only] = begun;
  if (only === undefined || begun.length > 1) throw new Failure('no-such-run', { run: id });
  return only;
}

/** As `RunVerbs.runs`. */
export async function runs(
  rooms: Rooms,
  request: Parameters<RunVerbs['runs']>[0],
): ReturnType<RunVerbs['runs']> {
  const page = rooms.history.runs.list(request);
  return { runs: page.runs.map((run) => summaryOf(rooms, run)), total: page.total };
}

/** As `RunVerbs.run`. */
export async function run(rooms: Rooms, request: { run: string }): Promise<RunDetails> {
  const record = findRun(rooms, request.run);
  const series = rooms.history.runs.series(record.id);
  return { run: summaryOf(rooms, record), record, series };
}

/** As `RunVerbs.runCurves`. */
export async function runCurves(
  rooms: Rooms,
  { run, ...query }: Parameters<RunVerbs['runCurves']>[0],
): ReturnType<RunVerbs['runCurves']> {
  return rooms.history.runs.curves(findRun(rooms, run).id, query);
}

/**
 * As `RunVerbs.deleteRun`: what was taken in, and what is left in the inbox. Its versions stay.
 * @throws Failure `run-writing` while it runs, `no-such-run`
 */
export async function deleteRun(rooms: Rooms, request: { run: string }): Promise<{ run: string }> {
  const { id, state, model } = findRun(rooms, request.run);
  if (state === 'running') throw new Failure('run-writing', { model: model ?? '', run: id });
  await locked(rooms, 'delete run', async () => {
    rooms.history.transaction((writer) => writer.runs.remove(id));
    await rooms.platform.disk.removeTree(inboxOf(rooms, id));
  });
  return { run: id };
}

/**
 * A training of the model that goes on in this worktree would write over what a rollback restores.
 * One that is known from a log alone may be over, and cannot be stopped from here: it does not count.
 * @throws Failure `run-writing`
 */
export function requireNoRun(rooms: Rooms, model: string): void {
  const { runs: running } = rooms.history.runs.list({ model, states: ['running'] });
  const isHere = (run: RunRecord) => run.root === rooms.repository.root && !isFollowed(run);
  const here = running.find(isHere);
  if (here !== undefined) throw new Failure('run-writing', { model, run: here.id });
}

/**
 * As `RunVerbs.stopRun`. @throws Failure `no-such-run`, also where its process is not on this machine
 */
export async function stopRun(rooms: Rooms, request: { run: string }): Promise<{ run: string }> {
  const { id, state, process } = findRun(rooms, request.run);
  requireWritable(rooms, 'stop');
  const isHere = process !== null && process.host === ownProcess().host;
  if (state !== 'running' || !isHere || !rooms.platform.processes.interrupt(process.id)) {
    throw new Failure('no-such-run', { run: id });
  }
  return { run: id };
}

function summaryOf(rooms: Rooms, record: RunRecord): RunSummary {
  const { id, source, model, title, state, startedAt, endedAt, parameters } = record;
  const { tags, commit, exitCode, changed, origin, error } = record;
  const series = rooms.history.runs.series(id, metricsListed);
  const listed = series.map(({ name, value }) => [name, value]);
  return {
    ...{ id, source, model, title, state, startedAt, endedAt, parameters },
    ...{ tags, commit, exitCode, changed, origin },
    metrics: Object.fromEntries(listed),
    step: rooms.history.runs.highestStep(id),
    versions: rooms.history.runs.versionsOf(id).map((version) => referenceTo(version, true)),
    error: error === null ? null : `${error.type}: ${error.message}`,
  };
}
