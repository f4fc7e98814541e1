import type { Fault, WriteCall, WriteSeam } from '../../src/platform';

/**
 * What stands for the process's death at a call: no error of the operating system, so nothing may
 * turn it into a failure or go on after it. Every later call dies of it too, those of `finally` and
 * of cleaning up included: a dead process cleans nothing up.
 */
export class ProcessKilled extends Error {
  override readonly name = 'ProcessKilled';
}

/** An error as the operating system gives it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: made by the test`), { code });
}

/**
 * - `once`: the Nth call fails, those after it work again (a passing error, its clean-up works)
 * - `onwards`: the Nth call and everything after it fails (the disk is full, is gone)
 * - `killed`: the process dies at the Nth call
 * - `late`: the Nth call takes effect, and is told to have failed (a share's lost answer, a process
 *   whose time was up); those after it work
 */
export type FaultMode = 'once' | 'onwards' | 'killed' | 'late';

export const faultModes: readonly FaultMode[] = ['once', 'onwards', 'killed', 'late'];

/** What the system, SQLite and Git say of each kind of call, in place of the usual `EIO`. */
const said: readonly [RegExp, readonly string[]][] = [
  [/^disk\.write$/, ['ENOSPC', 'EIO', 'EDQUOT']],
  [/^disk\.(?:rename|remove)$/, ['EBUSY', 'EPERM', 'EIO', 'EACCES']],
  [/^disk\.(?:create|makeDirectory|link)$/, ['EROFS', 'ENOSPC', 'EACCES', 'EIO']],
  [/^database\./, ['SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR']],
];

/** An error that a call of this kind meets in life; another `turn`, another one. */
export function likelyCode(kind: WriteCall['kind'], turn: number): string {
  const codes = said.find(([kinds]) => kinds.test(kind))?.[1] ?? ['EIO'];
  return codes[turn % codes.length] ?? 'EIO';
}

export interface FaultPlan {
  /** Which call, from 1. */
  readonly at: number;
  readonly mode: FaultMode;
  /** The operating system's name of the error; default `EIO`. Not for `killed`. */
  readonly code?: string;
  /** How many bytes of a write arrive all the same; default none. */
  readonly short?: number;
  /** Counts and fails only these calls; default all. */
  readonly only?: (call: WriteCall) => boolean;
}

/** A seam that lets everything through, and notes it, until it is armed. */
export class FaultySeam implements WriteSeam {
  /** All calls since the start or the last `arm`, the failed ones included. */
  calls: WriteCall[] = [];
  /** How many calls have failed since then. */
  fired = 0;
  #plan: FaultPlan | null = null;
  #counted = 0;

  constructor(plan?: FaultPlan) {
    if (plan !== undefined) this.arm(plan);
  }

  arm(plan: FaultPlan): void {
    this.disarm();
    this.#plan = plan;
  }

  /** Lets everything through again, and begins to count anew. */
  disarm(): void {
    this.#plan = null;
    this.#counted = 0;
    this.calls = [];
    this.fired = 0;
  }

  before(call: WriteCall): Fault | null {
    this.calls.push(call);
    const plan = this.#plan;
    if (plan === null || plan.only?.(call) === false) return null;
    this.#counted += 1;
    const due =
      plan.mode === 'once' || plan.mode === 'late'
        ? this.#counted === plan.at
        : this.#counted >= plan.at;
    if (!due) return null;
    this.fired += 1;
    const error =
      plan.mode === 'killed'
        ? new ProcessKilled(`at call ${this.#counted}: ${call.kind} ${call.target}`)
        : systemError(plan.code ?? 'EIO');
    // Only the first failing write arrives in part.
    const short = this.fired === 1 ? (plan.short ?? 0) : 0;
    return { error, short, late: plan.mode === 'late' };
  }
}

/**
 * Runs `attempt` once for every call it makes, failing that call: the first, the second, … until
 * one run needs no fault any more.
 * @param attempt gets a seam that is armed already; must do the same calls each time
 * @param step 1 for every call; more to try every so many
 * @returns how many calls were failed
 */
export async function failEveryCall(
  plan: Omit<FaultPlan, 'at'>,
  attempt: (seam: FaultySeam, at: number) => Promise<void>,
  step = 1,
): Promise<number> {
  for (let at = 1; ; at += step) {
    const seam = new FaultySeam({ ...plan, at });
    await attempt(seam, at);
    if (seam.fired === 0) return Math.floor((at - 1) / step);
  }
}

/** Runs `work` and gives what it threw; `null` when it threw nothing. */
export async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return null;
  } catch (error) {
    return error;
  }
}
