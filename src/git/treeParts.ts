import { join } from 'node:path';
import { allEnded } from '../core/ended';
import { decoded, parentOf } from './bytePaths';
import { type IndexEntry, type IndexLine, listIndex, setEntries } from './indexEntries';
import { conversing, readingObjects } from './objects';
import type { Differences, LeftOut, PathEntry } from './repository';
import { addFiles, failed, type Listing, request } from './treeWork';

/** One tree object: its entries by their names, which have no slash. */
type Directory = Map<string, PathEntry>;

const treeMode = '40000';

/**
 * A tree with a few differences, made of the trees in which something differs and no others: an
 * index of many files is neither read nor written for it. Files go through an index that has the
 * entries of these files alone, so that Git cleans and compares them as it would in the whole one.
 */
export async function treeOfParts(
  listing: Listing,
  differences: Differences,
): Promise<{ tree: string; refused: readonly LeftOut[] }> {
  const paths = [
    ...differences.known.keys(),
    ...differences.changed.map(({ path }) => path),
    ...differences.added,
  ];
  const [{ entries, refused }, directories] = await allEnded([
    readFiles(listing, differences),
    readDirectories(listing, directoriesOf(paths)),
  ]);
  const edits = new Map<string, PathEntry | null>(differences.known);
  for (const { path } of differences.changed) edits.set(path, null);
  for (const { path, mode, oid } of entries) edits.set(path, { mode, oid });
  const touched = applyEdits(directories, edits);
  if (touched.size === 0) return { tree: listing.base, refused };
  return { tree: await writeDirectories(listing, directories, edits, touched), refused };
}

/** What the files are, through an index of their own. */
async function readFiles(
  listing: Listing,
  { changed, added }: Differences,
): Promise<{ entries: IndexEntry[]; refused: readonly LeftOut[] }> {
  const { git, signal } = listing;
  const own = { GIT_INDEX_FILE: join(listing.temporary.directory, 'changed') };
  const environment = { ...listing.temporary.environment, ...own };
  const temporary = { ...listing.temporary, environment };
  const few: Listing = { ...listing, temporary, variables: { ...listing.variables, ...own } };
  const paths = [...changed.map(({ path }) => path), ...added];
  if (paths.length === 0) return { entries: [], refused: [] };
  const known = changed.flatMap(({ path, from }) => (from === null ? [] : [{ ...from, path }]));
  const said = known.length > saidAtOnce ? null : saidEntries(known);
  if (said === null) await setEntries(git, temporary, known, signal);
  const refused = await addFiles(few, paths, said ?? []);
  return { entries: await listIndex(git, temporary, { signal }), refused };
}

/** So many entries are said together with the files: a command has room for more. */
const saidAtOnce = 32;

/** Entries as words of the command that adds the files; `null` where one of them is no UTF-8. */
function saidEntries(entries: readonly IndexLine[]): string[] | null {
  const words: string[] = [];
  for (const { mode, oid, path } of entries) {
    const name = decoded(path);
    if (name === null) return null;
    words.push('--cacheinfo', `${mode},${oid},${name}`);
  }
  return words;
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** All directories above the paths, each behind the one that it lies in; the top is `''`. */
function directoriesOf(paths: readonly string[]): string[] {
  const directories = new Set(['']);
  for (const path of paths) {
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      directories.add(path.slice(0, end));
    }
  }
  return [...directories].sort((one, other) => one.length - other.length);
}

/** The directories as the base tree has them; empty where it has none there. */
function readDirectories(
  { git, base, variables, signal }: Listing,
  directories: readonly string[],
): Promise<Map<string, Directory>> {
  return readingObjects(git, { environment: variables, signal }, async (read) => {
    const found = new Map<string, Directory>();
    for (const directory of directories) {
      const entry = found.get(parentOf(directory))?.get(nameOf(directory));
      const oid = directory === '' ? base : entry?.mode === treeMode ? entry.oid : null;
      found.set(directory, oid === null ? new Map() : parseTree(await read(oid), base.length / 2));
    }
    return found;
  });
}

/** `mode SP name NUL` and the bytes of the object's id, again and again (gitformat: tree objects). */
function parseTree(bytes: Buffer, idLength: number): Directory {
  const entries: Directory = new Map();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    const next = end + 1 + idLength;
    const mode = bytes.toString('latin1', at, space);
    const oid = bytes.toString('hex', end + 1, next);
    entries.set(bytes.toString('latin1', space + 1, end), { mode, oid });
    at = next;
  }
  return entries;
}

/**
 * Puts the entries into the directories that they lie in.
 * @returns the directories that are others now
 */
function applyEdits(
  directories: ReadonlyMap<string, Directory>,
  edits: ReadonlyMap<string, PathEntry | null>,
): Set<string> {
  const touched = new Set<string>();
  for (const [path, entry] of edits) {
    const directory = directories.get(parentOf(path));
    const before = directory?.get(nameOf(path));
    if (entry === null) {
      // Of a directory that stands there each file is told by itself.
      if (before === undefined || before.mode === treeMode) continue;
      directory?.delete(nameOf(path));
    } else {
      if (before?.mode === entry.mode && before.oid === entry.oid) continue;
      directory?.set(nameOf(path), entry);
    }
    touched.add(parentOf(path));
  }
  return touched;
}

/** Writes what is another directory now, the innermost first, and gives the id of the uppermost. */
function writeDirectories(
  listing: Listing,
  directories: ReadonlyMap<string, Directory>,
  edits: ReadonlyMap<string, PathEntry | null>,
  touched: Set<string>,
): Promise<string> {
  return writingTrees(listing, async (write) => {
    for (const [path, directory] of [...directories].reverse()) {
      if (path === '') return write(directory);
      // A file that took the directory's place stands there already.
      if (!touched.has(path) || edits.get(path)) continue;
      const parent = directories.get(parentOf(path));
      const name = nameOf(path);
      if (directory.size > 0) parent?.set(name, { mode: treeMode, oid: await write(directory) });
      else if (parent?.get(name)?.mode === treeMode) parent.delete(name);
      touched.add(parentOf(path));
    }
    throw new Error('the top is always among the directories');
  });
}

/** Lets `use` write tree objects; Git checks that it has what they name. */
function writingTrees<T>(
  listing: Listing,
  use: (write: (directory: Directory) => Promise<string>) => Promise<T>,
): Promise<T> {
  // Without `-z`, so that what is said is text: names are quoted.
  const command = ['mktree', '--batch'];
  return conversing(listing.git, request(listing, { command, writes: true }), (conversation) =>
    use(async (directory) => {
      await conversation.say(`${[...directory].map(treeLine).join('')}\n`);
      const oid = await conversation.line();
      if (oid === null) throw failed(listing, command, await conversation.end());
      return oid;
    }),
  );
}

/** As `mktree` reads an entry; a name in quotes may have any byte (quote.c, `unquote_c_style`). */
function treeLine([name, { mode, oid }]: readonly [string, PathEntry]): string {
  const type = mode === treeMode ? 'tree' : mode === '160000' ? 'commit' : 'blob';
  const octal = (byte: string) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`;
  return `${mode} ${type} ${oid}\t"${name.replace(/[^\w .+=@-]/g, octal)}"\n`;
}
