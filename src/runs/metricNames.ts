/** Columns and keys of a log that are its axis, by what libraries call them. */
const epochNames = new Set(['epoch', 'epochs', 'current_epoch', 'trainer/epoch', 'train/epoch']);
const stepNames = new Set([
  ...['step', 'steps', 'global_step', 'globalstep', 'trainer/global_step', 'train/global_step'],
  ...['_step', 'iteration', 'iterations', 'iter', 'it', 'batch', 'round', 'boosting_round'],
  ...['timestep', 'timesteps', 'total_timesteps', 'n_iter', 'update', 'num_updates'],
]);
const clocks =
  /^(?:_?timestamp|_?runtime|wall_?time|date|datetime|time|elapsed|eta|relative_?time|time\/.*|unnamed: \d+|index|)$/;

export type AxisKind = 'epoch' | 'step';

export function axisKind(name: string): AxisKind | null {
  const lower = name.trim().toLowerCase();
  if (epochNames.has(lower)) return 'epoch';
  return stepNames.has(lower) ? 'step' : null;
}

/** Clocks and row numbers, of which neither a curve nor a metric is made. */
export function isClock(name: string): boolean {
  return clocks.test(name.trim().toLowerCase());
}

const runningClocks =
  /^(?:_?timestamp|_?runtime|wall_?time|time|elapsed|relative_?time|time\/time_elapsed)$/;
/** Seconds since 1970 stay below for thousands of years; milliseconds are above since 1973. */
const leastMilliseconds = 1e11;

/**
 * The time that a cell of a log tells, in milliseconds; `null` where it tells none. Loggers write
 * seconds, since 1970 or since the training began, or milliseconds since 1970.
 */
export function clockTime(name: string, value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return null;
  if (!runningClocks.test(name.trim().toLowerCase())) return null;
  return value >= leastMilliseconds ? value : value * 1_000;
}

/** What is logged beside the metrics and measures nothing: a curve, but no metric of a version. */
export function isSetting(name: string): boolean {
  return /(?:^|[/.])(?:lr|learning_rate)(?:[-_/].*)?$/i.test(name);
}
