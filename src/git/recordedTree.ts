import type { Platform } from '../platform';
import { bytePathOf, shown } from './bytePaths';
import type { GitRunner } from './gitRunner';
import { type IndexLine, parseRaw, setEntries } from './indexEntries';
import { disposingOnError, openTemporaryIndex, type TemporaryIndex } from './temporaryIndex';

/** Code as it was recorded beside Git: a commit, a patch against it, and files it does not track. */
export interface RecordedCode {
  /** `null`: there was no commit yet. */
  readonly head: string | null;
  /** A file with what `git diff --binary HEAD` said. */
  readonly patch: string | null;
  /** Files that Git did not track, each with where its bytes lie now. */
  readonly files: readonly {
    readonly path: string;
    readonly source: string;
    readonly executable: boolean;
  }[];
  /** Paths that are taken from the record; all others stay as HEAD has them. */
  readonly captured: (path: string) => boolean;
}

interface Work {
  readonly git: GitRunner;
  readonly temporary: TemporaryIndex;
  readonly settings: readonly string[];
  readonly code: RecordedCode;
}

/**
 * The tree of recorded code, and whether it differs from HEAD's. `null` where it cannot be made any
 * more: the commit is not here, or the patch does not apply to it.
 * @param settings how durable the objects have to be
 */
export async function buildRecordedTree(
  platform: Platform,
  git: GitRunner,
  settings: readonly string[],
  code: RecordedCode,
): Promise<{ tree: string; dirty: boolean } | null> {
  if (code.head !== null && !(await hasCommit(git, code.head))) return null;
  const { temporary } = await openTemporaryIndex(platform, git.location, {
    scratch: false,
    copied: false,
  });
  const built = await disposingOnError(temporary, () => build({ git, temporary, settings, code }));
  await temporary.dispose();
  return built;
}

async function hasCommit(git: GitRunner, head: string): Promise<boolean> {
  const command = ['cat-file', '-e', `${head}^{tree}`];
  return (await git.attempt({ command, writes: false })).exitCode === 0;
}

async function build(work: Work): Promise<{ tree: string; dirty: boolean } | null> {
  const { head, patch } = work.code;
  if (head !== null) await run(work, ['read-tree', head]);
  const base = await writeTree(work);
  if (patch !== null && !(await applies(work, patch))) return null;
  await addFiles(work);
  await resetOthers(work, base);
  const tree = await writeTree(work);
  return { tree, dirty: tree !== base };
}

function request({ temporary, settings }: Work) {
  return { environment: temporary.environment, settings, writes: true };
}

async function run(work: Work, command: readonly string[], input?: string): Promise<Buffer> {
  return work.git.run({ ...request(work), command, ...(input === undefined ? {} : { input }) });
}

async function writeTree(work: Work): Promise<string> {
  return (await run(work, ['write-tree', '--missing-ok'])).toString('latin1').trim();
}

async function applies(work: Work, patch: string): Promise<boolean> {
  const command = ['apply', '--cached', '--binary', '--whitespace=nowarn', patch];
  return (await work.git.attempt({ ...request(work), command })).exitCode === 0;
}

/** As their bytes are: filters belong to the place where they lay, which is not where they lie. */
async function addFiles(work: Work): Promise<void> {
  const files = work.code.files.filter(
    ({ path, source }) => work.code.captured(path) && !/[\n\r]/.test(`${path}${source}`),
  );
  if (files.length === 0) return;
  const sources = files.map(({ source }) => `${source}\n`).join('');
  const said = await run(work, ['hash-object', '-w', '--no-filters', '--stdin-paths'], sources);
  const ids = said.toString('latin1').trim().split('\n');
  const lines = files.map(({ path, executable }, index): IndexLine => {
    const mode = executable ? '100755' : '100644';
    // Index lines carry byte paths.
    return { mode, oid: ids[index] ?? '', path: bytePathOf(path) };
  });
  await setEntries(work.git, work.temporary, lines);
}

/** What the patch changed of paths that are not captured (model files, say) is HEAD's again. */
async function resetOthers(work: Work, base: string): Promise<void> {
  const command = ['diff-index', '--cached', '--raw', '-z', '--no-renames', base];
  const changes = parseRaw(await run(work, command));
  const lines = changes
    .filter(({ path }) => !work.code.captured(shown(path)))
    .map(({ path, from, to }): IndexLine => {
      return from === null ? { mode: '0', oid: to?.oid ?? '', path } : { ...from, path };
    });
  await setEntries(work.git, work.temporary, lines);
}
