/** Where some lines are in a file; from 1. */
export interface LineRange {
  readonly from: number;
  readonly count: number;
}

/** A commit that changed the lines that were asked about. */
export interface LineChange {
  readonly commit: string;
  /** The file's path before and after; `null` where there was none before. */
  readonly pathBefore: string | null;
  readonly path: string;
  readonly before: LineRange;
  readonly after: LineRange;
}

interface Hunk {
  readonly before: LineRange;
  readonly after: LineRange;
}

/**
 * Follows lines back through what `git log -p -U0` with the format `%x00%H` writes of one file,
 * newest first: the commits that changed them, as `git log -L` would tell, which shows nothing of
 * commits with two parents. Lines from 1, both included, of the newest state.
 */
export function followLines(output: string, from: number, to: number): LineChange[] {
  const changes: LineChange[] = [];
  let lines: LineRange = { from, count: to - from + 1 };
  for (const part of output.split('\0')) {
    const commit = /^([0-9a-f]{40,64})\n/.exec(part)?.[1];
    const hunks = hunksOf(part);
    if (commit === undefined || hunks.length === 0) continue;
    const before = linesBefore(lines, hunks);
    if (hunks.some(({ after }) => touches(after, lines))) {
      changes.push({ commit, ...pathsIn(part), before, after: lines });
    }
    if (before.count === 0) break;
    lines = before;
  }
  return changes;
}

function hunksOf(part: string): Hunk[] {
  const pattern = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm;
  return [...part.matchAll(pattern)].map((found) => ({
    before: { from: Number(found[1]), count: Number(found[2] ?? 1) },
    after: { from: Number(found[3]), count: Number(found[4] ?? 1) },
  }));
}

/** A hunk that only takes away stands behind its line, so both neighbours must be of the lines. */
function touches(hunk: LineRange, lines: LineRange): boolean {
  const last = lines.from + lines.count - 1;
  if (hunk.count === 0) return hunk.from >= lines.from && hunk.from < last;
  return hunk.from <= last && hunk.from + hunk.count > lines.from;
}

/** Where the lines were: what a hunk replaced at an end belongs to them. */
function linesBefore({ from, count }: LineRange, hunks: readonly Hunk[]): LineRange {
  const first = lineBefore(from, hunks, 'first');
  const last = lineBefore(from + count - 1, hunks, 'last');
  return { from: first, count: Math.max(0, last - first + 1) };
}

function lineBefore(line: number, hunks: readonly Hunk[], end: 'first' | 'last'): number {
  let shift = 0;
  for (const { before, after } of hunks) {
    const begin = after.count === 0 ? after.from + 1 : after.from;
    if (line < begin) break;
    if (line < begin + after.count) {
      const old = before.count === 0 ? before.from + 1 : before.from;
      return end === 'first' ? old : old + before.count - 1;
    }
    shift += before.count - after.count;
  }
  return line + shift;
}

function pathsIn(part: string): { path: string; pathBefore: string | null } {
  const renamed = /^rename from (.+)$/m.exec(part)?.[1];
  const before = nameIn(/^--- (.+)$/m.exec(part)?.[1] ?? '');
  const path = nameIn(/^\+\+\+ (.+)$/m.exec(part)?.[1] ?? '') ?? before ?? '';
  return { path, pathBefore: renamed === undefined ? before : unquoted(renamed) };
}

/** `a/train.py`, or the same in quotes with escapes; `null` for `/dev/null`. */
function nameIn(written: string): string | null {
  if (written === '/dev/null' || written === '') return null;
  return unquoted(written.replace(/\t$/, '')).replace(/^[ab]\//, '');
}

function unquoted(written: string): string {
  if (!written.startsWith('"')) return written;
  const signs: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\' };
  return written.slice(1, -1).replace(/\\([nt"\\])/g, (whole, sign) => signs[sign] ?? whole);
}
