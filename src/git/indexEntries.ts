import { join } from 'node:path';
import { byteRecords } from './bytePaths';
import type { GitRunner } from './gitRunner';
import type { TemporaryIndex } from './temporaryIndex';

/** `mode oid stage TAB path` for `update-index --index-info`; mode 0 removes a path. */
export interface IndexLine {
  readonly mode: string;
  readonly oid: string;
  readonly path: string;
}

/**
 * Sets entries (no file is looked at: they lose their flags and what was known of their files) and
 * removes those of mode `0`.
 */
export async function setEntries(
  git: GitRunner,
  temporary: TemporaryIndex,
  lines: readonly IndexLine[],
  signal?: AbortSignal,
): Promise<void> {
  if (lines.length === 0) return;
  const text = lines.map(({ mode, oid, path }) => `${mode} ${oid} 0\t${path}\0`).join('');
  await git.run({
    command: ['update-index', '-z', '--index-info'],
    input: Buffer.from(text, 'latin1'),
    environment: temporary.environment,
    writes: true,
    signal,
  });
}

/** An entry of the index as `ls-files --stage -v` lists it. */
export interface IndexEntry extends IndexLine {
  readonly stage: number;
  readonly assumeUnchanged: boolean;
  readonly skipWorktree: boolean;
}

/**
 * Everything in the temporary index; an unmerged path comes once for each stage.
 * @param among pathspecs; left out: all of it
 */
export async function listIndex(
  git: GitRunner,
  temporary: TemporaryIndex,
  { among = [], signal }: { among?: readonly string[]; signal?: AbortSignal | undefined } = {},
): Promise<IndexEntry[]> {
  const output = await git.run({
    command: ['ls-files', '-z', '--stage', '-v', '--', ...among],
    environment: temporary.environment,
    writes: false,
    signal,
  });
  return byteRecords(output).map((record) => {
    const tab = record.indexOf('\t');
    const [tag = '', mode = '', oid = '', stage = ''] = record.slice(0, tab).split(' ');
    return {
      mode,
      oid,
      stage: Number(stage),
      path: record.slice(tab + 1),
      assumeUnchanged: tag !== tag.toUpperCase(),
      skipWorktree: tag.toUpperCase() === 'S',
    };
  });
}

/** The names in the temporary index, one for each entry; an unmerged path comes more than once. */
export interface IndexNames {
  /** Byte paths. */
  readonly paths: readonly string[];
  /** Whether any of them is marked as not to be looked at (assume-unchanged, skip-worktree). */
  readonly flagged: boolean;
  /** Whether a pattern is found in the names, each with a NUL behind it. */
  has(pattern: RegExp): boolean;
}

/**
 * As `listIndex`, without what an entry holds: of 100,000 entries that is far less to read. What is
 * asked first are questions to all of them at once, and only then they are taken apart.
 */
export async function listNames(
  git: GitRunner,
  temporary: TemporaryIndex,
  signal?: AbortSignal,
): Promise<IndexNames> {
  const output = await git.run({
    command: ['ls-files', '-z', '-v'],
    outputFile: join(temporary.directory, 'names'),
    environment: temporary.environment,
    writes: false,
    signal,
  });
  return new ListedNames(output.toString('latin1'));
}

/** `H path`; unmerged entries are `M`, and every other letter is a mark. */
class ListedNames implements IndexNames {
  readonly #text: string;
  readonly #plain: boolean;
  readonly flagged: boolean;
  #paths: readonly string[] | null = null;

  constructor(text: string) {
    this.#text = text;
    this.#plain = text.startsWith('H ') && !/\0[^H]/.test(text);
    this.flagged = !this.#plain && /(?:^|\0)[^HM]/.test(text);
  }

  get paths(): readonly string[] {
    this.#paths ??= this.#plain
      ? // Nearly always all are `H`, and then one cut makes the paths.
        this.#text.slice(2, -1).split('\0H ')
      : this.#text.split('\0').flatMap((record) => (record === '' ? [] : [record.slice(2)]));
    return this.#paths;
  }

  has(pattern: RegExp): boolean {
    return pattern.test(this.#text);
  }
}

/** One line of a raw difference: what is on the left (tree or index), and whether the right has it. */
export interface RawChange {
  readonly path: string;
  readonly from: { readonly mode: string; readonly oid: string } | null;
  readonly to: { readonly mode: string; readonly oid: string } | null;
  /** It has several entries: a merge did not come to an end there. */
  readonly unmerged: boolean;
}

const noMode = '000000';

/** Parses `--raw -z --no-renames`; a path that comes twice (unmerged) counts by its first line. */
export function parseRaw(output: Buffer): RawChange[] {
  const fields = byteRecords(output);
  const changes = new Map<string, RawChange>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [left = '', right = '', leftOid = '', rightOid = '', letter = ''] = (
      fields[at] ?? ''
    ).split(' ');
    const path = fields[at + 1] ?? '';
    if (changes.has(path)) continue;
    const from = { mode: left.slice(1), oid: leftOid };
    const to = { mode: right, oid: rightOid };
    changes.set(path, {
      path,
      from: from.mode === noMode ? null : from,
      to: to.mode === noMode ? null : to,
      unmerged: letter === 'U',
    });
  }
  return [...changes.values()];
}
