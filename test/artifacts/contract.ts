import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import * as world from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArtifactStore, StoredArtifact } from '../../src/artifacts';
import { Cancelled } from '../../src/core/failure';
import type { Progress } from '../../src/core/progress';
import { nodePlatform, type Platform, type WriteSeam } from '../../src/platform';
import {
  FaultySeam,
  failEveryCall,
  faultModes,
  ProcessKilled,
  systemError,
  thrownBy,
} from '../platform/faultySeam';
import { freshPath, scratchDirectory } from '../platform/scratch';

/** Opens the store under test; called again for the same directories, it finds what is there. */
export type StoreMaker = (
  platform: Platform,
  directory: string,
  temporaryDirectory: string,
) => ArtifactStore;

const posix = process.platform !== 'win32';
/** Older than any step of a file system's clock, so that no test waits for it. */
const longAgo = new Date(Date.now() - 60_000);
/** Two pieces and a bit, as the stores stream in pieces of 1 MiB. */
const someLength = (2 << 20) + 12_345;
/** Two pieces: enough where every single write is to fail. */
const fewLength = (1 << 20) + 345;

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function collect(store: ArtifactStore): Promise<StoredArtifact[]> {
  const found: StoredArtifact[] = [];
  for await (const artifact of store.list()) found.push(artifact);
  return found;
}

/** All files below a directory; none where it is not there. */
async function filesBelow(directory: string): Promise<string[]> {
  const entries = await fs
    .readdir(directory, { recursive: true, withFileTypes: true })
    .catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The file below a directory that holds the most bytes. */
async function largestBelow(directory: string): Promise<string> {
  const files = await filesBelow(directory);
  const sizes = await Promise.all(files.map(async (file) => (await fs.stat(file)).size));
  const largest = files[sizes.indexOf(Math.max(...sizes))];
  if (largest === undefined) throw new Error('nothing is stored');
  return largest;
}

/** A platform that does something to the world at the first write of bytes. */
function meddling(meddle: () => void): Platform {
  let done = false;
  const seam: WriteSeam = {
    before: ({ kind }) => {
      if (kind === 'disk.write' && !done) {
        done = true;
        meddle();
      }
      return null;
    },
  };
  return nodePlatform({ seam });
}

/** A platform whose disk says that it has so little space left. */
function cramped(free: number): Platform {
  const platform = nodePlatform();
  return { ...platform, disk: { ...platform.disk, freeSpace: () => Promise.resolve(free) } };
}

/** What may happen to a source of `someLength` bytes while it is read. */
const changes: [string, (path: string) => void][] = [
  ['grows', (path) => world.appendFileSync(path, 'more')],
  ['grows by much', (path) => world.appendFileSync(path, randomBytes(3 << 20))],
  ['shrinks', (path) => world.truncateSync(path, 100)],
  ['is emptied', (path) => world.truncateSync(path, 0)],
  ['vanishes', (path) => world.rmSync(path)],
  [
    'is written in place',
    (path) => {
      const file = world.openSync(path, 'r+');
      world.writeSync(file, 'other', someLength - 100);
      world.closeSync(file);
    },
  ],
  [
    'is replaced by one of the same length',
    (path) => {
      world.writeFileSync(`${path}.new`, randomBytes(someLength));
      world.renameSync(`${path}.new`, path);
    },
  ],
  [
    'becomes a directory',
    (path) => {
      world.rmSync(path);
      world.mkdirSync(path);
    },
  ],
];

/**
 * What every artifact store must keep, whatever way it lays out its bytes.
 * @param name of the implementation
 */
export function artifactStoreContract(name: string, make: StoreMaker): void {
  const root = scratchDirectory('store');
  const bench = (home = freshPath(root)) => {
    const [directory, temporary] = [join(home, 'artifacts'), join(home, 'tmp')];
    const open = (platform = nodePlatform()) => make(platform, directory, temporary);
    return { home, directory, temporary, open, store: open() };
  };
  const fileOf = async (content: Uint8Array): Promise<string> => {
    const path = freshPath(root);
    await fs.writeFile(path, content);
    await fs.utimes(path, longAgo, longAgo);
    return path;
  };
  const linkTo = (target: string | null): string => {
    const link = freshPath(root);
    world.symlinkSync(target ?? link, link);
    return link;
  };
  const isNothing = async (path: string): Promise<void> => {
    await expect(fs.lstat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  };

  describe(`${name}: bytes`, () => {
    it('come back equal, whatever they are', async () => {
      const { store } = bench();
      const lengths = fc.constantFrom(0, 1, 4095, 4096, 1 << 20, (1 << 20) + 1);
      const content = fc.oneof(
        { weight: 4, arbitrary: fc.uint8Array({ maxLength: 300 }) },
        { weight: 1, arbitrary: lengths.map((length) => randomBytes(length)) },
        { weight: 1, arbitrary: lengths.map((length) => Buffer.alloc(length)) },
      );
      await fc.assert(
        fc.asyncProperty(content, fc.boolean(), async (bytes, asFile) => {
          const stored = asFile
            ? await store.put(await fileOf(bytes))
            : await store.putBytes(bytes);
          expect(stored).toMatchObject({ sha256: sha256Of(bytes), size: bytes.length });
          const back = freshPath(root);
          await store.restore(stored.sha256, back, 0o644);
          expect((await fs.readFile(back)).equals(bytes)).toBe(true);
          const whole = await store.readWhole(stored.sha256, bytes.length);
          expect(Buffer.from(whole).equals(bytes)).toBe(true);
          expect(await store.check(stored.sha256, bytes.length, true)).toBe('sound');
        }),
        { numRuns: 25 },
      );
    });

    it('are read at any offset', async () => {
      const { store } = bench();
      const content = randomBytes(someLength);
      const { sha256 } = await store.putBytes(content);
      const reader = await store.open(sha256);
      expect(reader.size).toBe(someLength);
      const position = fc.nat({ max: someLength });
      await fc.assert(
        fc.asyncProperty(position, fc.nat({ max: 5000 }), async (offset, wanted) => {
          const length = Math.min(wanted, someLength - offset);
          const found = Buffer.from(await reader.read(offset, length));
          expect(found.equals(content.subarray(offset, offset + length))).toBe(true);
        }),
      );
      await expect(reader.read(someLength, 1)).rejects.toThrow(RangeError);
      await reader.close();
    });

    it('lie there once, however often and at once they come', async () => {
      const { store } = bench();
      const content = randomBytes(someLength);
      const paths = [await fileOf(content), await fileOf(content), await fileOf(content)];
      const results = await Promise.all(paths.map((path) => store.put(path)));
      const added = results.map((result) => result.added).sort((a, b) => b - a);
      expect(added.slice(1)).toEqual([0, 0]);
      expect(added[0]).toBeGreaterThan(0);
      expect((await store.put(await fileOf(content))).added).toBe(0);
      expect(await collect(store)).toEqual([{ sha256: sha256Of(content), size: someLength }]);
    });

    it('of an empty file are an artifact like others', async () => {
      const { store } = bench();
      const { sha256, size } = await store.put(await fileOf(Buffer.alloc(0)));
      expect(size).toBe(0);
      expect(await store.has(sha256, 0)).toBe(true);
      expect(await store.check(sha256, 0, true)).toBe('sound');
      expect(await collect(store)).toEqual([{ sha256, size: 0 }]);
    });

    it('with holes come back equal, and take little space and memory', async () => {
      const { store, directory } = bench();
      const length = 48 << 20;
      const path = await fileOf(Buffer.from('begin'));
      await fs.truncate(path, length);
      const before = process.memoryUsage().rss;
      let peak = 0;
      const progress = () => {
        peak = Math.max(peak, process.memoryUsage().rss);
      };
      const { sha256, size } = await store.put(path, { progress });
      expect(size).toBe(length);
      expect(peak).toBeGreaterThan(0);
      expect(peak - before).toBeLessThan(32 << 20);
      const files = await filesBelow(directory);
      const blocks = await Promise.all(files.map(async (file) => (await fs.stat(file)).blocks));
      expect(blocks.reduce((sum, count) => sum + count) * 512).toBeLessThan(8 << 20);
      const back = freshPath(root);
      await store.restore(sha256, back, 0o600);
      const stats = await fs.stat(back);
      expect(stats.size).toBe(length);
      expect(stats.blocks * 512).toBeLessThan(8 << 20);
    });
  });

  describe(`${name}: a source`, () => {
    it('is told by its facts, as it was read', async () => {
      const { store } = bench();
      const path = await fileOf(randomBytes(100));
      const { facts } = await store.put(path);
      expect(facts).toEqual(await nodePlatform().disk.facts(path));
    });

    it('may be a link to a file', async () => {
      const link = linkTo(await fileOf(Buffer.from('linked')));
      const { sha256, facts } = await bench().store.put(link);
      expect(sha256).toBe(sha256Of(Buffer.from('linked')));
      expect(facts.kind).toBe('file');
    });

    it.each([
      ['nothing', () => freshPath(root), 'no-such-file'],
      ['a directory', () => root, 'unreadable'],
      ['a link to a directory', () => linkTo(root), 'unreadable'],
      ['a link to nothing', () => linkTo(freshPath(root)), 'no-such-file'],
      ['a link to itself', () => linkTo(null), 'unreadable'],
    ])('may not be %s', async (_what, path, code) => {
      const { store, temporary } = bench();
      await expect(store.put(path())).rejects.toMatchObject({ code });
      expect(await filesBelow(temporary)).toEqual([]);
      expect(await collect(store)).toEqual([]);
    });

    it.runIf(posix)('may not be a pipe, and is not waited for', async () => {
      const pipe = freshPath(root);
      execFileSync('mkfifo', [pipe]);
      await expect(bench().store.put(pipe)).rejects.toMatchObject({ code: 'unreadable' });
    });

    it.each(changes)('that %s while it is read is not stored', async (_what, change) => {
      const { open, temporary } = bench();
      const path = await fileOf(randomBytes(someLength));
      const store = open(meddling(() => change(path)));
      await expect(store.put(path)).rejects.toMatchObject({ code: 'file-changed', data: { path } });
      expect(await filesBelow(temporary)).toEqual([]);
      expect(await collect(store)).toEqual([]);
    });

    it('whose link leads elsewhere meanwhile is not stored', async () => {
      const { open } = bench();
      const link = linkTo(await fileOf(randomBytes(someLength)));
      const other = await fileOf(randomBytes(someLength));
      const retarget = () => {
        world.rmSync(link);
        world.symlinkSync(other, link);
      };
      const stored = open(meddling(retarget)).put(link);
      await expect(stored).rejects.toMatchObject({ code: 'file-changed' });
    });

    it('written a moment ago cannot be written again unseen', async () => {
      const { open } = bench();
      const path = freshPath(root);
      // Both writes may fall into one step of a coarse clock.
      world.writeFileSync(path, randomBytes(someLength));
      const store = open(meddling(() => world.writeFileSync(path, randomBytes(someLength))));
      await expect(store.put(path)).rejects.toMatchObject({ code: 'file-changed' });
    });
  });

  describe(`${name}: what is long`, () => {
    it('tells how far it is', async () => {
      const { store } = bench();
      const length = 17 << 20;
      const path = await fileOf(Buffer.alloc(length, 7));
      const told: Progress[] = [];
      const activity = { progress: (progress: Progress) => void told.push(progress) };
      const { sha256 } = await store.put(path, activity);
      await store.restore(sha256, freshPath(root), 0o600, activity);
      await store.check(sha256, length, true, activity);
      for (const phase of ['storing', 'restoring', 'checking']) {
        const reports = told.filter((progress) => progress.phase === phase);
        const done = reports.map((progress) => progress.done);
        expect(reports.length).toBeGreaterThan(1);
        expect(done).toEqual([...done].sort((a, b) => a - b));
        expect(reports.at(-1)).toMatchObject({ done: length, total: length, unit: 'bytes' });
      }
    });

    it('is called off, and leaves nothing', async () => {
      const { open, temporary } = bench();
      const content = randomBytes(someLength);
      const path = await fileOf(content);
      const putting = new AbortController();
      const store = open(meddling(() => putting.abort()));
      const { signal } = putting;
      expect(await thrownBy(() => store.put(path, { signal }))).toBeInstanceOf(Cancelled);
      expect(await filesBelow(temporary)).toEqual([]);
      expect(await collect(store)).toEqual([]);

      const { sha256, size } = await store.putBytes(content);
      const restoring = new AbortController();
      const activity = { signal: restoring.signal };
      const other = open(meddling(() => restoring.abort()));
      const back = freshPath(root);
      const restored = () => other.restore(sha256, back, 0o600, activity);
      expect(await thrownBy(restored)).toBeInstanceOf(Cancelled);
      await isNothing(back);
      const checked = () => other.check(sha256, size, true, activity);
      expect(await thrownBy(checked)).toBeInstanceOf(Cancelled);
    });
  });

  describe(`${name}: what is not here or not whole`, () => {
    const absent = sha256Of(Buffer.from('never stored'));

    it('is missing, also where there is no store yet', async () => {
      const empty = bench();
      const used = bench();
      await used.store.putBytes(Buffer.from('something'));
      for (const { store } of [empty, used]) {
        expect(await store.has(absent)).toBe(false);
        expect(await store.size(absent)).toBeNull();
        expect(await store.check(absent, 12, true)).toBe('missing');
        await store.remove(absent);
        await store.clearUnfinished(0);
        const data = { sha256: absent, path: null, versions: [] };
        const missing = { code: 'artifact-missing', data };
        await expect(store.open(absent)).rejects.toMatchObject(missing);
        await expect(store.readWhole(absent, 100)).rejects.toMatchObject(missing);
        const back = freshPath(root);
        await expect(store.restore(absent, back, 0o600)).rejects.toMatchObject(missing);
        await isNothing(back);
      }
      expect(await collect(empty.store)).toEqual([]);
      await isNothing(empty.directory);
    });

    it.each([
      '',
      '../../etc/passwd',
      absent.toUpperCase(),
      `${absent}/`,
      `${absent}\n`,
      absent.slice(1),
    ])('is refused when its name is no digest: %j', async (name) => {
      await expect(bench().store.size(name)).rejects.toMatchObject({ code: 'record-invalid' });
    });

    it('is damage when one bit is another, and never restored', async () => {
      const { store, directory } = bench();
      const { sha256, size } = await store.putBytes(randomBytes(someLength));
      const file = await largestBelow(directory);
      const stored = await fs.readFile(file);
      stored[stored.length >> 1] = (stored[stored.length >> 1] ?? 0) ^ 4;
      await fs.chmod(file, 0o644);
      await fs.writeFile(file, stored);
      expect(await store.check(sha256, size, true)).toBe('damaged');
      const damaged = { code: 'artifact-damaged', data: { sha256 } };
      await expect(store.readWhole(sha256, size)).rejects.toMatchObject(damaged);
      const back = freshPath(root);
      await expect(store.restore(sha256, back, 0o600)).rejects.toMatchObject(damaged);
      await isNothing(back);
    });

    it('is damage when it is cut off, and is healed by the original', async () => {
      const { store, directory } = bench();
      const content = randomBytes(someLength);
      const { sha256, size } = await store.putBytes(content);
      const file = await largestBelow(directory);
      await fs.chmod(file, 0o644);
      await fs.truncate(file, 1000);
      expect(await store.check(sha256, size, false)).toBe('damaged');
      expect(await store.check(sha256, size, true)).toBe('damaged');
      expect(await store.has(sha256, size)).toBe(false);
      await store.put(await fileOf(content));
      expect(await store.check(sha256, size, true)).toBe('sound');
    });

    it('is read whole only up to a limit', async () => {
      const { store } = bench();
      const { sha256 } = await store.putBytes(Buffer.alloc(100));
      await expect(store.readWhole(sha256, 99)).rejects.toMatchObject({ code: 'unreadable' });
    });

    it('is gone once it is removed', async () => {
      const { store } = bench();
      const one = await store.putBytes(Buffer.from('one'));
      const two = await store.putBytes(Buffer.from('two'));
      await store.remove(one.sha256);
      await store.remove(one.sha256);
      expect(await store.has(one.sha256)).toBe(false);
      expect(await collect(store)).toEqual([two]);
    });
  });

  describe(`${name}: restoring`, () => {
    it('writes only where nothing is, with exactly the mode', async () => {
      const { store } = bench();
      const { sha256 } = await store.putBytes(Buffer.from('new'));
      const taken = await fileOf(Buffer.from('old'));
      await expect(store.restore(sha256, taken, 0o644)).rejects.toMatchObject({
        code: 'disk-failed',
        data: { errno: 'EEXIST' },
      });
      expect(await fs.readFile(taken, 'utf8')).toBe('old');
      for (const mode of posix ? [0o600, 0o666, 0o755, 0o444] : []) {
        const path = freshPath(root);
        await store.restore(sha256, path, mode);
        expect((await fs.stat(path)).mode & 0o7777).toBe(mode);
      }
    });
  });

  describe(`${name}: space`, () => {
    it('is looked at before a long write begins', async () => {
      const { open, store, temporary } = bench();
      const path = await fileOf(randomBytes(someLength));
      const full = { code: 'disk-full', data: { free: 1000 } };
      await expect(open(cramped(1000)).put(path)).rejects.toMatchObject(full);
      expect(await filesBelow(temporary)).toEqual([]);
      const { sha256 } = await store.put(path);
      const back = freshPath(root);
      await expect(open(cramped(1000)).restore(sha256, back, 0o600)).rejects.toMatchObject(full);
      await isNothing(back);
    });

    it('is not needed for what is here already', async () => {
      const { open, store } = bench();
      const path = await fileOf(randomBytes(someLength));
      const { sha256 } = await store.put(path);
      expect(await open(cramped(0)).put(path)).toMatchObject({ sha256, added: 0 });
    });

    it('that runs out is told as such, and leaves nothing', async () => {
      const { open, temporary } = bench();
      const path = await fileOf(randomBytes(someLength));
      for (const at of [1, 2, 3]) {
        const only = ({ kind }: { kind: string }) => kind === 'disk.write';
        const seam = new FaultySeam({ at, mode: 'once', code: 'ENOSPC', short: 1000, only });
        const store = open(nodePlatform({ seam }));
        await expect(store.put(path)).rejects.toMatchObject({ code: 'disk-full' });
        expect(await filesBelow(temporary)).toEqual([]);
        expect(await collect(store)).toEqual([]);
      }
    });
  });

  describe(`${name}: a failure`, () => {
    it('is the first one, also when cleaning up fails in another way', async () => {
      const { open } = bench();
      const path = await fileOf(randomBytes(someLength));
      const codes: Record<string, string> = { 'disk.write': 'ENOSPC', 'disk.remove': 'EIO' };
      const seam: WriteSeam = {
        before: ({ kind }) => {
          const code = codes[kind];
          return code === undefined ? null : { error: systemError(code) };
        },
      };
      const stored = open(nodePlatform({ seam })).put(path);
      await expect(stored).rejects.toMatchObject({ code: 'disk-full' });
    });
  });

  describe.each(faultModes)(`${name}: every write fails in its turn (%s)`, (mode) => {
    it('putting: there are only whole artifacts, and none is lost', async () => {
      const content = randomBytes(fewLength);
      const path = await fileOf(content);
      const before = bench();
      const kept = await before.store.putBytes(Buffer.from('kept'));
      const failed = await failEveryCall({ mode, short: 1000 }, async (seam) => {
        const { home, open, temporary } = bench();
        await fs.cp(before.home, home, { recursive: true });
        const thrown = await thrownBy(() => open(nodePlatform({ seam })).put(path));
        const after = open();
        const found = await collect(after);
        expect(found).toContainEqual(kept);
        for (const { sha256, size } of found) {
          expect(await after.check(sha256, size, true)).toBe('sound');
        }
        if (seam.fired === 0) expect(thrown).toBeNull();
        if (thrown === null) expect(found).toHaveLength(2);
        else if (mode === 'killed') expect(thrown).toBeInstanceOf(ProcessKilled);
        else expect(thrown).toMatchObject({ code: 'disk-failed' });
        if (mode === 'once') expect(await filesBelow(temporary)).toEqual([]);
        await after.clearUnfinished(0);
        expect(await filesBelow(temporary)).toEqual([]);
        expect(await after.put(path)).toMatchObject({ sha256: sha256Of(content) });
        expect(await after.check(sha256Of(content), fewLength, true)).toBe('sound');
      });
      expect(failed).toBeGreaterThan(8);
    });

    it('restoring: the artifact stays, and a passing error leaves no file', async () => {
      const { open, store } = bench();
      const content = randomBytes(fewLength);
      const { sha256, size } = await store.putBytes(content);
      const failed = await failEveryCall({ mode, short: 1000 }, async (seam) => {
        const back = freshPath(root);
        const ill = open(nodePlatform({ seam }));
        const thrown = await thrownBy(() => ill.restore(sha256, back, 0o644));
        if (thrown === null) expect((await fs.readFile(back)).equals(content)).toBe(true);
        else if (mode === 'once') await isNothing(back);
        else expect(seam.fired).toBeGreaterThan(0);
        expect(await store.check(sha256, size, true)).toBe('sound');
      });
      expect(failed).toBeGreaterThan(5);
    });
  });
}
