import { Failure } from '../core/failure';
import type { Rooms } from './rooms';

/** Where a run's journal and files lie: `<git common dir>/cairn/inbox/<run>`. */
export function inboxOf(rooms: Pick<Rooms, 'home'>, run: string): string {
  return `${rooms.home}/inbox/${run}`;
}

/** A path in the run's directory. @throws Failure `path-outside` */
export function insideRun(path: string): string {
  const parts = path.split(/[\\/]/);
  const forbidden = ['', '..', '.git'];
  const leadsOut =
    parts.some((part) => forbidden.includes(part.toLowerCase())) || /^[A-Za-z]:/.test(path);
  if (leadsOut) throw new Failure('path-outside', { path, root: 'the run' });
  return path;
}
