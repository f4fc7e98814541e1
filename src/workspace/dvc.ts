import { parse, YAMLParseError } from 'yaml';
import { isFailure } from '../core/failure';
import type { Platform } from '../platform';

/** What a `.dvc` file says of the data that DVC keeps for it. */
export interface DvcRecord {
  /** The digest as DVC writes it: an MD5, with `.dir` at the end for a directory. */
  readonly digest: string;
  readonly size: number | null;
  readonly files: number | null;
}

const sizeLimit = 64 * 1024;

/**
 * Reads `<data>.dvc` beside a file or directory: `outs: [{md5, size, nfiles, path}]`.
 * (Format: dvc.org/doc/user-guide/project-structure/dvc-files.)
 * @param data absolute path of the data, which may be absent
 * @returns `null` where there is no such file; `'unreadable'` where it says no digest
 */
export async function readDvc(
  platform: Platform,
  data: string,
): Promise<DvcRecord | 'unreadable' | null> {
  const bytes = await readText(platform, `${data}.dvc`);
  if (bytes === null || bytes === 'unreadable') return bytes;
  return recordIn(bytes) ?? 'unreadable';
}

async function readText(platform: Platform, path: string): Promise<string | 'unreadable' | null> {
  try {
    const bytes = await platform.disk.readSmall(path, sizeLimit);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  } catch (error) {
    // A directory of that name, or a file too large to be DVC's.
    if (isFailure(error, 'unreadable')) return 'unreadable';
    throw error;
  }
}

function recordIn(text: string): DvcRecord | null {
  const tree = parsed(text);
  const outs = isObject(tree) ? tree['outs'] : null;
  const out: unknown = Array.isArray(outs) ? outs[0] : null;
  if (!isObject(out)) return null;
  const digest = [out['md5'], out['hash'], out['etag'], out['checksum']].find(
    (value) => typeof value === 'string' && value !== '' && value.length <= 200,
  );
  if (typeof digest !== 'string') return null;
  return { digest, size: count(out['size']), files: count(out['nfiles']) };
}

function parsed(text: string): unknown {
  try {
    return parse(text, { prettyErrors: false, logLevel: 'error', maxAliasCount: 10 });
  } catch (error) {
    const isText = error instanceof YAMLParseError || error instanceof ReferenceError;
    // Nesting beyond the stack is a RangeError; all three say that this is no file of DVC's.
    if (isText || error instanceof RangeError) return null;
    throw error;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
