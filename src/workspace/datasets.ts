import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { DatasetConfiguration } from '../core/configuration';
import { endingOf } from '../core/series';
import type { DatasetRecord, Warning } from '../core/version';
import type { FileFacts, Platform } from '../platform';
import {
  type DatasetContent,
  type DatasetOptions,
  digestDataset,
  usualLimits,
} from './datasetDigests';
import { filesBelow } from './datasetFiles';
import { type DvcRecord, readDvc } from './dvc';
import { below, factsBehind } from './paths';
import { nameOf } from './units';

export interface DatasetDescription {
  /** `null` where nothing is known of the data: it is elsewhere, and nothing tells its digest. */
  readonly record: DatasetRecord | null;
  readonly warnings: readonly Warning[];
}

/**
 * Tells which data a version was made with. Digests:
 * - `sha256` of a file's bytes; of a directory's sorted lines `<sha256>  <path>`, so that
 *   `find -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum` in it gives
 *   the same;
 * - `listing`, beyond 2 GiB or 10,000 files: of lines `<size> <nanoseconds> <path>`;
 * - `dvc`: what `<path>.dvc` says, also of data that is not here.
 * Data that is missing is a warning, not a failure: a model may be committed where its data is not.
 * @param dataset declared, and therefore free to lie outside of the project
 * @throws Failure `unreadable`, `disk-failed`; Cancelled
 */
export async function describeDataset(
  platform: Platform,
  root: string,
  dataset: DatasetConfiguration,
  options: DatasetOptions = {},
): Promise<DatasetDescription> {
  const absolute = resolve(root, dataset.path);
  const path = recordedPath(root, dataset.path);
  const facts = await factsBehind(platform, absolute);
  const warnings: Warning[] = [];
  const content = await contentOf(platform, { absolute, path, facts }, options, warnings);
  if (content === null) return { record: null, warnings };
  const { source, preprocessing } = dataset;
  const record: DatasetRecord = {
    name: dataset.name ?? datasetName(path, facts?.kind === 'directory'),
    path,
    ...content,
    ...(source === undefined ? {} : { source }),
    ...(preprocessing === undefined ? {} : { preprocessing }),
  };
  return { record, warnings };
}

/** Relative where it lies in the project or beside it, absolute where it was given so elsewhere. */
function recordedPath(root: string, path: string): string {
  const absolute = resolve(root, path);
  const inside = below(root, absolute);
  const found = inside ?? (isAbsolute(path) ? absolute : relative(root, absolute));
  return (found === '' ? '.' : found).replaceAll(sep, '/');
}

/** `data/digits.csv.gz` is `digits`; a directory is called as it is. */
function datasetName(path: string, isDirectory: boolean): string {
  const name = nameOf(path);
  if (isDirectory) return name;
  const packed = /\.(?:gz|bz2|xz|zst|zip)$/i;
  const plain = name.replace(packed, '');
  const stem = plain.slice(0, plain.length - endingOf(plain).length);
  return stem === '' ? name : stem;
}

interface Place {
  readonly absolute: string;
  readonly path: string;
  readonly facts: FileFacts | null;
}

async function contentOf(
  platform: Platform,
  place: Place,
  options: DatasetOptions,
  warnings: Warning[],
): Promise<DatasetContent | null> {
  const warn = (code: string, message: string) =>
    warnings.push({ code, message, path: place.path });
  const dvc = await readDvc(platform, place.absolute);
  if (dvc === 'unreadable') warn('dvc-unreadable', `${place.path}.dvc says no digest`);
  const tracked = dvc === 'unreadable' ? null : dvc;
  const { facts } = place;
  if (facts === null || (facts.kind !== 'file' && facts.kind !== 'directory')) {
    if (tracked !== null) return trackedContent(tracked);
    warn('dataset-missing', `the dataset ${place.path} is not here, and its state is not recorded`);
    return null;
  }
  if (tracked !== null && options.full !== true) {
    if (await agrees(platform, place.absolute, facts, tracked, options))
      return trackedContent(tracked);
    warn('dataset-differs', `the dataset ${place.path} is not what ${place.path}.dvc says`);
  }
  const { content, changed } = await digestDataset(platform, { ...place, facts }, options);
  if (changed) warn('dataset-changed', `the dataset ${place.path} changed while it was read`);
  return content;
}

function trackedContent({ digest, size, files }: DvcRecord): DatasetContent {
  return { size: size ?? 0, files: files ?? 1, digest: { kind: 'dvc', value: digest } };
}

/** Whether the data can be what DVC tracked, by size and number; its bytes are not read. */
async function agrees(
  platform: Platform,
  absolute: string,
  facts: FileFacts,
  tracked: DvcRecord,
  { limits = usualLimits, activity }: DatasetOptions,
): Promise<boolean> {
  if (facts.kind === 'file') return tracked.size === null || tracked.size === facts.size;
  let [size, files] = [0, 0];
  for await (const file of filesBelow(platform, absolute, activity?.signal)) {
    size += file.facts.size;
    files += 1;
    // To count more would cost more than it tells.
    if (files > limits.files) return tracked.files === null || tracked.files > limits.files;
  }
  return (tracked.size ?? size) === size && (tracked.files ?? files) === files;
}
