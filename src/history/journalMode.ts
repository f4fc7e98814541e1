import { isFailure } from '../core/failure';
import type { Platform } from '../platform';
import type { DatabaseFile } from './databaseFile';
import { applicationId } from './migrations';

/**
 * File systems that several machines share, or that emulate one. A write-ahead log needs memory
 * shared by all who use it (https://sqlite.org/wal.html#concurrency), which these do not give, and
 * some do not say so.
 */
const shared =
  /^(?:nfs\d?|cifs|smb\w*|9p|afs|ceph|lustre|gpfs|beegfs\w*|glusterfs|ocfs2|gfs2|orangefs|pvfs2|panfs|davfs\d?|vboxsf|prl_fs|vmhgfs|virtiofs|coda|ncpfs|fuse\..*)$/;

/** Local file systems that happen to run in user space. */
const local = new Set(['fuse.ext2', 'fuse.ext4', 'fuse.ntfs', 'fuse.ntfs-3g', 'fuse.exfat']);

/** Octal escapes stand for white space and backslashes in a mount point. */
function unescaped(mountPoint: string): string {
  return mountPoint.replace(/\\([0-7]{3})/g, (_, octal) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** The type of the file system that holds a path, by Linux's table of mounts; `null` if none does. */
export function fileSystemOf(path: string, mounts: string): string | null {
  let best: { at: string; type: string } | null = null;
  for (const line of mounts.split('\n')) {
    const [, point, type] = line.split(' ');
    if (point === undefined || type === undefined) continue;
    const at = unescaped(point);
    const holds = path === at || path.startsWith(at.endsWith('/') ? at : `${at}/`);
    // Of two mounts on one point the later one is seen.
    if (holds && at.length >= (best?.at.length ?? 0)) best = { at, type };
  }
  return best?.type ?? null;
}

/** Whether other machines may write there too, as far as the system tells. */
export async function isShared(platform: Platform, directory: string): Promise<boolean> {
  if (platform.system.startsWith('win32')) return /^(?:\\\\|\/\/)/.test(directory);
  if (!platform.system.startsWith('linux')) return false;
  const mounts = await platform.disk.readSmall('/proc/self/mounts', 4 * 1024 * 1024);
  const place = (await platform.disk.realPath(directory)) ?? directory;
  const type = mounts === null ? null : fileSystemOf(place, Buffer.from(mounts).toString('utf8'));
  return type !== null && shared.test(type) && !local.has(type);
}

/**
 * Gives a new database a write-ahead log if it works here: it is switched on, written through, and
 * read back by `readBack` over a second connection. Otherwise it gets a rollback journal, which
 * works everywhere but lets a reader wait while a writer commits. Call under the writer's lock.
 */
export function chooseJournal(
  database: DatabaseFile,
  sharedPlace: boolean,
  readBack: () => number,
): void {
  if (sharedPlace || !writeAheadWorks(database, readBack)) useRollbackJournal(database);
}

function writeAheadWorks(database: DatabaseFile, readBack: () => number): boolean {
  try {
    if (database.pragma<string>('journal_mode = WAL') !== 'wal') return false;
    database.execute('wal-probe', `PRAGMA application_id = ${applicationId}`);
    return readBack() === applicationId;
  } catch (error) {
    // What a file system without locks or shared memory answers; the rollback journal needs less.
    if (isFailure(error, 'disk-failed') || isFailure(error, 'lock-held')) return false;
    throw error;
  }
}

/** Also turns a write-ahead log off again. @throws Failure `lock-held` when others use the database */
export function useRollbackJournal(database: DatabaseFile): void {
  if (database.pragma<string>('journal_mode') === 'delete') return;
  // Whoever has it open keeps it open for long: waiting for them is no use.
  const patience = database.pragma<number>('busy_timeout');
  database.pragma('busy_timeout = 0');
  try {
    database.pragma('journal_mode = DELETE');
  } finally {
    database.pragma(`busy_timeout = ${patience}`);
  }
}
