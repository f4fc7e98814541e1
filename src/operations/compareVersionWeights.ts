import type { ArtifactChange, FileSide, FileWeights } from '../core/comparison';
import type { Activity } from '../core/progress';
import type { WeightsComparison } from '../core/tensorComparison';
import { readModel, type TensorPlace } from '../formats';
import { openFileReader } from '../platform';
import { BesideFiles, besideFile } from './beside';
import { compareWeights, type WeightsOptions } from './compareTensors';
import { type KeptResults, keepResult, recallResult } from './keptResults';
import type { ModelSide } from './modelSide';
import { pathIn, type Rooms } from './rooms';

const keptComparisons: KeptResults = {
  folder: 'comparisons',
  // A comparison of a million tensors is no larger.
  largest: 256 * 1024 * 1024,
  together: 1024 * 1024 * 1024,
  most: 2_000,
};
/** Goes up when a comparison says other things of the same files. */
const edition = 2;

/**
 * The weights of each model file that both sides have and that changed, tensor by tensor. What was
 * compared once is kept by the two digests, so that the second look costs nothing.
 * @throws Failure `artifact-missing`, `artifact-damaged`, `file-changed`; Cancelled
 */
export async function compareArtifactWeights(
  rooms: Rooms,
  artifacts: readonly ArtifactChange[],
  working: boolean,
  options: WeightsOptions = {},
  activity?: Activity,
): Promise<FileWeights[]> {
  const found: FileWeights[] = [];
  for (const { path, status, from, to } of artifacts) {
    if (status !== 'modified' || from === null || to === null) continue;
    const comparison = await comparedOnce(rooms, from, to, working, options, activity);
    if (comparison !== null) found.push({ path, ...comparison });
  }
  return found;
}

/** The same of those that were compared before, which costs nothing. */
export async function keptWeights(
  rooms: Rooms,
  artifacts: readonly ArtifactChange[],
): Promise<FileWeights[]> {
  const found: FileWeights[] = [];
  for (const { path, status, from, to } of artifacts) {
    if (status !== 'modified' || from === null || to === null) continue;
    const kept = await recall(rooms, from, to, {});
    if (kept !== null) found.push({ path, ...kept });
  }
  return found;
}

function keyOf(from: FileSide, to: FileSide, options: WeightsOptions): string {
  const more = `${options.renamed === true ? 'r' : ''}${options.histograms === true ? 'h' : ''}`;
  return `${edition}${more}-${from.sha256}-${to.sha256}`;
}

function recall(rooms: Rooms, from: FileSide, to: FileSide, options: WeightsOptions) {
  return recallResult<WeightsComparison>(rooms, keptComparisons, keyOf(from, to, options));
}

async function comparedOnce(
  rooms: Rooms,
  from: FileSide,
  to: FileSide,
  working: boolean,
  options: WeightsOptions,
  activity?: Activity,
): Promise<WeightsComparison | null> {
  if (from.sha256 === null || to.sha256 === null) return null;
  const known = await recall(rooms, from, to, options);
  if (known !== null) return known;
  const compared = (one: ModelSide, other: ModelSide) =>
    compareWeights(rooms.platform, one, other, options, activity);
  const comparison = await withStored(rooms, from.sha256, from.path, (one) =>
    working
      ? withWorking(rooms, to.path, (other) => compared(one, other))
      : withStored(rooms, to.sha256 ?? '', to.path, (other) => compared(one, other)),
  );
  await keepResult(rooms, keptComparisons, keyOf(from, to, options), comparison);
  return comparison;
}

/** A model file of the store, open while `work` runs. */
export async function withStored<T>(
  rooms: Rooms,
  sha256: string,
  path: string,
  work: (side: ModelSide) => Promise<T>,
): Promise<T> {
  const reader = await rooms.store.open(sha256);
  const beside = () => Promise.resolve(null);
  try {
    const contents = await readModel(reader, path);
    const identity = identityIn((await rooms.store.chunks(sha256)) ?? []);
    const pathOf = () => Promise.resolve(null);
    return await work({ contents, files: { reader, beside }, pathOf, identity });
  } finally {
    await reader.close();
  }
}

/**
 * A name for each stretch of a stored file by the chunks that it is made of: stretches of one name
 * have the same bytes. `null` for what is in no chunks.
 */
function identityIn(chunks: readonly { readonly digest: string; readonly length: number }[]) {
  const starts: number[] = [];
  let size = 0;
  for (const { length } of chunks) {
    starts.push(size);
    size += length;
  }
  return ({ file, offset, length }: TensorPlace): string | null => {
    if (file !== undefined || offset + length > size || length === 0) return null;
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const digests: string[] = [];
    for (let at = low; at < chunks.length && (starts[at] ?? 0) < offset + length; at++) {
      digests.push(chunks[at]?.digest ?? '');
    }
    return `${offset - (starts[low] ?? 0)} ${length} ${digests.join(' ')}`;
  };
}

/** The same of a model file as it lies in the working files now. */
export async function withWorking<T>(
  rooms: Rooms,
  path: string,
  work: (side: ModelSide) => Promise<T>,
): Promise<T> {
  return await withModelFile(rooms.platform, pathIn(rooms, path), work);
}

/** A model file on the disk, open with what it names beside itself while `work` runs. */
export async function withModelFile<T>(
  platform: Rooms['platform'],
  path: string,
  work: (side: ModelSide) => Promise<T>,
): Promise<T> {
  const reader = await openFileReader(platform.disk, path);
  const beside = new BesideFiles(platform, path);
  const pathOf = async (file: string | undefined) => {
    const found = file === undefined ? { path } : await besideFile(platform, path, file);
    return 'path' in found ? found.path : null;
  };
  try {
    const contents = await readModel(reader, path, beside.open);
    return await work({ contents, files: { reader, beside: beside.open }, pathOf });
  } finally {
    await beside.close();
    await reader.close();
  }
}
