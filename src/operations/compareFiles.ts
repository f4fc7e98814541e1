import { resolve } from 'node:path';
import {
  type ArchitectureChange,
  type ArchitectureNode,
  architectureChanges,
} from '../core/architecture';
import type { ArtifactChange, ChangeStatus, FileSide } from '../core/comparison';
import { Failure, throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import type { WeightsComparison } from '../core/tensorComparison';
import type { Warning } from '../core/version';
import { type MetadataValue, readModel, type TensorInfo } from '../formats';
import { openFileReader, type Platform } from '../platform';
import { compareWeights, type WeightsOptions } from './compareTensors';
import { withModelFile } from './compareVersionWeights';

/** A tensor as its file's header states it: the type's name, the dimensions, the bytes it takes. */
export type TensorSide = Pick<TensorInfo, 'dtype' | 'shape' | 'bytes'>;

/** A tensor that one of the files lacks, or that has another type, shape or size in the other. */
export interface TensorChange {
  readonly name: string;
  readonly status: ChangeStatus;
  readonly from: TensorSide | null;
  readonly to: TensorSide | null;
}

/** Something that a header says of the whole model. */
export interface MetadataChange {
  readonly key: string;
  readonly status: ChangeStatus;
  readonly from: MetadataValue;
  readonly to: MetadataValue;
}

/** What differs between two model files, by their headers and digests. */
export interface FileComparison {
  /** Both as they were given. */
  readonly from: string;
  readonly to: string;
  /** Empty when the files have the same bytes. */
  readonly artifacts: readonly ArtifactChange[];
  /**
   * In the order of the new file's header, then what only the old one has; empty where one of the
   * headers names no tensors.
   */
  readonly tensors: readonly TensorChange[];
  /** How many tensors each header names; `null` where the format tells none. */
  readonly counts: { readonly from: number | null; readonly to: number | null };
  readonly metadata: readonly MetadataChange[];
  readonly warnings: readonly Warning[];
  /** Layers that came, went or changed; `null` where one of the files does not tell its layers. */
  readonly architecture: readonly ArchitectureChange[] | null;
  /** The values, tensor by tensor; only where they were asked for. */
  readonly weights?: WeightsComparison;
}

export interface CompareFilesRequest extends WeightsOptions {
  /** What the paths are relative to. */
  readonly directory: string;
  readonly from: string;
  readonly to: string;
  /** Also compare the values. */
  readonly values?: boolean;
}

/**
 * Compares two model files on disk, in a project or not. Reads both headers, and every byte once
 * for the digests; tensors count as changed by type, shape and size, and with `values` by values.
 * @throws Failure `no-such-file`, `unreadable`, `file-changed`
 */
export async function compareFiles(
  platform: Platform,
  request: CompareFilesRequest,
  activity?: Activity,
): Promise<FileComparison> {
  const { directory, from, to, values = false } = request;
  const before = await lookAt(platform, directory, from, activity);
  const after = await lookAt(platform, directory, to, activity);
  return {
    from,
    to,
    artifacts: fileChange(before.side, after.side),
    tensors:
      before.tensors === null || after.tensors === null
        ? []
        : tensorChanges(before.tensors, after.tensors),
    counts: { from: before.tensors?.length ?? null, to: after.tensors?.length ?? null },
    metadata: metadataChanges(before.metadata, after.metadata),
    architecture:
      before.architecture === null || after.architecture === null
        ? null
        : architectureChanges(before.architecture, after.architecture),
    warnings: [...before.warnings, ...after.warnings],
    ...(values ? { weights: await weightsOf(platform, request, activity) } : {}),
  };
}

async function weightsOf(
  platform: Platform,
  request: CompareFilesRequest,
  activity?: Activity,
): Promise<WeightsComparison> {
  const { directory, from, to } = request;
  return await withModelFile(platform, resolve(directory, from), (one) =>
    withModelFile(platform, resolve(directory, to), (other) =>
      compareWeights(platform, one, other, request, activity),
    ),
  );
}

interface LookedAt {
  readonly side: FileSide;
  readonly tensors: readonly TensorInfo[] | null;
  readonly metadata: Readonly<Record<string, MetadataValue>>;
  readonly architecture: ArchitectureNode | null;
  readonly warnings: readonly Warning[];
}

async function lookAt(
  platform: Platform,
  directory: string,
  path: string,
  activity?: Activity,
): Promise<LookedAt> {
  const absolute = resolve(directory, path);
  const header = await readHeader(platform, absolute, path);
  const { format, tensors, metadata, architecture } = header;
  const { size, sha256 } = header.pointer ?? (await digest(platform, absolute, path, activity));
  const torn = header.complete
    ? []
    : [{ code: 'file-torn', path, message: `${path} is not whole: ${header.why}.` }];
  const unknown =
    tensors === null
      ? [{ code: 'no-tensors', path, message: `${path} does not tell which tensors it holds.` }]
      : [];
  const warnings = [...torn, ...unknown, ...header.warnings];
  return { side: { path, size, sha256, format }, tensors, metadata, architecture, warnings };
}

async function readHeader(platform: Platform, absolute: string, path: string) {
  const facts = await platform.disk.followedFacts(absolute);
  if (facts === null) throw new Failure('no-such-file', { path });
  if (facts.kind !== 'file') throw new Failure('unreadable', { path, why: 'it is no file' });
  const reader = await openFileReader(platform.disk, absolute);
  try {
    return await readModel(reader, path);
  } finally {
    await reader.close();
  }
}

const pieceLength = 1 << 20;

async function digest(
  platform: Platform,
  absolute: string,
  path: string,
  activity?: Activity,
): Promise<{ size: number; sha256: string }> {
  const handle = await platform.disk.openRead(absolute);
  if (handle === null) throw new Failure('no-such-file', { path });
  try {
    const { size, modified } = await handle.facts();
    const hash = platform.hashing.sha256();
    const piece = new Uint8Array(pieceLength);
    // A file that grows faster than it is read would never end.
    for (let done = 0, found = 1; found > 0 && done <= size; done += found) {
      throwIfCancelled(activity?.signal);
      found = await handle.read(piece, done);
      hash.update(piece.subarray(0, found));
      activity?.progress?.({ phase: 'checking', path, done, total: size, unit: 'bytes' });
    }
    const after = await handle.facts();
    if (after.size !== size || after.modified !== modified)
      throw new Failure('file-changed', { path });
    return { size, sha256: hash.digest() };
  } finally {
    await handle.close();
  }
}

function fileChange(from: FileSide, to: FileSide): ArtifactChange[] {
  if (from.sha256 !== to.sha256) return [{ path: to.path, status: 'modified', from, to }];
  return from.path === to.path ? [] : [{ path: to.path, status: 'renamed', from, to }];
}

function tensorChanges(from: readonly TensorInfo[], to: readonly TensorInfo[]): TensorChange[] {
  const before = sides(from);
  const after = sides(to);
  const changes: TensorChange[] = [];
  for (const [name, side] of after) {
    const old = before.get(name) ?? null;
    if (old === null || !sameSide(old, side)) {
      changes.push({ name, status: old === null ? 'added' : 'modified', from: old, to: side });
    }
  }
  for (const [name, side] of before) {
    if (!after.has(name)) changes.push({ name, status: 'deleted', from: side, to: null });
  }
  return changes;
}

function sides(tensors: readonly TensorInfo[]): Map<string, TensorSide> {
  return new Map(tensors.map(({ name, dtype, shape, bytes }) => [name, { dtype, shape, bytes }]));
}

function sameSide(a: TensorSide, b: TensorSide): boolean {
  return a.dtype === b.dtype && a.bytes === b.bytes && a.shape.join() === b.shape.join();
}

type Metadata = LookedAt['metadata'];

function metadataChanges(from: Metadata, to: Metadata): MetadataChange[] {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return keys
    .map((key): MetadataChange => {
      const [before, after] = [Object.hasOwn(from, key), Object.hasOwn(to, key)];
      const status = !before ? 'added' : !after ? 'deleted' : 'modified';
      const side = (there: boolean, metadata: Metadata) => (there ? (metadata[key] ?? null) : null);
      return { key, status, from: side(before, from), to: side(after, to) };
    })
    .filter(({ status, from: a, to: b }) => status !== 'modified' || !Object.is(a, b));
}
