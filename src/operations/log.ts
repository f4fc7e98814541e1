import { parseFilter } from '../core/filter';
import { knownModels, resolveModel } from './models';
import type { LogRequest, LogResult } from './project';
import type { Rooms } from './rooms';

const defaultLimit = 50;

/** Versions (or backups), newest first, page by page. */
export async function log(rooms: Rooms, request: LogRequest): Promise<LogResult> {
  const model = await modelIn(rooms, request);
  const { records, total } = rooms.history.versions({
    kind: request.backups === true ? 'backup' : 'version',
    limit: request.limit ?? defaultLimit,
    offset: request.offset ?? 0,
    ...(model === undefined ? {} : { model }),
    ...(request.text === undefined ? {} : { text: request.text }),
    ...(request.where === undefined ? {} : { where: parseFilter(request.where) }),
    ...(request.sort === undefined ? {} : { sort: sortOf(request.sort) }),
  });
  return { versions: records, total };
}

/** In a project of one model it need not be named, and its versions go by their numbers. */
async function modelIn(rooms: Rooms, { model }: LogRequest): Promise<string | undefined> {
  if (model !== undefined) return resolveModel(rooms, model);
  const known = await knownModels(rooms);
  return known.length === 1 ? known[0] : undefined;
}

function sortOf(text: string): { key: string; order: 'ascending' | 'descending' } {
  return text.startsWith('-')
    ? { key: text.slice(1), order: 'descending' }
    : { key: text, order: 'ascending' };
}
