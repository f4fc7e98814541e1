import { isFailure } from '../core/failure';
import type { Activity } from '../core/progress';
import type { RunCode } from '../core/run';
import type { VersionRecord } from '../core/version';
import type { ForegroundResult, Platform, WriteHandle } from '../platform';
import { snapshotFor } from './codeSnapshot';
import { modelFiles } from './files';
import { takeIn } from './inbox';
import { inboxOf } from './inboxPlace';
import { locked } from './locked';
import { resolveModel } from './models';
import { type OpenOptions, openProjectRooms } from './openProject';
import type { Rooms } from './rooms';
import { argumentParameters } from './runArguments';
import { type CommandNote, newRunId, ownProcess, writeCommandNote } from './runCommandNote';
import { commitRun } from './runVersion';
import { attempt } from './trouble';
import { withSnapshot } from './withSnapshot';
import { writtenLogs } from './writtenLogs';

export interface TrainingRequest {
  readonly command: readonly string[];
  readonly model?: string;
  readonly title?: string;
  /** With it a run that ends well becomes a version. */
  readonly message?: string;
  readonly told: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
}

export interface TrainingResult extends ForegroundResult {
  readonly run: string;
  /** Model files that it wrote. */
  readonly changed: readonly string[];
  readonly version: VersionRecord | null;
}

/**
 * Runs a command as a run: the code as it is now, its output, the parameters among its arguments,
 * the model files that it changes, and how it ends. Training code in it that uses the module writes
 * into the same run.
 * @throws Failure `not-a-project`, `usage` where the command cannot be started
 */
export async function runTraining(
  platform: Platform,
  directory: string,
  open: OpenOptions,
  request: TrainingRequest,
  activity: Activity = {},
): Promise<TrainingResult> {
  const rooms = await openProjectRooms(platform, directory, open);
  try {
    const before = await filesNow(rooms);
    const { id, note } = await begin(rooms, request);
    const ended = await run(rooms, directory, id, request, activity);
    const changed = changedSince(before, await filesNow(rooms));
    const stopped = ended.signal === 'SIGINT' || ended.exitCode === 130;
    const endedAt = platform.clock.now().toISOString();
    const last = { ...note, endedAt, exitCode: ended.exitCode, stopped, changed };
    await writeCommandNote(platform, inboxOf(rooms, id), last);
    const logs = await writtenLogs(rooms, Date.parse(note.startedAt));
    await attempt(async () => void (await takeIn(rooms, { logs: () => logs })));
    const version = ended.exitCode === 0 ? await versionOf(rooms, id, request) : null;
    return { ...ended, run: id, changed, version };
  } finally {
    rooms.history.close();
  }
}

async function begin(
  rooms: Rooms,
  request: TrainingRequest,
): Promise<{ id: string; note: CommandNote }> {
  const { command, model: named = null, title = null } = request;
  const startedAt = rooms.platform.clock.now().toISOString();
  const id = newRunId(rooms.platform);
  const note: CommandNote = {
    ...{ command, title, startedAt, endedAt: null, changed: [], exitCode: null, stopped: false },
    model: await modelOrNone(rooms, named),
    root: rooms.repository.root,
    process: ownProcess(),
    parameters: argumentParameters(command),
    code: await codeNow(rooms, named),
  };
  await rooms.platform.disk.makeDirectory(inboxOf(rooms, id));
  await writeCommandNote(rooms.platform, inboxOf(rooms, id), note);
  return { id, note };
}

/** The one that is named, else the only one; a command may train another, or several. */
async function modelOrNone(rooms: Rooms, named: string | null): Promise<string | null> {
  try {
    return await resolveModel(rooms, named);
  } catch (error) {
    if (named === null && isFailure(error, 'model-ambiguous')) return null;
    throw error;
  }
}

/** The working code as a tree; `null` where it is not clear which model's code it is. */
async function codeNow(rooms: Rooms, named: string | null): Promise<RunCode | null> {
  const model = await modelOrNone(rooms, named);
  if (model === null) return null;
  return locked(rooms, 'run', async () => {
    const snapshot = await snapshotFor(rooms, model, [], { scratch: false });
    return withSnapshot(snapshot, async () => {
      const { tree, head } = snapshot;
      return {
        head: head.commit,
        branch: head.branch,
        patch: false,
        files: [],
        tree,
        missing: null,
      };
    });
  });
}

async function run(
  rooms: Rooms,
  directory: string,
  id: string,
  request: TrainingRequest,
  activity: Activity,
): Promise<ForegroundResult> {
  const [command = '', ...words] = request.command;
  const log = await rooms.platform.disk.create(`${inboxOf(rooms, id)}/output.log`);
  const kept = new KeptOutput(log);
  try {
    return await rooms.platform.processes.runForeground({
      command,
      directory,
      arguments: words,
      environment: { CAIRN_RUN: id, PYTHONUNBUFFERED: '1' },
      told: (stream, bytes) => {
        request.told(stream, bytes);
        kept.add(bytes);
      },
      ...(activity.signal === undefined ? {} : { signal: activity.signal }),
    });
  } finally {
    await attempt(() => kept.close());
  }
}

/** Output is kept up to a size; what a full disk does not take is not worth a training. */
const outputKept = 64 * 1024 * 1024;

class KeptOutput {
  #length = 0;
  #writing: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(private readonly log: WriteHandle) {}

  add(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#length > outputKept) return;
    this.#writing = this.#writing.then(async () => {
      if (!this.#failed) this.#failed = !(await attempt(() => this.log.write(bytes)));
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.log.close();
  }
}

async function filesNow(rooms: Rooms): Promise<Map<string, string>> {
  const files = await modelFiles(rooms);
  return new Map(files.map(({ path, size, modified }) => [path, `${size} ${modified}`]));
}

function changedSince(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...after].filter(([path, facts]) => before.get(path) !== facts).map(([path]) => path);
}

async function versionOf(
  rooms: Rooms,
  run: string,
  { message, model }: TrainingRequest,
): Promise<VersionRecord | null> {
  if (message === undefined) return null;
  const request = { run, message, ...(model === undefined ? {} : { model }) };
  return (await commitRun(rooms, request)).version;
}
