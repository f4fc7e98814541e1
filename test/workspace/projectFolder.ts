import { mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodePlatform } from '../../src/platform';

export const platform = nodePlatform();

const made: string[] = [];

/** For `afterAll` of every file that makes folders. */
export async function removeFolders(): Promise<void> {
  await Promise.all(made.splice(0).map((path) => rm(path, { recursive: true, force: true })));
}

/** What lies at a path: text or bytes; `{ link }` a symbolic link; `{ age }` seconds since written. */
export type Content = string | Uint8Array | { link: string } | { age: number; bytes?: number };

const written = Date.UTC(2026, 0, 1) / 1000;

/** A new directory with these files in it; its real path. */
export async function projectFolder(files: Record<string, Content> = {}): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'cairn-workspace-')));
  made.push(root);
  await fill(root, files);
  return root;
}

export async function fill(root: string, files: Record<string, Content>): Promise<void> {
  const directories = new Set(Object.keys(files).map((path) => dirname(join(root, path))));
  await Promise.all([...directories].map((path) => mkdir(path, { recursive: true })));
  await Promise.all(Object.entries(files).map(([path, content]) => put(join(root, path), content)));
}

async function put(path: string, content: Content): Promise<void> {
  if (typeof content === 'string' || content instanceof Uint8Array) return writeFile(path, content);
  if ('link' in content) return symlink(content.link, path);
  await writeFile(path, 'x'.repeat(content.bytes ?? 8));
  await utimes(path, written - content.age, written - content.age);
}
