import type { ModelConfiguration } from '../core/configuration';
import { isFailure } from '../core/failure';
import { logRoot } from '../core/operation';
import type { Activity } from '../core/progress';
import type { Warning } from '../core/version';
import { initializeRepository, openRepository, type Repository } from '../git';
import type { Platform } from '../platform';
import { configurationName, readConfiguration, writeConfiguration } from '../workspace';
import { discover } from './discover';
import { locked } from './locked';
import { defaultModelName, emptyConfiguration } from './models';
import { type OpenOptions, openRooms } from './openProject';
import type { FoundModel, InitializeResult } from './project';
import { rebuild } from './rebuild';
import type { Rooms } from './rooms';

export interface InitializeRequest {
  /** Make a Git repository first where there is none. */
  readonly git?: boolean;
  /** Names of found models to write down; left out: those that are ticked. */
  readonly models?: readonly string[];
}

/**
 * Makes a Git repository a project: looks for models, writes `cairn.yaml` where there is none, and
 * makes the database (from the model branches, where a clone brought some). Idempotent.
 * @throws Failure `not-a-repository` without `git`
 */
export async function initializeProject(
  platform: Platform,
  directory: string,
  request: InitializeRequest = {},
  activity?: Activity,
  options: OpenOptions = {},
): Promise<InitializeResult> {
  const repository = await repositoryFor(platform, directory, request);
  const configured = await readConfiguration(platform, repository.root);
  const { found, configurations, warnings } = configured.declared
    ? { found: [], configurations: [], warnings: [] }
    : await discover(platform, repository.root, activity);
  if (!configured.declared) {
    const chosen = chooseModels(repository, found, configurations, request);
    await writeConfiguration(platform, repository.root, chosen);
  }
  const rooms = await openRooms(platform, repository, options);
  try {
    // By the log and not by the file: a database may be all that an interrupted beginning left.
    const isNew = rooms.history.logHead() === logRoot;
    if (isNew) await begin(rooms, activity);
    return await result(rooms, isNew, found, warnings);
  } finally {
    rooms.history.close();
  }
}

async function repositoryFor(
  platform: Platform,
  directory: string,
  request: InitializeRequest,
): Promise<Repository> {
  try {
    return await openRepository(platform, directory);
  } catch (error) {
    if (request.git !== true || !isFailure(error, 'not-a-repository')) throw error;
    await initializeRepository(platform, directory);
    return openRepository(platform, directory);
  }
}

function chooseModels(
  repository: Repository,
  found: readonly FoundModel[],
  configurations: readonly ModelConfiguration[],
  { models }: InitializeRequest,
): readonly ModelConfiguration[] {
  const names = models ?? found.filter(({ ticked }) => ticked).map(({ name }) => name);
  const chosen = configurations.filter(({ name }) => names.includes(name));
  return chosen.length > 0 ? chosen : [emptyConfiguration(defaultModelName(repository.root))];
}

/** The first entry of the log; a clone's versions come in from the branches it brought. */
async function begin(rooms: Rooms, activity?: Activity): Promise<void> {
  const local = await rooms.repository.refs('refs/heads/cairn/');
  const remote = [...(await rooms.repository.refs('refs/remotes/')).keys()].some((ref) =>
    /\/cairn\//.test(ref),
  );
  if (local.size > 0 || remote) {
    await rebuild(rooms, activity);
    return;
  }
  const by = await rooms.repository.identity();
  const at = rooms.platform.clock.now().toISOString();
  const append = async () =>
    rooms.history.transaction((writer) =>
      writer.appendOperation({ kind: 'init', at, by, reason: '', version: null, detail: {} }),
    );
  await locked(rooms, 'init', append, activity);
}

async function result(
  rooms: Rooms,
  created: boolean,
  found: readonly FoundModel[],
  warnings: readonly Warning[],
): Promise<InitializeResult> {
  const { models } = await rooms.configuration();
  return {
    project: rooms.repository.root,
    models: models.map(({ name }) => name),
    created,
    configuration: configurationName,
    found,
    versions: rooms.history.models().reduce((total, { versions }) => total + versions, 0),
    warnings,
  };
}
