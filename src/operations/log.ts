import { parseFilter } from '../core/filter';
import { resolveModel } from './models';
import type { LogRequest, LogResult } from './project';
import type { Rooms } from './rooms';

const defaultLimit = 50;

/** Versions (or backups), newest first, page by page. */
export async function log(rooms: Rooms, request: LogRequest): Promise<LogResult> {
  const model = request.model === undefined ? undefined : await resolveModel(rooms, request.model);
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

function sortOf(text: string): { key: string; order: 'ascending' | 'descending' } {
  return text.startsWith('-')
    ? { key: text.slice(1), order: 'descending' }
    : { key: text, order: 'ascending' };
}
