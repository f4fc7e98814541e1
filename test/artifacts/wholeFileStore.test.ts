import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArtifactStore, type StoredArtifact } from '../../src/artifacts';
import { Failure } from '../../src/core/failure';
import { nodePlatform } from '../../src/platform';
import { FaultySeam } from '../platform/faultySeam';
import { freshPath, scratchDirectory } from '../platform/scratch';
import { artifactStoreContract, sha256Of } from './contract';

artifactStoreContract('whole files', openArtifactStore);

const root = scratchDirectory('whole');

function bench() {
  const seam = new FaultySeam();
  const home = freshPath(root);
  const [directory, temporary] = [join(home, 'artifacts'), join(home, 'tmp')];
  const store = openArtifactStore(nodePlatform({ seam }), directory, temporary);
  return { home, directory, temporary, store, seam };
}

describe('the store of whole files on disk', () => {
  it('keeps each under its digest, read-only', async () => {
    const { directory, store } = bench();
    const content = randomBytes(1000);
    const { sha256 } = await store.putBytes(content);
    const path = join(directory, sha256.slice(0, 2), sha256);
    expect((await fs.readFile(path)).equals(content)).toBe(true);
    if (process.platform !== 'win32') expect((await fs.stat(path)).mode & 0o777).toBe(0o444);
  });

  it('syncs the bytes before the name, and every new directory entry after it', async () => {
    const { home, temporary, store, seam } = bench();
    const { sha256 } = await store.putBytes(Buffer.from('x'));
    const calls = seam.calls.map(({ kind, target }) => {
      const own = target.startsWith(join(temporary, 'artifact-'));
      return `${kind.slice('disk.'.length)} ${own ? 'temporary' : target.replace(home, '~')}`;
    });
    const shard = join('~', 'artifacts', sha256.slice(0, 2));
    expect(calls).toEqual([
      `makeDirectory ${join('~', 'tmp')}`,
      'create temporary',
      'write temporary',
      'sync temporary',
      'close temporary',
      `makeDirectory ${join('~', 'artifacts')}`,
      'syncDirectory ~',
      `makeDirectory ${shard}`,
      `syncDirectory ${join('~', 'artifacts')}`,
      `rename ${join(shard, sha256)}`,
      `syncDirectory ${shard}`,
    ]);
  });

  it('lists what is an artifact, in order, and nothing else', async () => {
    const { directory, store } = bench();
    const expected: StoredArtifact[] = [];
    for (let index = 0; index < 12; index += 1) {
      expected.push(await store.putBytes(Buffer.from(`artifact ${index}`)));
    }
    const stranger = sha256Of(Buffer.from('in the wrong place'));
    await fs.mkdir(join(directory, 'zz'));
    await fs.writeFile(join(directory, 'zz', stranger), 'x');
    await fs.writeFile(join(directory, 'notes.txt'), 'x');
    await fs.mkdir(join(directory, stranger.slice(0, 2), stranger), { recursive: true });
    const found: StoredArtifact[] = [];
    for await (const artifact of store.list()) found.push(artifact);
    expect(found).toEqual(expected.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)));
  });

  it('clears its own unfinished files and no others', async () => {
    const { temporary, store } = bench();
    await fs.mkdir(join(temporary, 'artifact-directory'), { recursive: true });
    await fs.writeFile(join(temporary, 'artifact-0123'), 'half');
    await fs.writeFile(join(temporary, 'index-0123'), 'of another room');
    await store.clearUnfinished(0);
    expect((await fs.readdir(temporary)).sort()).toEqual(['artifact-directory', 'index-0123']);
  });

  it('leaves what another process may be writing at this moment', async () => {
    const { temporary, store } = bench();
    await fs.mkdir(temporary, { recursive: true });
    await fs.writeFile(join(temporary, 'artifact-young'), 'half');
    await fs.writeFile(join(temporary, 'artifact-old'), 'half');
    const old = new Date('2026-01-01T00:00:00Z');
    await fs.utimes(join(temporary, 'artifact-old'), old, old);
    await store.clearUnfinished(60_000);
    expect(await fs.readdir(temporary)).toEqual(['artifact-young']);
  });

  it('tells bytes that the disk cannot give back as damage', async () => {
    const { directory, temporary, store } = bench();
    const { sha256, size } = await store.putBytes(Buffer.from('on a bad sector'));
    const platform = nodePlatform();
    const openRead = async (path: string) => {
      const handle = await platform.disk.openRead(path);
      if (handle === null) return null;
      const lost = new Failure('disk-failed', { operation: 'read', path, errno: 'EIO' });
      const read = () => Promise.reject(lost);
      return { facts: () => handle.facts(), close: () => handle.close(), read };
    };
    const ill = { ...platform, disk: { ...platform.disk, openRead } };
    const other = openArtifactStore(ill, directory, temporary);
    expect(await other.check(sha256, size, true)).toBe('damaged');
    expect(await other.check(sha256, size, false)).toBe('sound');
  });
});
