import type { Platform } from '../platform';
import { bytePathOf, nulList } from './bytePaths';
import type { GitRunner } from './gitRunner';
import { type IndexEntry, type IndexLine, listIndex, parseRaw, setEntries } from './indexEntries';
import type { TreeEntry } from './repository';
import { openTemporaryIndex, type TemporaryIndex } from './temporaryIndex';

/** So few files are read sooner than the user's index is copied, to know which need no reading. */
const few = 64;

/**
 * The paths whose working files are the same as the entries, mode included, once they went through
 * the clean filters. The entries are set in a copy of the user's index: where it has the same one,
 * what it knows of the file saves reading it. Only files that differ by stat are read.
 */
export async function unchangedAmong(
  platform: Platform,
  git: GitRunner,
  entries: readonly TreeEntry[],
): Promise<Set<string>> {
  if (entries.length === 0) return new Set();
  const options = { scratch: true, copied: entries.length > few };
  const { temporary } = await openTemporaryIndex(platform, git.location, options);
  try {
    const asked = new Map(entries.map((entry) => [bytePathOf(entry.path), entry]));
    await setEntries(git, temporary, linesFor(asked, await listIndex(git, temporary)));
    const doubtful = await readDoubtful(git, temporary, asked);
    const unchanged = entries.filter((entry) => {
      const found = doubtful.get(entry.path);
      return found === undefined || (found?.mode === entry.mode && found.oid === entry.oid);
    });
    return new Set(unchanged.map(({ path }) => path));
  } finally {
    await temporary.dispose();
  }
}

/**
 * Sets what was asked for unless it stands there just so. All others are set too, to what they are:
 * then nothing is known of their files, and Git has no reason to read one of them.
 */
function linesFor(
  asked: ReadonlyMap<string, TreeEntry>,
  present: readonly IndexEntry[],
): IndexLine[] {
  const lines: IndexLine[] = [];
  const kept = new Set<string>();
  for (const { path, mode, oid, stage, assumeUnchanged, skipWorktree } of present) {
    const entry = asked.get(path);
    if (entry === undefined) lines.push({ mode, oid, path });
    else if (entry.mode === mode && entry.oid === oid) {
      if (stage === 0 && !assumeUnchanged && !skipWorktree) kept.add(path);
    }
  }
  for (const [path, { mode, oid }] of asked) {
    if (!kept.has(path)) lines.push({ mode, oid, path });
  }
  return lines;
}

/** The entries that files which differ by stat really have; `null` for those that are gone. */
async function readDoubtful(
  git: GitRunner,
  temporary: TemporaryIndex,
  asked: ReadonlyMap<string, TreeEntry>,
): Promise<Map<string, IndexLine | null>> {
  const { environment } = temporary;
  const command = ['diff-files', '--raw', '-z', '--no-renames', '--ignore-submodules=dirty'];
  const differing = parseRaw(await git.run({ command, environment, writes: false }));
  const doubtful = new Map<string, IndexLine | null>();
  const present = new Set<string>();
  for (const { path, to } of differing) {
    const entry = asked.get(path);
    if (entry === undefined) continue;
    doubtful.set(entry.path, null);
    if (to !== null) present.add(path);
  }
  if (present.size === 0) return doubtful;
  await git.run({
    command: ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'],
    input: nulList([...present]),
    environment,
    settings: ['core.fsync=none'],
    writes: true,
  });
  for (const line of await listIndex(git, temporary)) {
    const entry = present.has(line.path) ? asked.get(line.path) : undefined;
    if (entry !== undefined) doubtful.set(entry.path, line);
  }
  return doubtful;
}
