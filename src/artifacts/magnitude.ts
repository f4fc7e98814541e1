/**
 * How much a weight changes in a step of training depends on how large it is: in units of its last
 * place, small ones change much and large ones hardly. So differences of 16-bit elements are sorted
 * by the magnitude of the base's element before they are compressed: what lies together is then
 * distributed alike. Who reads them has the base, and sorts in the same way.
 *
 * The class of an element is its bits 7 to 14: of bfloat16 the exponent. Within a class the elements
 * stay in their order.
 */
export const magnitudeClasses = 256;

/** A run of sorted elements that is compressed by itself has at least so many. */
const shortestRun = 32_768;

/** Lengths of the runs: neighbouring classes are joined until they are worth one, the rest goes with the last. */
export function magnitudeRuns(counts: Int32Array): number[] {
  const runs: number[] = [];
  let open = 0;
  for (const count of counts) {
    open += count;
    if (open < shortestRun) continue;
    runs.push(open);
    open = 0;
  }
  const last = runs.pop() ?? 0;
  return last + open === 0 ? [] : [...runs, last + open];
}

/** From how many elements each class has to where its first one goes. */
export function countsToPlaces(counts: Int32Array): void {
  let before = 0;
  for (let index = 0; index < counts.length; index += 1) {
    const count = counts[index] as number;
    counts[index] = before;
    before += count;
  }
}
