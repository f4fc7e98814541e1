import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nodePlatform } from '../../src/platform/index';
import { freshPath, scratchDirectory } from '../platform/scratch';

export const platform = nodePlatform();

let scratch: string | null = null;

/** Call it at the top of a test file: its folders are removed when the tests are done. */
export function useFolders(): void {
  scratch = scratchDirectory('runs');
}

/** A folder with these files; texts are UTF-8. */
export function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  if (scratch === null) throw new Error('call useFolders() at the top of the test file');
  const root = freshPath(scratch);
  mkdirSync(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}
