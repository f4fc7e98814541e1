import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Disk } from '../../src/platform';

/** A disk on which names that differ in case alone are one name, as on macOS and Windows. */
export function caseBlindDisk(disk: Disk): Disk {
  const blind = Object.entries(disk).map(([name, call]) => {
    const seen = (argument: unknown) =>
      typeof argument === 'string' && argument.startsWith('/') ? asWritten(argument) : argument;
    const asked = (...all: unknown[]) =>
      (call as (...all: unknown[]) => unknown).apply(disk, all.map(seen));
    return [name, asked] as const;
  });
  return Object.fromEntries(blind) as unknown as Disk;
}

/** The path as what lies there is called. */
function asWritten(path: string): string {
  if (path === '/' || existsSync(path)) return path;
  const directory = asWritten(dirname(path));
  const name = basename(path);
  const names = existsSync(directory) ? readdirSync(directory) : [];
  const same = names.find((each) => each.toLowerCase() === name.toLowerCase());
  return join(directory, same ?? name);
}
