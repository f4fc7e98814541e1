import { newRun, type RunRecord, type RunState, type VersionRequest } from '../core/run';
import type { JournalReading } from '../runs';
import type { CommandNote } from './runCommandNote';

/** What is known of a run outside of its journal's new lines. */
export interface RunContext {
  /** What was known before; `null` for a new run. */
  readonly before: RunRecord | null;
  /** What `cairn run` wrote of it; `null` without that. */
  readonly command: CommandNote | null;
  /** Whether its process lives, once it is known which that is. */
  readonly isAlive: (process: RunRecord['process']) => boolean;
}

/** A run's record with what is new in its journal. */
export function foldRun(id: string, reading: JournalReading, context: RunContext): RunRecord {
  const before = context.before ?? beginning(id, reading, context.command);
  const { start, command } = { start: reading.start, command: context.command };
  const merged: RunRecord = {
    ...before,
    ...(command === null ? {} : fromCommand(before, command)),
    ...(start === null ? {} : fromStart(before, start)),
    parameters: { ...command?.parameters, ...before.parameters, ...reading.parameters },
    datasets: mergedByPath(before.datasets, reading.datasets),
    predictions: [...before.predictions, ...reading.predictions],
    requests: mergedRequests(before.requests, reading.requests),
    code: reading.code ?? before.code ?? command?.code ?? null,
  };
  return ended(merged, reading, context);
}

function beginning(id: string, { start, lastAt }: JournalReading, command: CommandNote | null) {
  const moment = command?.startedAt ?? isoOf(start?.at ?? null) ?? momentIn(id) ?? isoOf(lastAt);
  return newRun(id, command === null ? 'cairn' : 'command', moment ?? new Date(0).toISOString());
}

function isoOf(milliseconds: number | null): string | null {
  if (milliseconds === null || Math.abs(milliseconds) > 8.64e15) return null;
  return new Date(milliseconds).toISOString();
}

/** `20261121-100000-1a2b3c4d` names its beginning in UTC. */
function momentIn(id: string): string | null {
  const match = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/.exec(id);
  if (match === null) return null;
  const [year = '', month, day, hour, minute, second] = match.slice(1);
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  return Number.isNaN(Date.parse(text)) ? null : text;
}

function fromStart(before: RunRecord, start: NonNullable<JournalReading['start']>) {
  return {
    model: start.model ?? before.model,
    title: start.title ?? before.title,
    root: start.root ?? before.root,
    process: start.process ?? before.process,
    environment: start.environment ?? before.environment,
    command: before.source === 'command' ? before.command : start.command,
    tags: { ...before.tags, ...start.tags },
  };
}

function fromCommand(before: RunRecord, note: CommandNote) {
  return {
    source: 'command',
    model: before.model ?? note.model,
    title: before.title ?? note.title,
    root: note.root,
    process: before.process ?? note.process,
    command: note.command,
    exitCode: note.exitCode,
    changed: note.changed,
  };
}

function mergedByPath(before: RunRecord['datasets'], more: RunRecord['datasets']) {
  const merged = new Map(before.map((dataset) => [dataset.path, dataset]));
  for (const dataset of more) merged.set(dataset.path, { ...merged.get(dataset.path), ...dataset });
  return [...merged.values()];
}

/** Two processes of one run may both count from 1. */
function mergedRequests(
  before: readonly VersionRequest[],
  more: readonly VersionRequest[],
): VersionRequest[] {
  const merged = [...before];
  for (const request of more) {
    const last = Math.max(0, ...merged.map(({ number }) => number));
    const taken = merged.some(({ number }) => number === request.number);
    merged.push(taken ? { ...request, number: last + 1 } : request);
  }
  return merged;
}

/**
 * How it stands. What the run itself said of its end counts, but for a command that ended otherwise;
 * one that said nothing and whose process is gone has vanished.
 */
function ended(run: RunRecord, reading: JournalReading, context: RunContext): RunRecord {
  const { command } = context;
  if (command !== null && command.endedAt !== null) {
    const said = reading.end?.state ?? (context.before?.state === 'failed' ? 'failed' : null);
    const error = reading.end?.error ?? run.error;
    return { ...run, state: commandState(command, said), endedAt: command.endedAt, error };
  }
  if (reading.end !== null && command === null) {
    const { state, error, at } = reading.end;
    return { ...run, state, error, endedAt: isoOf(at) };
  }
  const settled = run.state === 'finished' || run.state === 'failed' || run.state === 'stopped';
  // A joined process ended; the command goes on. Or a process wrote after its end.
  if (settled && command === null && reading.start === null) return run;
  if (context.isAlive(command?.process ?? run.process)) {
    return { ...run, state: 'running', endedAt: null, error: reading.end?.error ?? run.error };
  }
  return { ...run, state: 'vanished', endedAt: isoOf(reading.lastAt) ?? run.endedAt };
}

function commandState(note: CommandNote, said: RunState | null): RunState {
  if (note.stopped || said === 'stopped') return 'stopped';
  return note.exitCode === 0 && said !== 'failed' ? 'finished' : 'failed';
}
