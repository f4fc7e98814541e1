import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A directory for the tests of one file, removed when they are done. Call it at the top. */
export function scratchDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `cairn-${name}-`));
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

let count = 0;

/** A path in the directory that no test has used yet. */
export function freshPath(directory: string): string {
  count += 1;
  return join(directory, `p${count}`);
}
