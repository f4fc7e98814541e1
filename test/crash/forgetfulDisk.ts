import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Disk, WriteHandle } from '../../src/platform';

/**
 * What is lost when the power fails: `all` that was not synced; the `content` of files that were
 * not synced, while their names stay; or `some` names and contents, whichever they are.
 */
export type Loss = 'all' | 'content' | 'some';
export const losses: readonly Loss[] = ['all', 'content', 'some'];

/** A change of a directory's entries that no sync of the directory has made lasting yet. */
interface Entry {
  readonly directory: string;
  /** The paths that it concerns. */
  readonly paths: readonly string[];
  readonly undo: () => void;
}

/**
 * An adversarial disk: everything that passes it is really written, and on `lose` what was not
 * synced is forgotten, as far as a file system may: the bytes of a file until its `sync`, the names
 * in a directory until its `syncDirectory`, and with the name of a new directory all that is in it.
 * Git and SQLite write beside it; they sync what they promise by themselves.
 */
export class ForgetfulDisk {
  #entries: Entry[] = [];
  /** Files by the path that they have now. */
  #unsynced = new Set<string>();
  readonly #graveyard: string;
  #buried = 0;

  constructor(graveyard: string) {
    this.#graveyard = graveyard;
    mkdirSync(graveyard, { recursive: true });
  }

  /** The disk as the product is given it. */
  over(disk: Disk): Disk {
    return {
      ...disk,
      makeDirectory: async (path) => {
        const top = await disk.makeDirectory(path);
        if (top !== null) this.#changed([top], () => this.#bury(top));
        return top;
      },
      create: async (path, mode) => {
        const handle = await disk.create(path, mode);
        this.#unsynced.add(path);
        this.#changed([path], () => this.#bury(path));
        return this.#watched(handle);
      },
      clone: async (from, to) => {
        const handle = await disk.clone(from, to);
        if (handle === null) return null;
        this.#unsynced.add(to);
        this.#changed([to], () => this.#bury(to));
        return this.#watched(handle);
      },
      copy: async (from, to) => {
        const old = this.#kept(to);
        await disk.copy(from, to);
        this.#unsynced.add(to);
        this.#changed([to], () => this.#back(to, old));
      },
      rename: async (from, to) => {
        const old = this.#kept(to);
        await disk.rename(from, to);
        this.#moved(from, to);
        this.#changed([to, from], () => {
          if (exists(to) && !exists(from) && isDirectory(dirname(from))) renameSync(to, from);
          this.#back(to, old);
        });
      },
      remove: async (path) => {
        const old = this.#kept(path);
        await disk.remove(path);
        if (old !== null) this.#changed([path], () => this.#back(path, old));
      },
      removeEmptyDirectory: async (path) => {
        const removed = await disk.removeEmptyDirectory(path);
        if (removed) this.#changed([path], () => this.#remade(path));
        return removed;
      },
      makeLink: async (target, path) => {
        await disk.makeLink(target, path);
        this.#changed([path], () => this.#bury(path));
      },
      syncDirectory: async (path) => {
        await disk.syncDirectory(path);
        this.#entries = this.#entries.filter(({ directory }) => directory !== path);
      },
    };
  }

  /** The power fails. `chance` gives numbers from 0 to 1. */
  lose(loss: Loss, chance: () => number): void {
    for (const path of this.#unsynced) {
      if (exists(path) && (loss !== 'some' || chance() < 0.5)) forgetContent(path, chance());
    }
    const stays: string[] = [];
    for (const { paths, undo } of this.#entries.reverse()) {
      // A name that lasts carries those that it rests on.
      const rests = paths.some((path) => stays.some((other) => touch(path, other)));
      const forgotten = loss === 'all' || (loss === 'some' && chance() < 0.5);
      if (forgotten && !rests) undo();
      else stays.push(...paths);
    }
    this.#entries = [];
    this.#unsynced.clear();
  }

  #watched(handle: WriteHandle): WriteHandle {
    return {
      path: handle.path,
      write: (bytes) => handle.write(bytes),
      skip: (length) => handle.skip(length),
      sync: async () => {
        await handle.sync();
        this.#unsynced.delete(handle.path);
      },
      close: () => handle.close(),
    };
  }

  #changed(paths: readonly string[], undo: () => void): void {
    this.#entries.push({ directory: dirname(paths[0] ?? ''), paths, undo });
  }

  #moved(from: string, to: string): void {
    for (const path of [...this.#unsynced]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#unsynced.delete(path);
      this.#unsynced.add(to + path.slice(from.length));
    }
  }

  /** Another name for what is there, to bring it back by; `null` where nothing is. */
  #kept(path: string): string | null {
    if (!exists(path)) return null;
    const facts = lstatSync(path);
    const grave = this.#grave();
    if (facts.isSymbolicLink()) symlinkSync(readlinkSync(path), grave);
    else if (facts.isFile()) linkSync(path, grave);
    else return null;
    return grave;
  }

  #back(path: string, grave: string | null): void {
    if (exists(path)) this.#bury(path);
    if (grave !== null && isDirectory(dirname(path)) && !exists(path)) renameSync(grave, path);
  }

  #remade(path: string): void {
    if (isDirectory(dirname(path)) && !exists(path)) mkdirSync(path);
  }

  #bury(path: string): void {
    if (exists(path)) renameSync(path, this.#grave());
  }

  #grave(): string {
    this.#buried += 1;
    return join(this.#graveyard, String(this.#buried));
  }
}

/** Whether one path is the other, or lies in it. */
function touch(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** A link whose target is away exists as well. */
function exists(path: string): boolean {
  return isDirectory(dirname(path)) && lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Nothing, a part, or zeros. The inode stays, for it may have another name. */
function forgetContent(path: string, chance: number): void {
  const facts = lstatSync(path);
  if (!facts.isFile()) return;
  if (chance < 0.4) truncateSync(path, 0);
  else if (chance < 0.7) truncateSync(path, Math.floor(facts.size / 2));
  else writeFileSync(path, Buffer.alloc(facts.size));
}

/** For the end of a test. */
export function removeGraveyard(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
