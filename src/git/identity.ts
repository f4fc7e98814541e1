import { hostname } from 'node:os';
import type { Creator } from '../core/version';
import { type Settings, settingOf } from './configuration';

/**
 * Who works here, as Git would say it (environment, then `author.*`, then `user.*`), and where Git
 * would not say anything, the system's user at this host.
 */
export function identityFrom(
  environment: Readonly<Record<string, string | undefined>>,
  settings: Settings,
): Creator {
  const user = first(environment, ['USER', 'LOGNAME', 'USERNAME']) ?? 'unknown';
  const name =
    plain(environment['GIT_AUTHOR_NAME']) ??
    plain(settingOf(settings, 'author.name')) ??
    plain(settingOf(settings, 'user.name')) ??
    user;
  const email =
    plain(environment['GIT_AUTHOR_EMAIL']) ??
    plain(settingOf(settings, 'author.email')) ??
    plain(settingOf(settings, 'user.email')) ??
    plain(environment['EMAIL']) ??
    `${user}@${hostname()}`;
  return Object.freeze({ name, email });
}

function first(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): string | null {
  for (const name of names) {
    const value = plain(environment[name]);
    if (value !== null) return value;
  }
  return null;
}

/**
 * As it may stand in a commit. Git drops line breaks and angle brackets, takes these characters
 * from both ends, and refuses a name that has no others (ident.c, `crud`).
 */
export function plain(text: string | null | undefined): string | null {
  const kept = (text ?? '')
    .replace(/[\0\n<>]/g, '')
    .replace(/^[\0- .,:;"\\']+|[\0- .,:;"\\']+$/g, '');
  return kept === '' ? null : kept;
}
