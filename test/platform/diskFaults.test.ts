import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Clock, nodePlatform, type WriteKind } from '../../src/platform';
import {
  type FaultPlan,
  FaultySeam,
  failEveryCall,
  faultModes,
  ProcessKilled,
  thrownBy,
} from './faultySeam';
import { openFilesBelow } from './openFiles';
import { freshPath, scratchDirectory } from './scratch';

const root = scratchDirectory('faults');
const bytes = (text: string) => new TextEncoder().encode(text);

async function fileOf(text: string): Promise<string> {
  const path = freshPath(root);
  await fs.writeFile(path, text);
  return path;
}

/** A clock whose waits are noted and not waited for. */
function hurriedClock(): Clock & { waited: number[] } {
  const waited: number[] = [];
  const sleep = (milliseconds: number) => {
    waited.push(milliseconds);
    return Promise.resolve();
  };
  return { ...nodePlatform().clock, sleep, waited };
}

describe('every writing call', () => {
  it('passes the seam with its kind and its target', async () => {
    const seam = new FaultySeam();
    const { disk } = nodePlatform({ seam });
    const directory = freshPath(root);
    const at = (name: string) => join(directory, name);
    await disk.makeDirectory(directory);
    const file = await disk.create(at('a'));
    await file.write(bytes('x'));
    await file.sync();
    await file.close();
    await disk.syncDirectory(directory);
    await disk.rename(at('a'), at('b'));
    await disk.setMode(at('b'), 0o600);
    await disk.setTimes(at('b'), 0n);
    await disk.makeLink('b', at('c'));
    await disk.remove(at('c'));
    await disk.removeTree(at('b'));
    await disk.removeEmptyDirectory(directory);
    const expected: [WriteKind, string][] = [
      ['disk.makeDirectory', directory],
      ['disk.create', at('a')],
      ['disk.write', at('a')],
      ['disk.sync', at('a')],
      ['disk.close', at('a')],
      ['disk.syncDirectory', directory],
      ['disk.rename', at('b')],
      ['disk.setMode', at('b')],
      ['disk.setTimes', at('b')],
      ['disk.link', at('c')],
      ['disk.remove', at('c')],
      ['disk.remove', at('b')],
      ['disk.remove', directory],
    ];
    expect(seam.calls.map(({ kind, target }) => [kind, target])).toEqual(expected);
  });

  it('comes behind those before, also when they are not done', async () => {
    const path = freshPath(root);
    const file = await nodePlatform().disk.create(path);
    const parts = Array.from({ length: 40 }, (_, part) => String.fromCharCode(65 + part));
    const writing = parts.map((part, at) =>
      at === 20 ? file.skip(1000) : file.write(bytes(part.repeat(5000 - 100 * at))),
    );
    await Promise.all(writing);
    await file.close();
    const expected = parts.map((part, at) =>
      at === 20 ? '\0'.repeat(1000) : part.repeat(5000 - 100 * at),
    );
    expect(await fs.readFile(path, 'latin1')).toBe(expected.join(''));
  });

  it('of a long file tells at its end what the disk said of what was sent on before', async () => {
    const only = ({ kind }: { kind: string }) => kind === 'disk.sync';
    const seam = new FaultySeam({ at: 1, mode: 'once', only });
    const file = await nodePlatform({ seam }).disk.create(freshPath(root));
    await file.skip(40 << 20);
    await file.write(bytes('x'));
    await expect(file.sync()).rejects.toMatchObject({ code: 'disk-failed' });
    await file.close();
    expect(seam.fired).toBe(1);
  });

  it.each([
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EFBIG', 'disk-full'],
    ['EIO', 'disk-failed'],
    ['EROFS', 'disk-failed'],
  ])('turns %s into %s, like a real one', async (code, failure) => {
    const { disk } = nodePlatform({ seam: new FaultySeam({ at: 1, mode: 'onwards', code }) });
    const path = await fileOf('x');
    const calls = [
      () => disk.makeDirectory(freshPath(root)),
      () => disk.create(freshPath(root)),
      () => disk.syncDirectory(root),
      () => disk.rename(path, freshPath(root)),
      () => disk.remove(path),
      () => disk.removeEmptyDirectory(path),
      () => disk.removeTree(path),
      () => disk.makeLink(path, freshPath(root)),
      () => disk.setMode(path, 0o600),
      () => disk.setTimes(path, 0n),
      () => disk.writeWhole(path, bytes('y')),
      () => disk.copy(path, freshPath(root)),
    ];
    for (const call of calls) expect(await thrownBy(call)).toMatchObject({ code: failure });
    expect(await fs.readFile(path, 'utf8')).toBe('x');
  });

  it('writes only the bytes that the fault lets through', async () => {
    const seam = new FaultySeam();
    const { disk } = nodePlatform({ seam });
    const path = freshPath(root);
    const file = await disk.create(path);
    seam.arm({ at: 1, mode: 'once', code: 'ENOSPC', short: 3 });
    await expect(file.write(bytes('12345'))).rejects.toMatchObject({ code: 'disk-full' });
    await file.close();
    expect(await fs.readFile(path, 'utf8')).toBe('123');
  });

  it('never takes the death of the process for an error of the disk', async () => {
    const plan: FaultPlan = { at: 3, mode: 'killed' };
    const { disk } = nodePlatform({ seam: new FaultySeam(plan) });
    const thrown = await thrownBy(() => disk.writeWhole(freshPath(root), bytes('x')));
    expect(thrown).toBeInstanceOf(ProcessKilled);
  });
});

describe('writing a file whole', () => {
  it.each(faultModes)('leaves the old or the new one, never a part (%s)', async (mode) => {
    const directory = freshPath(root);
    await fs.mkdir(directory);
    const path = join(directory, 'file');
    const failed = await failEveryCall({ mode, short: 2 }, async (seam) => {
      await fs.writeFile(path, 'before');
      const { disk } = nodePlatform({ seam });
      const thrown = await thrownBy(() => disk.writeWhole(path, bytes('after')));
      const found = await fs.readFile(path, 'utf8');
      expect(['before', 'after']).toContain(found);
      if (thrown === null) expect(found).toBe('after');
      else expect(seam.fired).toBeGreaterThan(0);
      // A passing error leaves nothing lying about: cleaning up works again.
      if (mode === 'once') expect(await fs.readdir(directory)).toEqual(['file']);
    });
    expect(failed).toBe(7);
  });

  it('gives the descriptor back when closing fails', async () => {
    const seam = new FaultySeam();
    const { disk } = nodePlatform({ seam });
    const directory = join(root, 'closing');
    await fs.mkdir(directory);
    for (let round = 0; round < 5; round += 1) {
      const file = await disk.create(freshPath(directory));
      seam.arm({ at: 1, mode: 'once' });
      await expect(file.close()).rejects.toMatchObject({ code: 'disk-failed' });
      await file.close();
    }
    if (process.platform === 'linux') expect(openFilesBelow(directory)).toEqual([]);
  });
});

describe('Windows', () => {
  it.each(['EPERM', 'EBUSY', 'EACCES'])('renames and removes again after %s', async (code) => {
    const from = await fileOf('x');
    const to = await fileOf('old');
    for (const only of ['disk.rename', 'disk.remove']) {
      const seam = new FaultySeam({
        at: 1,
        mode: 'once',
        code,
        only: (call) => call.kind === only,
      });
      const clock = hurriedClock();
      const { disk } = nodePlatform({ seam, clock, system: 'win32-x64' });
      if (only === 'disk.rename') await disk.rename(from, to);
      else await disk.remove(to);
      expect(clock.waited).toEqual([10]);
    }
    expect(await thrownBy(() => fs.access(to))).not.toBeNull();
  });

  it('gives up after about a second', async () => {
    const clock = hurriedClock();
    const seam = new FaultySeam({ at: 1, mode: 'onwards', code: 'EBUSY' });
    const { disk } = nodePlatform({ seam, clock, system: 'win32-x64' });
    const path = await fileOf('x');
    await expect(disk.rename(path, freshPath(root))).rejects.toMatchObject({
      code: 'disk-failed',
      data: { operation: 'rename', errno: 'EBUSY' },
    });
    expect(clock.waited.reduce((sum, wait) => sum + wait)).toBe(1000);
  });

  it('waits for nothing else, and elsewhere for nothing at all', async () => {
    const attempts = [
      { system: 'win32-x64', code: 'EIO' },
      { system: 'linux-x64', code: 'EBUSY' },
    ];
    for (const { system, code } of attempts) {
      const clock = hurriedClock();
      const seam = new FaultySeam({ at: 1, mode: 'once', code });
      const { disk } = nodePlatform({ seam, clock, system });
      const path = await fileOf('x');
      await expect(disk.rename(path, freshPath(root))).rejects.toMatchObject({
        data: { errno: code },
      });
      expect(clock.waited).toEqual([]);
    }
  });

  it.each([
    ['win32-x64', 'EPERM', null],
    ['win32-x64', 'EISDIR', null],
    ['linux-x64', 'EINVAL', null],
    ['linux-x64', 'ENOTSUP', null],
    ['linux-x64', 'EOPNOTSUPP', null],
    ['linux-x64', 'EPERM', 'disk-failed'],
    ['win32-x64', 'EIO', 'disk-failed'],
  ])('a directory that is not synced: %s, %s', async (system, code, failure) => {
    const seam = new FaultySeam({ at: 1, mode: 'once', code });
    const { disk } = nodePlatform({ seam, system });
    const thrown = await thrownBy(() => disk.syncDirectory(root));
    if (failure === null) expect(thrown).toBeNull();
    else expect(thrown).toMatchObject({ code: failure });
  });
});
