import type { LineCounts } from '../core/comparison';
import { byteRecords, decoded } from './bytePaths';
import { withoutNetwork } from './environment';
import type { GitRunner } from './gitRunner';
import type { ChangeStatus, TreeChange, TreeEntry } from './repository';

type Variables = Readonly<Record<string, string>>;

/**
 * All files, links and submodules of a tree. Names that are no UTF-8 are left out: nobody above
 * could write them.
 * @param environment where its objects are, when not in the repository alone
 */
export async function treeEntries(
  git: GitRunner,
  tree: string,
  environment: Variables = {},
): Promise<TreeEntry[]> {
  const command = ['ls-tree', '-r', '-z', '--full-tree', tree];
  const output = await git.run({ command, environment, writes: false });
  return byteRecords(output).flatMap((record) => {
    const tab = record.indexOf('\t');
    const [mode = '', , oid = ''] = record.slice(0, tab).split(' ');
    const path = decoded(record.slice(tab + 1));
    return path === null ? [] : [Object.freeze({ path, mode, oid })];
  });
}

const statuses: Readonly<Record<string, ChangeStatus>> = {
  A: 'added',
  D: 'deleted',
  M: 'modified',
  T: 'modified',
  R: 'renamed',
};

/** `:<mode> <mode> <oid> <oid> <status>` and one path, or two for a rename. */
function parseChanges(output: Buffer): TreeChange[] {
  const fields = byteRecords(output);
  const changes: TreeChange[] = [];
  for (let at = 0; at < fields.length; ) {
    const letter = fields[at]?.split(' ')[4]?.charAt(0) ?? '';
    const status = statuses[letter] ?? 'modified';
    const first = decoded(fields[at + 1] ?? '');
    const second = status === 'renamed' ? decoded(fields[at + 2] ?? '') : null;
    at += status === 'renamed' ? 3 : 2;
    if (status !== 'renamed') {
      if (first !== null) changes.push({ path: first, status });
    } else if (first !== null && second !== null) {
      changes.push({ path: second, status, from: first });
    }
  }
  return changes;
}

/**
 * What differs between two trees, renames found where at least half of the content is the same.
 * In a partial clone that lacks the contents only the paths are compared: nothing is fetched.
 */
export async function compareTrees(
  git: GitRunner,
  from: string,
  to: string,
  environment: Variables = {},
): Promise<TreeChange[]> {
  if (from === to) return [];
  const compare = (renames: string) =>
    git.attempt({
      command: ['diff-tree', '-r', '-z', '--raw', renames, '--ignore-submodules=none', from, to],
      environment: { ...environment, ...withoutNetwork },
      writes: false,
    });
  const found = await compare('--find-renames=50%');
  if (found.exitCode === 0) return parseChanges(found.stdout);
  const command = ['diff-tree', '-r', '-z', '--raw', '--no-renames', from, to];
  return parseChanges(await git.run({ command, environment, writes: false }));
}

/**
 * Lines added and removed in each file that differs between two trees, by its new path; `null` for
 * what Git takes for binary. Empty in a partial clone that lacks the contents.
 */
export async function countLines(
  git: GitRunner,
  from: string,
  to: string,
  environment: Variables = {},
): Promise<Map<string, LineCounts | null>> {
  const counts = new Map<string, LineCounts | null>();
  if (from === to) return counts;
  const found = await git.attempt({
    command: ['diff-tree', '-r', '-z', '--numstat', '--find-renames=50%', from, to],
    environment: { ...environment, ...withoutNetwork },
    writes: false,
  });
  if (found.exitCode !== 0) return counts;
  const records = byteRecords(found.stdout);
  for (let at = 0; at < records.length; at++) {
    const [added = '', removed = '', name = ''] = records[at]?.split('\t') ?? [];
    // A rename leaves the place of the name empty; the old and the new one follow.
    if (name === '') at += 2;
    const path = decoded(name === '' ? (records[at] ?? '') : name);
    const lines = { added: Number(added), removed: Number(removed) };
    if (path !== null) counts.set(path, added === '-' ? null : lines);
  }
  return counts;
}
