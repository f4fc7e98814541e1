import { Failure } from '../core/failure';
import type { WriteKind, WriteSeam } from './seam';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Errors of reading that are about this one path and not about the disk. */
const refused: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ELOOP: 'symbolic links that lead in a circle',
  ENAMETOOLONG: 'its name is too long',
};

/** The operating system's name of an error (`ENOSPC`); `null` for everything that is not one. */
export function errnoOf(thrown: unknown): string | null {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : null;
}

/** Whether the error says that there is nothing at the path. */
export function isAbsent(thrown: unknown): boolean {
  const errno = errnoOf(thrown);
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}

/** The failure that an operating system's error becomes; anything else comes back as it is. */
export function diskError(operation: string, path: string, thrown: unknown): unknown {
  const errno = errnoOf(thrown);
  if (errno === null) return thrown;
  if (full.has(errno)) {
    return new Failure('disk-full', { path, needed: null, free: null }, { cause: thrown });
  }
  return new Failure('disk-failed', { operation, path, errno }, { cause: thrown });
}

/** The same for reading, where some errors say that this path is not to be read. */
function readError(operation: string, path: string, thrown: unknown): unknown {
  const errno = errnoOf(thrown);
  const why = errno === null ? undefined : refused[errno];
  if (why === undefined) return diskError(operation, path, thrown);
  return new Failure('unreadable', { path, why: `${why} (${errno})` }, { cause: thrown });
}

/** Runs a reading call; its errors become failures. */
export async function reading<T>(
  operation: string,
  path: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw readError(operation, path, error);
  }
}

/** Runs a reading call; `null` when there is nothing at the path. */
export async function readingIfThere<T>(
  operation: string,
  path: string,
  call: () => Promise<T>,
): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (isAbsent(error)) return null;
    throw readError(operation, path, error);
  }
}

/** Lets the seam throw its fault in place of the effect. */
export function passSeam(seam: WriteSeam, kind: WriteKind, target: string): void {
  const fault = seam.before({ kind, target });
  if (fault !== null) throw fault.error;
}

/** Makes a call behind the seam, whose fault takes its place or comes after it. */
export async function throughSeam<T>(
  seam: WriteSeam,
  kind: WriteKind,
  target: string,
  call: () => Promise<T>,
): Promise<T> {
  const fault = seam.before({ kind, target });
  if (fault !== null && fault.late !== true) throw fault.error;
  const result = await call();
  if (fault !== null) throw fault.error;
  return result;
}

/** Runs a writing call behind the seam; real and injected errors become failures alike. */
export async function writing<T>(
  seam: WriteSeam,
  kind: WriteKind,
  path: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await throughSeam(seam, kind, path, call);
  } catch (error) {
    throw diskError(kind.slice('disk.'.length), path, error);
  }
}
