import { hostname } from 'node:os';
import type { RunCode, RunProcess, RunRecord } from '../core/run';
import type { Platform } from '../platform';

/** What `cairn run` writes of a run: at its start, and once more at its end. */
export interface CommandNote
  extends Pick<RunRecord, 'model' | 'title' | 'startedAt' | 'endedAt' | 'command' | 'changed'> {
  readonly root: string;
  readonly process: RunProcess;
  readonly parameters: RunRecord['parameters'];
  readonly code: RunCode | null;
  readonly exitCode: number | null;
  /** A person ended it. */
  readonly stopped: boolean;
}

const name = 'command.json';
const limit = 4 * 1024 * 1024;

/** `20261121-100000-1a2b3c4d`: when it began in UTC, and what no other has. */
export function newRunId({ clock, random }: Pick<Platform, 'clock' | 'random'>): string {
  const moment = clock.now().toISOString().slice(0, 19);
  return `${moment.replace(/[-:]/g, '').replace('T', '-')}-${random.token(4)}`;
}

/** This very process, which waits for the command. */
export function ownProcess(): RunProcess {
  return { id: process.pid, host: hostname() };
}

export async function writeCommandNote(
  platform: Platform,
  directory: string,
  note: CommandNote,
): Promise<void> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(note, null, 2)}\n`);
  await platform.disk.writeWhole(`${directory}/${name}`, bytes);
}

/** `null` where the run is no command's. Only Cairn writes there, so its shape is believed. */
export async function readCommandNote(
  platform: Platform,
  directory: string,
): Promise<CommandNote | null> {
  const bytes = await platform.disk.readSmall(`${directory}/${name}`, limit);
  if (bytes === null) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as CommandNote;
  } catch (error) {
    // Damaged on the disk: the journal still tells of the run.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
