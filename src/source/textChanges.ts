/** A range of one text that another range took the place of; as string offsets. */
export interface ChangedRange {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** How many lines further the texts are looked at for a place from which they agree again. */
const farthest = 60;

/**
 * The ranges in which two texts differ, in order, by whole lines; between them they are the same.
 * Where they do not agree again soon, everything up to their common end is one range.
 */
export function changedRanges(before: string, after: string): ChangedRange[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let tail = 0;
  const shorter = Math.min(a.texts.length, b.texts.length);
  while (tail < shorter && a.texts.at(-1 - tail) === b.texts.at(-1 - tail)) tail++;
  const [endA, endB] = [a.texts.length - tail, b.texts.length - tail];
  const ranges: ChangedRange[] = [];
  let [i, j] = [0, 0];
  while (i < endA && j < endB) {
    if (a.texts[i] === b.texts[j]) {
      i++;
      j++;
      continue;
    }
    const [k, l] = agreement(a.texts, b.texts, i, j, endA, endB);
    ranges.push(range(a.starts, b.starts, i, k, j, l));
    [i, j] = [k, l];
  }
  if (i < endA || j < endB) ranges.push(range(a.starts, b.starts, i, endA, j, endB));
  return ranges;
}

function range(
  a: readonly number[],
  b: readonly number[],
  fromA: number,
  toA: number,
  fromB: number,
  toB: number,
): ChangedRange {
  const at = (starts: readonly number[], line: number) => starts[line] ?? 0;
  return { fromA: at(a, fromA), toA: at(a, toA), fromB: at(b, fromB), toB: at(b, toB) };
}

/** The nearest pair of places from which two lines in a row agree; the ends where there is none. */
function agreement(
  a: readonly string[],
  b: readonly string[],
  i: number,
  j: number,
  endA: number,
  endB: number,
): [number, number] {
  for (let distance = 1; distance <= farthest; distance++) {
    for (let k = 0; k <= distance; k++) {
      const [here, there] = [i + distance - k, j + distance - (distance - k)];
      if (here >= endA || there >= endB) continue;
      if (a[here] === b[there] && a[here + 1] === b[there + 1]) return [here, there];
    }
  }
  return [endA, endB];
}

/** Lines with their ends, and where each begins; one more beginning at the end of the text. */
function linesOf(text: string): { texts: string[]; starts: number[] } {
  const texts: string[] = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const starts = [0];
  let start = 0;
  for (const line of texts) {
    start += line.length;
    starts.push(start);
  }
  return { texts, starts };
}
