/**
 * How often a property is tried: `few` in the inner loop, and as many times more as the environment
 * variable `CAIRN_RUNS` says when somebody looks for the rare counterexample.
 */
export function runs(few: number): number {
  return few * Number(process.env['CAIRN_RUNS'] ?? 1);
}
