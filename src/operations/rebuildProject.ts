import { isFailure } from '../core/failure';
import type { Activity } from '../core/progress';
import { openRepository } from '../git';
import { setHistoryAside } from '../history';
import type { Platform } from '../platform';
import { homeOf, type OpenOptions, openRooms } from './openProject';
import type { RebuildResult } from './project';
import { rebuild } from './rebuild';

/**
 * Makes the database anew, also where it is missing or cannot be opened: a damaged one is set aside
 * under another name, never deleted. @throws Failure `not-a-repository`, `database-newer`
 */
export async function rebuildProject(
  platform: Platform,
  directory: string,
  activity?: Activity,
  options: OpenOptions = {},
): Promise<RebuildResult> {
  const repository = await openRepository(platform, directory);
  const attempt = async () => {
    const rooms = await openRooms(platform, repository, options);
    try {
      return await rebuild(rooms, activity);
    } finally {
      rooms.history.close();
    }
  };
  try {
    return await attempt();
  } catch (error) {
    // Some damage shows only once a page is read.
    if (!isFailure(error, 'database-damaged')) throw error;
    await setHistoryAside(platform, homeOf(repository));
    return attempt();
  }
}
