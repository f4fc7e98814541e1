import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArtifactStore, type StoredArtifact } from '../../src/artifacts';
import { Failure } from '../../src/core/failure';
import { nodePlatform } from '../../src/platform';
import { freshPath, scratchDirectory } from '../platform/scratch';
import { sha256Of } from './contract';

const root = scratchDirectory('whole');

/** A store as older versions of Cairn left it: each artifact a file under its digest. */
async function olderStore(...contents: Uint8Array[]) {
  const home = freshPath(root);
  const [directory, temporary] = [join(home, 'artifacts'), join(home, 'tmp')];
  for (const content of contents) {
    const sha256 = sha256Of(content);
    await fs.mkdir(join(directory, sha256.slice(0, 2)), { recursive: true });
    await fs.writeFile(join(directory, sha256.slice(0, 2), sha256), content, { mode: 0o444 });
  }
  const open = (platform = nodePlatform()) => openArtifactStore(platform, directory, temporary);
  return { directory, temporary, open, store: open() };
}

describe('what a store of whole files left', () => {
  const content = randomBytes((1 << 20) + 345);
  const sha256 = sha256Of(content);

  it('is here as it was', async () => {
    const { store } = await olderStore(content);
    expect(await store.has(sha256, content.length)).toBe(true);
    expect(await store.check(sha256, content.length, true)).toBe('sound');
    expect(content.equals(await store.readWhole(sha256, content.length))).toBe(true);
    const reader = await store.open(sha256);
    expect(Buffer.from(await reader.read(5, 100))).toEqual(content.subarray(5, 105));
    await reader.close();
    const back = freshPath(root);
    await store.restore(sha256, back, 0o644);
    expect(content.equals(await fs.readFile(back))).toBe(true);
    await store.remove(sha256);
    expect(await store.has(sha256)).toBe(false);
  });

  it('is listed with what came later, in order, and nothing else is', async () => {
    const older = Buffer.from('an older one');
    const { directory, store } = await olderStore(older);
    const expected: StoredArtifact[] = [{ sha256: sha256Of(older), size: older.length }];
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

  it('is damage where the disk cannot give bytes back, or gives others', async () => {
    const { directory, open, store } = await olderStore(content);
    const platform = nodePlatform();
    const openRead = async (path: string) => {
      const handle = await platform.disk.openRead(path);
      if (handle === null) return null;
      const lost = new Failure('disk-failed', { operation: 'read', path, errno: 'EIO' });
      const read = () => Promise.reject(lost);
      return { facts: () => handle.facts(), close: () => handle.close(), read };
    };
    const ill = open({ ...platform, disk: { ...platform.disk, openRead } });
    expect(await ill.check(sha256, content.length, true)).toBe('damaged');
    const path = join(directory, sha256.slice(0, 2), sha256);
    await fs.chmod(path, 0o644);
    await fs.writeFile(path, randomBytes(content.length));
    expect(await store.check(sha256, content.length, false)).toBe('sound');
    expect(await store.check(sha256, content.length, true)).toBe('damaged');
    await expect(store.readWhole(sha256, content.length)).rejects.toMatchObject({
      code: 'artifact-damaged',
    });
  });
});

describe('unfinished files', () => {
  it('are cleared, those of others are not', async () => {
    const { temporary, store } = await olderStore();
    await fs.mkdir(join(temporary, 'artifact-directory'), { recursive: true });
    await fs.writeFile(join(temporary, 'artifact-0123'), 'half');
    await fs.writeFile(join(temporary, 'index-0123'), 'of another room');
    await store.clearUnfinished(0);
    expect((await fs.readdir(temporary)).sort()).toEqual(['artifact-directory', 'index-0123']);
  });

  it('stay while another process may be writing them', async () => {
    const { temporary, store } = await olderStore();
    await fs.mkdir(temporary, { recursive: true });
    await fs.writeFile(join(temporary, 'artifact-young'), 'half');
    await fs.writeFile(join(temporary, 'artifact-old'), 'half');
    const old = new Date('2026-01-01T00:00:00Z');
    await fs.utimes(join(temporary, 'artifact-old'), old, old);
    await store.clearUnfinished(60_000);
    expect(await fs.readdir(temporary)).toEqual(['artifact-young']);
  });
});
