import type { Activity } from '../core/progress';
import type { Rooms } from './rooms';
import type { ImportResult } from './runProject';

/** As `RunVerbs.importHistory`. */
export async function importHistory(
  _rooms: Rooms,
  _request: { path?: string; dryRun?: boolean },
  _activity?: Activity,
): Promise<ImportResult> {
  return { sources: [], runs: 0 };
}
