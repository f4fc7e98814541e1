import { everyOperation } from './everyOperation';
import type { Rooms } from './rooms';

/**
 * Artifacts that were not here when their versions came in from Git (a clone, a rebuild): they are
 * with whoever made the versions, which is no damage.
 */
export function elsewhere(rooms: Rooms): Set<string> {
  const away = new Set<string>();
  for (const { detail } of everyOperation(rooms.history)) {
    if (Array.isArray(detail.elsewhere))
      for (const sha256 of detail.elsewhere) away.add(String(sha256));
  }
  return away;
}
