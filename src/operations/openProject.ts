import { openArtifactStore } from '../artifacts';
import { Failure } from '../core/failure';
import { openRepository, type Repository } from '../git';
import { historyExists, openHistory } from '../history';
import type { Platform } from '../platform';
import { readConfiguration } from '../workspace';
import { FileMemory } from './fileMemory';
import { needsRecovery } from './interrupted';
import type { Project } from './project';
import { projectVerbs } from './projectVerbs';
import type { Rooms } from './rooms';
import { attempt } from './trouble';
import { whenNeeded } from './whenNeeded';

const locked = whenNeeded(async () => (await import('./locked')).locked<void>);

export interface OpenOptions {
  /** Nothing is written, not even to finish what was interrupted: an untrusted workspace. */
  readonly readOnly?: boolean;
  /** How long a writing verb waits for the writer's lock; left out: the history's own patience. */
  readonly lockMilliseconds?: number;
  /** One command is all that is asked of it: how Git is configured is read once. */
  readonly once?: boolean;
  /** It will look at the working files: Git begins to list them while the rest is made ready. */
  readonly looks?: boolean;
}

/**
 * Opens the project that a directory lies in, and finishes what an interrupted verb left there.
 * @throws Failure `not-a-project`, `not-a-repository`, `git-missing`, `database-damaged`, …
 */
export async function openProject(
  platform: Platform,
  directory: string,
  options: OpenOptions = {},
): Promise<Project> {
  return projectVerbs(await openProjectRooms(platform, directory, options));
}

/** As `openProject`, for verbs that take more than a letter can carry. */
export async function openProjectRooms(
  platform: Platform,
  directory: string,
  options: OpenOptions = {},
): Promise<Rooms> {
  const opened = await openRepository(platform, directory);
  const repository = options.once === true ? opened.settled() : opened;
  try {
    const begun = options.looks === true ? repository.begin() : null;
    await begun?.listing;
    const home = homeOf(repository);
    if (!(await historyExists(platform, home))) await refuseMissing(platform, home, directory);
    const rooms = await openWhole(platform, repository, options);
    // What comes next loads the code of a verb, and Git would wait for that.
    await begun?.comparing;
    return rooms;
  } catch (error) {
    await repository.forgo();
    throw error;
  }
}

async function openWhole(
  platform: Platform,
  repository: Repository,
  options: OpenOptions,
): Promise<Rooms> {
  const rooms = await openRooms(platform, repository, options);
  try {
    await finishInterrupted(rooms);
    return rooms;
  } catch (error) {
    rooms.history.close();
    throw error;
  }
}

/** `<git common dir>/cairn`: beside Git's own database, shared by all worktrees. */
export function homeOf(repository: Repository): string {
  return `${repository.commonDirectory}/cairn`;
}

/** Wires the rooms of one project; the caller has made sure that it is one, or is making it. */
export async function openRooms(
  platform: Platform,
  repository: Repository,
  options: OpenOptions = {},
): Promise<Rooms> {
  const home = homeOf(repository);
  // Git answers while the database is opened.
  const asked = repository.config('cairn.store');
  asked.catch(() => undefined);
  const history = await openHistory(platform, home, { readOnly: options.readOnly === true });
  const readOnly = options.readOnly === true || history.unwritable !== null;
  const elsewhere = await asked;
  const store = openArtifactStore(
    platform,
    elsewhere ?? `${home}/artifacts`,
    elsewhere === null ? `${home}/tmp` : `${elsewhere}/tmp`,
  );
  const memory = new FileMemory(platform, history, repository.worktree);
  const configuration = () => readConfiguration(platform, repository.root);
  const { lockMilliseconds } = options;
  return {
    ...{ platform, repository, history, store, home, readOnly, memory, configuration },
    ...(lockMilliseconds === undefined ? {} : { lockMilliseconds }),
  };
}

async function refuseMissing(platform: Platform, home: string, directory: string): Promise<never> {
  const remains = (await platform.disk.facts(`${home}/artifacts`)) !== null;
  if (remains)
    throw new Failure('database-damaged', { path: `${home}/history.db`, why: 'it is not there' });
  throw new Failure('not-a-project', { directory });
}

/**
 * Another process may be at work: then it holds the lock, and nothing of it is taken for a ruin.
 * What cannot be finished now (a full disk, say) must not keep anybody from looking: `verify` names
 * it, and the next writing verb tries again and tells why it cannot.
 */
async function finishInterrupted(rooms: Rooms): Promise<void> {
  if (rooms.readOnly || !needsRecovery(rooms)) return;
  // The working files may become others.
  await rooms.repository.forgo();
  await attempt(() => locked({ ...rooms, lockMilliseconds: 0 }, 'recover', async () => undefined));
}
