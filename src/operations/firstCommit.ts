import { Failure } from '../core/failure';
import type { Activity } from '../core/progress';
import { inOrder } from '../workspace';
import { type ChosenFiles, chooseFiles, identifierFor } from './gatherFiles';
import { pathIn, type Rooms } from './rooms';
import type { CommitRequest } from './versionRequests';

/** A first version larger than this is asked about. */
const askAbove = 2_000_000_000;

/**
 * The first version of a model tells what it will cost before it costs it.
 * @returns the files that it would take
 * @throws Failure `confirmation-needed`, `disk-full`
 */
export async function requireConfirmation(
  rooms: Rooms,
  model: string,
  request: CommitRequest,
  activity?: Activity,
): Promise<ChosenFiles> {
  const identifier = identifierFor(rooms, model);
  const selection = await chooseFiles(rooms, model, request, identifier, activity);
  const unread = await inOrder(selection.files, async ({ path }) => {
    const { facts } = await identifier.identify(pathIn(rooms, path));
    return rooms.memory.recall(path, facts) === null ? facts.size : 0;
  });
  const bytes = unread.reduce((sum, size) => sum + size, 0);
  const free = await rooms.platform.disk.freeSpace(rooms.store.directory);
  if (free !== null && bytes > free)
    throw new Failure('disk-full', { path: rooms.store.directory, needed: bytes, free });
  const first = rooms.history.versions({ model, withdrawn: true, limit: 1 }).total === 0;
  if (first && bytes > askAbove && request.confirmed !== true)
    throw new Failure('confirmation-needed', { bytes, free });
  return { selection, identifier };
}
