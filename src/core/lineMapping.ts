/** Where a part of a text is; lines from 1, both included. */
export interface Lines {
  readonly from: number;
  readonly to: number;
}

/** Beyond this many comparisons a changed middle is taken as one piece. */
const mostComparisons = 4_000_000;

/**
 * Where some lines of a text are in another state of it: the lines that stayed, and what stands
 * between them. `null` where nothing of them is there. The middle that differs is compared by the
 * longest common subsequence of its lines.
 */
export function mapLines(text: string, other: string, lines: Lines): Lines | null {
  const [here, there] = [text.split(/\r?\n/), other.split(/\r?\n/)];
  const partner = partners(here, there);
  const last = Math.min(lines.to, here.length);
  const inside = partner.slice(lines.from - 1, last).filter((line) => line >= 0);
  // What replaced the lines stands between the nearest ones that stayed.
  const before = partner.slice(0, lines.from - 1).findLast((line) => line >= 0) ?? -1;
  const after = partner.slice(last).find((line) => line >= 0) ?? there.length;
  const stayed = (index: number) => (partner[index] ?? -1) >= 0;
  const from = stayed(lines.from - 1) ? (inside[0] ?? 0) : before + 1;
  const to = stayed(last - 1) ? (inside.at(-1) ?? 0) : after - 1;
  return from > to ? null : { from: from + 1, to: to + 1 };
}

/** For each line of the first its equal in the second, from 0, in order; -1 where there is none. */
function partners(here: readonly string[], there: readonly string[]): number[] {
  const shorter = Math.min(here.length, there.length);
  let head = 0;
  while (head < shorter && here[head] === there[head]) head++;
  let tail = 0;
  while (tail < shorter - head && here.at(-1 - tail) === there.at(-1 - tail)) tail++;
  const middle = common(
    here.slice(head, here.length - tail),
    there.slice(head, there.length - tail),
  );
  return here.map((_, index) => {
    if (index < head) return index;
    if (index >= here.length - tail) return index + there.length - here.length;
    const found = middle[index - head] ?? -1;
    return found < 0 ? -1 : found + head;
  });
}

function common(here: readonly string[], there: readonly string[]): number[] {
  const partner = here.map(() => -1);
  const width = there.length + 1;
  if (here.length * width > mostComparisons) return partner;
  const longest = new Uint32Array((here.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = here.length - 1; i >= 0; i--) {
    for (let j = there.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        here[i] === there[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  for (let i = 0, j = 0; i < here.length && j < there.length; ) {
    if (here[i] === there[j]) partner[i++] = j++;
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return partner;
}
