import { delimiter } from 'node:path';

/**
 * A Python search path with a folder behind what is there: a person's own modules come first. An
 * empty entry would stand for the working directory, so none is made.
 */
export function withModule(present: string | undefined, folder: string): string {
  const parts = (present ?? '').split(delimiter).filter((part) => part !== '');
  return [...parts.filter((part) => part !== folder), folder].join(delimiter);
}
