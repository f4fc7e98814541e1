import { isFailure } from '../core/failure';
import type { Activity } from '../core/progress';
import type { RunRecord, VersionRequest } from '../core/run';
import { referenceTo } from '../core/version';
import { openRepository } from '../git';
import { readConfiguration } from '../workspace';
import { inboxOf } from './inboxPlace';
import { locked } from './locked';
import type { Rooms } from './rooms';
import type { TakenIn } from './runProject';
import { versionOfRequest } from './runVersion';
import { attempt } from './trouble';

interface Waiting {
  readonly run: RunRecord;
  readonly request: VersionRequest;
}

/** Failures that another time has as well: what was asked for is refused. All others it waits out. */
const lasting = [
  ...(['label-taken', 'name-invalid', 'no-such-model', 'model-ambiguous', 'file-torn'] as const),
  ...(['no-such-file', 'unreadable', 'path-outside', 'branch-name-blocked'] as const),
] as const;

/** Makes the versions that training code asked for, in the order in which it did. */
export async function makeRequested(
  rooms: Rooms,
  activity?: Activity,
): Promise<Pick<TakenIn, 'versions' | 'refused'>> {
  const versions: string[] = [];
  const refused: { run: string; why: string }[] = [];
  for (const { run, request } of waitingOf(rooms)) {
    try {
      const there = await roomsOf(rooms, run);
      const { version } = await versionOfRequest(there, run, request, activity);
      versions.push(referenceTo(version, true));
      await settle(rooms, run.id, request.number, { version: referenceTo(version, true) });
      await dropCopies(rooms, run, request);
    } catch (error) {
      if (!isFailure(error) || !lasting.some((code) => code === error.code)) throw error;
      refused.push({ run: run.id, why: error.code });
      await settle(rooms, run.id, request.number, { why: error.code });
    }
  }
  return { versions, refused };
}

function waitingOf(rooms: Rooms): Waiting[] {
  const waiting = rooms.history.runs
    .waiting()
    .flatMap((run) =>
      run.requests
        .filter(({ state }) => state === 'waiting')
        .map((request): Waiting => ({ run, request })),
    );
  return waiting.sort((a, b) => a.request.at - b.request.at);
}

/** The worktree that the run was in, where it still is; paths of a version are relative to it. */
async function roomsOf(rooms: Rooms, { root }: RunRecord): Promise<Rooms> {
  if (root === null || root === rooms.repository.root) return rooms;
  try {
    const repository = await openRepository(rooms.platform, root);
    if (repository.commonDirectory !== rooms.repository.commonDirectory) return rooms;
    const configuration = () => readConfiguration(rooms.platform, repository.root);
    return { ...rooms, repository, configuration };
  } catch (error) {
    // The worktree was removed since; its versions are made from here.
    if (isFailure(error, 'not-a-repository') || isFailure(error, 'no-such-file')) return rooms;
    throw error;
  }
}

/** The store has them now; what cannot be cleared away goes with the run. */
async function dropCopies(rooms: Rooms, run: RunRecord, { files }: VersionRequest): Promise<void> {
  for (const { copy } of files) {
    const isOwn = copy.startsWith('files/') && !copy.split('/').includes('..');
    if (isOwn) await attempt(() => rooms.platform.disk.remove(`${inboxOf(rooms, run.id)}/${copy}`));
  }
}

async function settle(
  rooms: Rooms,
  id: string,
  number: number,
  { version = null, why = null }: { version?: string | null; why?: string | null },
): Promise<void> {
  await locked(rooms, 'inbox', async () => {
    rooms.history.transaction((writer) => {
      const known = rooms.history.runs.find(id);
      if (known === null || known.deleted) return;
      const state = version === null ? 'refused' : 'made';
      const requests = known.record.requests.map((request) =>
        request.number === number
          ? ({ ...request, state, version, why } as VersionRequest)
          : request,
      );
      writer.runs.put({ ...known.record, requests }, known.taken);
    });
  });
}
