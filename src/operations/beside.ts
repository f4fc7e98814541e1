import { basename, dirname, resolve, sep } from 'node:path';
import type { Beside } from '../formats';
import { type OpenedReader, openFileReader, type Platform } from '../platform';

/** Why a file that a model names is not opened. */
export type BesideRefusal = 'outside' | 'link' | 'hard-link' | 'missing';

/**
 * The file that a model names beside itself, or why it is not to be opened: it must lie in the
 * model's own directory, by its real path, and be no link of either kind.
 */
export async function besideFile(
  platform: Platform,
  modelPath: string,
  name: string,
): Promise<{ path: string } | { refused: BesideRefusal }> {
  const directory = await platform.disk.realPath(dirname(modelPath));
  if (directory === null) return { refused: 'missing' };
  // TensorFlow's shards are named after the index.
  const own = basename(modelPath).replace(/\.index$/, '');
  const path = resolve(
    directory,
    name.replace('*', () => own),
  );
  const root = directory.endsWith(sep) ? directory : `${directory}${sep}`;
  if (!path.startsWith(root) || name.includes('\0')) return { refused: 'outside' };
  const facts = await platform.disk.facts(path);
  if (facts === null) return { refused: 'missing' };
  if (facts.kind !== 'file') return { refused: 'link' };
  if (facts.links > 1) return { refused: 'hard-link' };
  const real = await platform.disk.realPath(path);
  return real === path ? { path } : { refused: 'link' };
}

/** Opens what models name beside themselves, each file once, and closes all of them together. */
export class BesideFiles {
  readonly #opened = new Map<string, Promise<OpenedReader | null>>();

  constructor(
    private readonly platform: Platform,
    private readonly modelPath: string,
  ) {}

  readonly open: Beside = (name) => {
    const known = this.#opened.get(name) ?? this.#openNew(name);
    this.#opened.set(name, known);
    return known;
  };

  async close(): Promise<void> {
    for (const opened of this.#opened.values()) await (await opened)?.close();
  }

  async #openNew(name: string): Promise<OpenedReader | null> {
    const found = await besideFile(this.platform, this.modelPath, name);
    return 'path' in found ? await openFileReader(this.platform.disk, found.path) : null;
  }
}
