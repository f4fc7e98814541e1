import { describe, expect, test } from 'vitest';
import { openHistory } from '../../src/history';
import { fileSystemOf } from '../../src/history/journalMode';
import { nodePlatform, type Platform } from '../../src/platform';
import { record } from './sampleRecords';
import { addRecords, historyIn, home, homeWithHistory, look, write } from './samples';

function journalOf(directory: string): Promise<unknown> {
  return look(directory, (connection) => connection.pragma('journal_mode', { simple: true }));
}

describe('the journal', () => {
  function failingProbe(code: string): Platform {
    const error = Object.assign(new Error('no shared memory here'), { code });
    return nodePlatform({
      seam: { before: ({ target }) => (target === 'wal-probe' ? { error } : null) },
    });
  }

  test.each(['SQLITE_IOERR_SHMMAP', 'SQLITE_PROTOCOL', 'EIO', 'SQLITE_BUSY'])(
    'is a rollback journal where the probe fails with %s',
    async (code) => {
      const directory = await home();
      const history = await historyIn(directory, { platform: failingProbe(code) });
      await addRecords(history, record());
      const other = await historyIn(directory);
      expect(other.versions({}).total).toBe(1);
      const version = other.dataVersion();
      await addRecords(history, record({ number: 2 }));
      expect(other.versions({}).total).toBe(2);
      expect(other.dataVersion()).not.toBe(version);
      history.close();
      other.close();
      expect(await journalOf(directory)).toBe('delete');
    },
  );

  test('of the second kind lets readers read while a large transaction is open', async () => {
    const directory = await home();
    const writer = await historyIn(directory, { platform: failingProbe('EIO') });
    const reader = await historyIn(directory);
    await addRecords(writer, record());
    // More than SQLite keeps in memory before it would write in the middle of a transaction.
    const large = 'x'.repeat(20_000_000);
    await write(writer, (transaction) => {
      transaction.addRecord({ record: record({ number: 2, reason: large }), curves: [] });
      expect(reader.versions({}).total).toBe(1);
    });
    expect(reader.versions({ limit: 1 }).total).toBe(2);
  });

  test('is not decided by a failure that has nothing to do with it', async () => {
    const opening = openHistory(failingProbe('SQLITE_FULL'), await home());
    await expect(opening).rejects.toMatchObject({ code: 'disk-full' });
  });

  /** A platform whose table of mounts says that the directory is on such a file system. */
  function mounted(directory: string, type: string): Platform {
    const platform = nodePlatform({ system: 'linux-x64' });
    const table = `/dev/sda1 / ext4 rw 0 0\nserver:/x ${directory.replaceAll(' ', '\\040')} ${type} rw 0 0\n`;
    const disk = {
      ...platform.disk,
      readSmall: (path: string, limit: number) =>
        path === '/proc/self/mounts'
          ? Promise.resolve(Buffer.from(table))
          : platform.disk.readSmall(path, limit),
    };
    return { ...platform, disk };
  }

  test('is a rollback journal on a network file system, also after a move there', async () => {
    const fresh = await home();
    const directory = await homeWithHistory();
    for (const place of [fresh, directory]) {
      const history = await historyIn(place, { platform: mounted(place, 'nfs4') });
      history.close();
      expect(await journalOf(place)).toBe('delete');
    }
    const local = await home();
    (await historyIn(local, { platform: mounted(local, 'xfs') })).close();
    expect(await journalOf(local)).toBe('wal');
  });

  test('of a moved project stays while somebody uses it', async () => {
    const directory = await homeWithHistory();
    const user = await historyIn(directory);
    const lock = await user.lock();
    const mover = await historyIn(directory, { platform: mounted(directory, 'nfs') });
    lock.release();
    const another = await historyIn(directory, { platform: mounted(directory, 'nfs') });
    await addRecords(user, record({ number: 2 }));
    expect(mover.versions({}).total).toBe(2);
    expect(another.versions({}).total).toBe(2);
  });

  test('goes by the mount that holds the path', () => {
    const table = [
      '/dev/sda1 / ext4 rw 0 0',
      'server:/home /home nfs rw 0 0',
      'tmpfs /home/anna/with\\040space tmpfs rw 0 0',
      'server:/a /home/anna nfs4 rw 0 0',
      '/dev/sdb /home/anna ext4 rw 0 0',
    ].join('\n');
    expect(fileSystemOf('/home/bert/x', table)).toBe('nfs');
    expect(fileSystemOf('/home', table)).toBe('nfs');
    expect(fileSystemOf('/homes/x', table)).toBe('ext4');
    expect(fileSystemOf('/home/anna/with space/x', table)).toBe('tmpfs');
    expect(fileSystemOf('/home/anna/x', table)).toBe('ext4');
    expect(fileSystemOf('/x', '')).toBeNull();
  });
});
