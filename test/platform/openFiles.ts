import { readdirSync, readlinkSync } from 'node:fs';

const descriptors = '/proc/self/fd';

/** Paths of the files below a directory that this process has open. Only Linux tells. */
export function openFilesBelow(directory: string): string[] {
  return readdirSync(descriptors)
    .map(targetOf)
    .filter((path) => path.startsWith(directory));
}

/** What a descriptor leads to; nothing where it is closed by now: other tests' work goes on. */
function targetOf(descriptor: string): string {
  try {
    return readlinkSync(`${descriptors}/${descriptor}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '';
  }
}
