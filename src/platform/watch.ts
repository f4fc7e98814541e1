import { type FSWatcher, watch } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { errnoOf, isAbsent } from './diskErrors';

export interface Watch {
  dispose(): void;
}

/**
 * Watches a directory with everything below it. Where the system offers only one directory at a
 * time (Linux), every directory gets a watch of its own, made without holding the thread: Node's
 * own recursion reads the whole tree synchronously and watches each file.
 * @param system as `Platform.system`
 * @param changed see `Disk.watch`
 */
export function watchDirectory(
  path: string,
  system: string,
  changed: (name: string | null) => void,
): Watch {
  const recursive = system.startsWith('darwin') || system.startsWith('win32');
  const watcher = new DirectoryWatch(path, recursive, changed);
  watcher.start();
  return watcher;
}

async function isDirectory(path: string): Promise<boolean | null> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (isAbsent(error)) return null;
    // Closed to us: then there is nothing to watch in it either.
    if (errnoOf(error) !== null) return false;
    throw error;
  }
}

async function directoriesIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
  } catch (error) {
    // Gone already, or closed to us: nothing to watch in it.
    if (errnoOf(error) !== null) return [];
    throw error;
  }
}

class DirectoryWatch implements Watch {
  readonly #root: string;
  readonly #recursive: boolean;
  readonly #changed: (name: string | null) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #ended = false;

  constructor(root: string, recursive: boolean, changed: (name: string | null) => void) {
    this.#root = root;
    this.#recursive = recursive;
    this.#changed = changed;
  }

  start(): void {
    if (this.#add(this.#root)) void this.#descend(this.#root, false);
  }

  dispose(): void {
    this.#ended = true;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** Nothing more will be told: says so once, and never before `watchDirectory` has returned. */
  #die(): void {
    if (this.#ended) return;
    this.dispose();
    queueMicrotask(() => this.#changed(null));
  }

  #add(directory: string): boolean {
    if (this.#ended || this.#watchers.has(directory)) return false;
    try {
      const watcher = watch(directory, { recursive: this.#recursive, persistent: false });
      this.#watchers.set(directory, watcher);
      watcher.on('change', (_event, name) => this.#tell(directory, name));
      watcher.on('error', () => this.#drop(directory));
      return true;
    } catch (error) {
      if (errnoOf(error) === null) throw error;
      // A directory below may be gone again already. Without the root, or without watches left in
      // the system, there would be holes that nobody knows of.
      if (directory === this.#root || !isAbsent(error)) this.#die();
      return false;
    }
  }

  /** Watches what lies in `directory`, and tells what was made there before its watch began. */
  async #descend(directory: string, fresh: boolean): Promise<void> {
    if (this.#recursive) return;
    for (const below of await directoriesIn(directory)) {
      if (this.#add(below)) await this.#descend(below, fresh);
    }
    if (fresh && !this.#ended) this.#changed(relative(this.#root, directory));
  }

  /** Ends the watches of a directory that is gone, and of those in it. */
  #drop(directory: string): void {
    if (directory === this.#root) {
      this.#die();
      return;
    }
    for (const [path, watcher] of this.#watchers) {
      if (path !== directory && !path.startsWith(directory + sep)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
  }

  #tell(directory: string, name: string | Buffer | null): void {
    if (this.#ended) return;
    const path = name === null ? directory : join(directory, name.toString());
    this.#changed(relative(this.#root, path));
    void this.#look(path);
  }

  /** Sees whether what changed is a new directory, or one that is gone. */
  async #look(path: string): Promise<void> {
    const directory = await isDirectory(path);
    if (this.#ended) return;
    if (directory === true && !this.#recursive && this.#add(path)) return this.#descend(path, true);
    if (directory !== null) return;
    this.#drop(path);
    if ((await isDirectory(this.#root)) !== true) this.#die();
  }
}
