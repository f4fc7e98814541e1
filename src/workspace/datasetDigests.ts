import { throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import type { DatasetRecord } from '../core/version';
import { type FileFacts, isSameState, type Platform } from '../platform';
import { type DatasetFile, filesBelow } from './datasetFiles';
import { inOrder } from './parallel';
import { nameOf } from './units';

/** Digests of files that were read before, by their path and facts. */
export interface DigestMemory {
  /** The SHA-256 of a file with these facts, if it is known. */
  recall(path: string, facts: FileFacts): string | null;
  note(path: string, facts: FileFacts, sha256: string): void;
}

export interface DatasetOptions {
  /** Read everything, whatever its size, also where DVC knows a digest. */
  readonly full?: boolean;
  readonly activity?: Activity;
  readonly memory?: DigestMemory;
  readonly limits?: DatasetLimits;
}

export interface DatasetLimits {
  readonly bytes: number;
  readonly files: number;
}

/** More is not read at each commit; a listing stands for it. */
export const usualLimits: DatasetLimits = { bytes: 2 * 1024 ** 3, files: 10_000 };

/** What a dataset is: everything of a record but what the configuration says. */
export type DatasetContent = Pick<DatasetRecord, 'size' | 'files' | 'digest'>;

/** A file or directory of data that is there. */
export interface DatasetPlace {
  readonly absolute: string;
  /** As it is recorded. */
  readonly path: string;
  readonly facts: FileFacts;
}

interface ReadContent {
  readonly content: DatasetContent;
  /** The data was written meanwhile: a listing stands for it. */
  readonly changed: boolean;
}

/** Digests a dataset, by its bytes where the limits allow, else by its listing. */
export async function digestDataset(
  platform: Platform,
  place: DatasetPlace,
  options: DatasetOptions,
): Promise<ReadContent> {
  const { absolute, path, facts } = place;
  const isFile = facts.kind === 'file';
  const files = isFile
    ? [{ absolute, facts, path: nameOf(path) }]
    : filesBelow(platform, absolute, options.activity?.signal);
  const { size, count, listing, few } = await list(platform, files, options);
  const listed = { size, files: count, digest: { kind: 'listing', value: listing } } as const;
  if (few === null) return { content: listed, changed: false };
  const digests = await digestAll(platform, place, few, size, options);
  if (digests.includes(null)) return { content: listed, changed: true };
  const value = isFile ? (digests[0] ?? '') : digestOfDirectory(platform, few, digests);
  return { content: { size, files: count, digest: { kind: 'sha256', value } }, changed: false };
}

/** Adds up what a dataset holds; `few` are the files, where they may all be read. */
async function list(
  platform: Platform,
  files: Iterable<DatasetFile> | AsyncIterable<DatasetFile>,
  { full = false, limits = usualLimits, activity }: DatasetOptions,
): Promise<{ size: number; count: number; listing: string; few: DatasetFile[] | null }> {
  const hash = platform.hashing.sha256();
  const encoder = new TextEncoder();
  let [size, count] = [0, 0];
  let few: DatasetFile[] | null = [];
  for await (const file of files) {
    size += file.facts.size;
    count += 1;
    hash.update(encoder.encode(`${file.facts.size} ${file.facts.modified} ${file.path}\n`));
    if (!full && (size > limits.bytes || count > limits.files)) few = null;
    few?.push(file);
    if (count % 1000 === 0) {
      activity?.progress?.({
        phase: 'scanning',
        path: file.path,
        done: count,
        total: null,
        unit: 'files',
      });
    }
  }
  return { size, count, listing: hash.digest(), few };
}

/** Digests of the files in their order; `null` for one that changed while it was read. */
function digestAll(
  platform: Platform,
  place: DatasetPlace,
  files: readonly DatasetFile[],
  total: number,
  { activity, memory }: DatasetOptions,
): Promise<(string | null)[]> {
  let done = 0;
  return inOrder(files, async (file) => {
    throwIfCancelled(activity?.signal);
    const path = place.facts.kind === 'file' ? place.path : `${place.path}/${file.path}`;
    const advance = (bytes: number) => {
      done += bytes;
      activity?.progress?.({ phase: 'scanning', path, done, total, unit: 'bytes' });
    };
    const known = memory?.recall(path, file.facts) ?? null;
    if (known !== null) {
      advance(file.facts.size);
      return known;
    }
    const sha256 = await digest(platform, file, activity?.signal, advance);
    if (sha256 !== null) memory?.note(path, file.facts, sha256);
    return sha256;
  });
}

const pieceLength = 1024 * 1024;

async function digest(
  platform: Platform,
  { absolute, facts }: DatasetFile,
  signal: AbortSignal | undefined,
  progress: (bytes: number) => void,
): Promise<string | null> {
  const handle = await platform.disk.openRead(absolute);
  if (handle === null) return null;
  try {
    const hash = platform.hashing.sha256();
    const piece = new Uint8Array(Math.min(pieceLength, Math.max(1, facts.size)));
    let offset = 0;
    // Not beyond the expected end: a file that grows without pause would never be done.
    while (offset < facts.size) {
      throwIfCancelled(signal);
      const length = await handle.read(piece, offset);
      if (length === 0) break;
      hash.update(piece.subarray(0, length));
      offset += length;
      progress(length);
    }
    return isSameState(facts, await handle.facts()) ? hash.digest() : null;
  } finally {
    await handle.close();
  }
}

/** What `sha256sum` prints for the files, sorted by the bytes of their paths, digested. */
function digestOfDirectory(
  platform: Platform,
  files: readonly DatasetFile[],
  digests: readonly (string | null)[],
): string {
  const lines = files
    .map(({ path }, index) => ({ key: Buffer.from(path), line: `${digests[index]}  ${path}\n` }))
    .sort((a, b) => Buffer.compare(a.key, b.key));
  return platform.hashing.sha256Of(lines.map(({ line }) => line).join(''));
}
