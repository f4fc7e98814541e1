import { Failure } from '../core/failure';
import type { Platform } from '../platform';

/** A text file of the project. */
export interface TextFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/**
 * Reads a text file of at most `limit` bytes as UTF-8, or as UTF-16 where it says so (PowerShell
 * writes such files). @throws Failure `no-such-file`; `unreadable` with the found and allowed size
 */
export async function readTextFile(
  platform: Platform,
  root: string,
  path: string,
  limit: number,
): Promise<TextFile> {
  const facts = await platform.disk.followedFacts(`${root}/${path}`);
  if (facts === null) throw new Failure('no-such-file', { path });
  if (facts.kind !== 'file') throw new Failure('unreadable', { path, why: 'it is no file' });
  if (facts.size > limit) {
    const why = `it has ${facts.size} bytes, at most ${limit} are read`;
    throw new Failure('unreadable', { path, why });
  }
  const bytes = await platform.disk.readSmall(`${root}/${path}`, limit);
  if (bytes === null) throw new Failure('no-such-file', { path });
  return { path, text: decodedText(bytes) };
}

/** UTF-8, or UTF-16 with a mark. The decoders take a byte order mark away. */
export function decodedText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

/** @throws Failure `unreadable` that names the line (from 1) where it is known */
export function unreadable(path: string, line: number | null, why: string, cause?: unknown): never {
  const where = line === null ? '' : `line ${line}: `;
  throw new Failure('unreadable', { path, why: `${where}${why}` }, { cause });
}

/** What follows the last dot of a file's name, in lower case; empty where there is none. */
export function endingOf(path: string): string {
  return /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}
