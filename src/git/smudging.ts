import { dirname, join } from 'node:path';
import { Failure } from '../core/failure';
import type { Platform } from '../platform';
import { attributesOf, filtersOf } from './attributes';
import { bytePathOf, nulList } from './bytePaths';
import { type Settings, settingOf } from './configuration';
import { failureFrom } from './gitFailure';
import type { GitRequest, GitRunner } from './gitRunner';
import { setEntries } from './indexEntries';
import { readBlob } from './objects';
import type { TreeEntry } from './repository';
import { openTemporaryIndex, type TemporaryIndex } from './temporaryIndex';
import { treeEntries } from './trees';

export interface SmudgeGround {
  readonly platform: Platform;
  readonly git: GitRunner;
  /** Configuration, for the filters' drivers. */
  readonly settings: Settings;
}

/** Larger than any code that Git carries sensibly. */
const fileLimit = 512 * 1024 * 1024;
const linkLimit = 1024 * 1024;
const pointerLimit = 1024;
const pointer = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n/;

export function isPointer(bytes: Uint8Array): boolean {
  return bytes.length < pointerLimit && pointer.test(Buffer.from(bytes).toString('latin1'));
}

/**
 * The bytes that a checkout of the tree would write for its entries: line ends, encodings, smudge
 * filters. Git writes them into a temporary directory, all in one process, and they are read one
 * after another from there. Links give their target.
 *
 * Attributes are those of the tree. Git reads them from the working directory, so where that has
 * others, it is given an empty one with the tree's attribute files; filters run there then.
 * @param tree `null`: attributes as they are in the working files now
 * @throws Failure `filter-missing` where an entry's filter is not configured, or a Git LFS pointer
 *   comes out; `filter-failed` where it fails, required or not
 */
export async function* smudge(
  ground: SmudgeGround,
  entries: readonly TreeEntry[],
  tree: string | null,
): AsyncGenerator<readonly [TreeEntry, Buffer], void, undefined> {
  const files = entries.filter(({ mode }) => mode.startsWith('100'));
  yield* links(ground.git, entries);
  if (files.length === 0) return;
  const { platform, git } = ground;
  const options = { scratch: true, copied: false };
  const { temporary } = await openTemporaryIndex(platform, git.location, options);
  try {
    const where = await worktreeFor(ground, temporary, files, tree);
    const filters = await requireFilters(ground, files, where);
    const lines = files.map((file) => ({ ...file, path: bytePathOf(file.path) }));
    await setEntries(git, temporary, lines);
    const out = await checkOut(ground, files, where, join(temporary.directory, 'files'));
    for (const file of files) yield [file, await readOut(platform, file, out, filters)];
  } finally {
    await temporary.dispose();
  }
}

async function* links(
  git: GitRunner,
  entries: readonly TreeEntry[],
): AsyncGenerator<readonly [TreeEntry, Buffer], void, undefined> {
  for (const entry of entries) {
    if (entry.mode === '160000') {
      throw new Failure('unreadable', { path: entry.path, why: 'a submodule has no bytes' });
    }
    if (entry.mode === '120000') yield [entry, await readBlob(git, entry.oid, linkLimit)];
  }
}

type Where = Required<Pick<GitRequest, 'directory' | 'environment'>>;

async function worktreeFor(
  { platform, git }: SmudgeGround,
  temporary: TemporaryIndex,
  files: readonly TreeEntry[],
  tree: string | null,
): Promise<Where> {
  const { disk } = platform;
  const { root } = git.location;
  const here = { directory: root, environment: temporary.environment };
  if (tree === null) return here;
  const attributes = await attributesOf(disk, root, files, await treeEntries(git, tree));
  if (attributes.same) return here;
  const directory = join(temporary.directory, 'attributes');
  await disk.makeDirectory(directory);
  for (const { path, oid } of attributes.files) {
    await disk.makeDirectory(dirname(join(directory, path)));
    await disk.writeWhole(join(directory, path), await readBlob(git, oid, fileLimit));
  }
  return { directory, environment: { ...temporary.environment, GIT_WORK_TREE: directory } };
}

/** Git passes content through unchanged where a filter is named that nobody configured. */
async function requireFilters(
  { git, settings }: SmudgeGround,
  files: readonly TreeEntry[],
  where: Where,
): Promise<Map<string, string>> {
  const paths = files.map(({ path }) => path);
  const filters = await filtersOf(git, paths, where);
  for (const [path, filter] of filters) {
    const keys = ['smudge', 'process', 'clean'].map((key) => `filter.${filter}.${key}`);
    if (keys.every((key) => settingOf(settings, key) === null)) {
      throw new Failure('filter-missing', { path, filter });
    }
  }
  return filters;
}

/** Of a filter that is not required Git only says that it failed, and goes on without it. */
const filterTrouble = /external filter|subprocess|filter \S+ failed/;

/** @returns the directory that the files are in */
async function checkOut(
  ground: SmudgeGround,
  files: readonly TreeEntry[],
  where: Where,
  out: string,
): Promise<string> {
  const prefix = ground.platform.system.startsWith('win32') ? out.replaceAll('\\', '/') : out;
  const command = ['checkout-index', '-z', '--stdin', `--prefix=${prefix}/`];
  const input = nulList(files.map(({ path }) => bytePathOf(path)));
  const { exitCode, stderr } = await ground.git.attempt({ ...where, command, input, writes: true });
  const troubled = filterTrouble.test(stderr);
  const [first] = files;
  if (troubled && files.length === 1 && first !== undefined) {
    throw new Failure('filter-failed', { path: first.path, stderr: stderr.trim() });
  }
  if (troubled) {
    // Git need not say which file it was: the half that fails is looked at again, down to one.
    const middle = files.length >> 1;
    await checkOut(ground, files.slice(0, middle), where, `${out}-`);
    await checkOut(ground, files.slice(middle), where, `${out}+`);
  }
  if (exitCode !== 0 || troubled) {
    throw failureFrom({ command, exitCode, stderr, directory: where.directory });
  }
  return out;
}

async function readOut(
  { disk }: Platform,
  { path }: TreeEntry,
  out: string,
  filters: ReadonlyMap<string, string>,
): Promise<Buffer> {
  const bytes = await disk.readSmall(join(out, path), fileLimit);
  if (bytes === null) throw new Failure('filter-failed', { path, stderr: 'Git wrote no file' });
  if (isPointer(bytes)) {
    throw new Failure('filter-missing', { path, filter: filters.get(path) ?? 'lfs' });
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
