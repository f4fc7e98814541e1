import { Failure } from '../core/failure';
import type { Activity } from '../core/progress';
import type { VersionRecord } from '../core/version';
import { locked } from './locked';
import type { Rooms } from './rooms';
import type { GcRequest, GcResult } from './storageProject';

const hour = 3_600_000;
/** A dropped version can be taken back for a week. */
const usualHours = 7 * 24;
/** Somebody may be storing: what is younger stays in any case. */
const shortestGrace = hour;

/**
 * Frees what no version or backup needs any more: what belonged to withdrawn versions, and what
 * interrupted verbs left. Everything stays through the grace. @throws Failure `store-shared`
 */
export async function gc(rooms: Rooms, request: GcRequest, activity?: Activity): Promise<GcResult> {
  await requireOwnStore(rooms);
  const dryRun = request.dryRun === true;
  const grace = (request.hours ?? usualHours) * hour;
  const work = async () => {
    const live = liveArtifacts(rooms, grace);
    const freed = await rooms.store.collect(
      {
        isLive: (sha256) => live.has(sha256),
        grace: Math.max(grace, shortestGrace),
        dryRun,
      },
      activity,
    );
    if (!dryRun && freed.artifacts > 0) await note(rooms, freed);
    return { ...freed, applied: !dryRun };
  };
  return dryRun ? work() : locked(rooms, 'gc', work, activity);
}

/** A store that lies elsewhere may be several projects', and each knows only its own versions. */
async function requireOwnStore({ store, home }: Rooms): Promise<void> {
  const others = (await store.users(null)).filter((user) => user !== home);
  if (others.length === 0) return;
  throw new Failure('store-shared', { directory: store.directory, projects: others });
}

function liveArtifacts(rooms: Rooms, grace: number): Set<string> {
  const live = new Set<string>();
  const before = rooms.platform.clock.now().getTime() - grace;
  for (const record of rooms.history.allRecords()) {
    if (record.withdrawn !== undefined && Date.parse(record.withdrawn.at) <= before) continue;
    for (const sha256 of artifactsOf(record)) live.add(sha256);
  }
  return live;
}

/** Everything in the store that a record names. */
export function artifactsOf({ files, curves, predictions }: VersionRecord): string[] {
  const stored = files.filter(({ pointer }) => pointer !== true).map(({ sha256 }) => sha256);
  const others = [curves, predictions].filter((one) => one !== undefined);
  return [...stored, ...others.map(({ sha256 }) => sha256)];
}

async function note(rooms: Rooms, freed: { artifacts: number; bytes: number }): Promise<void> {
  const by = await rooms.repository.identity();
  const at = rooms.platform.clock.now().toISOString();
  const { artifacts, bytes } = freed;
  rooms.history.transaction((writer) =>
    writer.appendOperation({
      ...{ kind: 'gc', at, by, reason: '', version: null },
      detail: { artifacts, bytes },
    }),
  );
}
