import { resolve } from 'node:path';
import type { ArchitectureNode } from '../core/architecture';
import { Failure } from '../core/failure';
import type { Warning } from '../core/version';
import { type MetadataValue, readModel, type TensorInfo } from '../formats';
import { openFileReader, type Platform } from '../platform';
import { BesideFiles } from './beside';

export interface InspectRequest {
  /** What the path is relative to. */
  readonly directory: string;
  readonly path: string;
}

/** What a model file holds. */
export interface Inspection {
  /** As it was given. */
  readonly path: string;
  readonly format: string;
  /** Of the file. */
  readonly bytes: number;
  /** In the file's order; empty where its format tells none. */
  readonly tensors: readonly TensorInfo[];
  /** Elements of all tensors; `null` where they are not known. */
  readonly parameters: number | null;
  readonly metadata: Readonly<Record<string, MetadataValue>>;
  readonly architecture: ArchitectureNode | null;
  readonly warnings: readonly Warning[];
}

/**
 * Reads what a model file says of itself, in a project or not: headers, directories, pickles, never
 * the tensors' values. Nothing is executed. A torn file is told in a warning.
 * @throws Failure `no-such-file`, `unreadable`, `file-changed`
 */
export async function inspectFile(
  platform: Platform,
  { directory, path }: InspectRequest,
): Promise<Inspection> {
  const absolute = resolve(directory, path);
  const facts = await platform.disk.followedFacts(absolute);
  if (facts === null) throw new Failure('no-such-file', { path });
  if (facts.kind !== 'file') throw new Failure('unreadable', { path, why: 'it is no file' });
  const reader = await openFileReader(platform.disk, absolute);
  const beside = new BesideFiles(platform, absolute);
  try {
    const contents = await readModel(reader, path, beside.open);
    const { format, tensors, parameters, metadata, architecture, complete, why } = contents;
    const torn = { code: 'file-torn', path, message: `${path} is not whole: ${why}.` };
    return {
      ...{ path, format, bytes: reader.size, tensors: tensors ?? [], parameters, metadata },
      architecture,
      warnings: complete ? contents.warnings : [torn, ...contents.warnings],
    };
  } finally {
    await beside.close();
    await reader.close();
  }
}
