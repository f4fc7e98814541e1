import type { Rooms } from './rooms';

/** Where a run's journal and files lie: `<git common dir>/cairn/inbox/<run>`. */
export function inboxOf(rooms: Pick<Rooms, 'home'>, run: string): string {
  return `${rooms.home}/inbox/${run}`;
}
