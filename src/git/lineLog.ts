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

/**
 * Reads what `git log -L` writes with the format `%x00%H`: a commit, and the lines as one hunk of a
 * diff. A commit without a hunk only moved the lines and is left out.
 */
export function parseLineLog(output: string): LineChange[] {
  return output.split('\0').flatMap((part) => {
    const commit = /^([0-9a-f]{40,64})\n/.exec(part)?.[1];
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/m.exec(part);
    if (commit === undefined || hunk === null) return [];
    const heading = part.slice(0, hunk.index);
    const after = nameIn(/^\+\+\+ (.+)$/m.exec(heading)?.[1] ?? '');
    if (after === null) return [];
    return [
      {
        commit,
        path: after,
        pathBefore: nameIn(/^--- (.+)$/m.exec(heading)?.[1] ?? ''),
        before: { from: Number(hunk[1]), count: Number(hunk[2] ?? 1) },
        after: { from: Number(hunk[3]), count: Number(hunk[4] ?? 1) },
      },
    ];
  });
}

/** `a/train.py`, or the same in quotes with escapes; `null` for `/dev/null`. */
function nameIn(written: string): string | null {
  if (written === '/dev/null' || written === '') return null;
  const plain = written.startsWith('"') ? unescaped(written.slice(1, -1)) : written;
  return plain.replace(/^[ab]\//, '').replace(/\t$/, '');
}

function unescaped(text: string): string {
  const signs: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\' };
  return text.replace(/\\([nt"\\])/g, (whole, sign) => signs[sign] ?? whole);
}
