import { isPlainObject, type Reader } from '../../src/wire/readers';

/** What a panel begins with: `state` as the extension reads it, `own` as only the panel does. */
export interface Beginning<S, O> {
  readonly state: S;
  readonly own: O;
}

/**
 * What a panel begins with, from the page (`given`, the JSON that the extension wrote into it) and
 * from what the panel kept when it was hidden or reloaded. The page wins when it says something new
 * since then; else what was kept does. `null` when neither says what to show.
 */
export function beginning<S, O>(
  given: string | undefined,
  kept: unknown,
  readState: Reader<S>,
  readOwn: Reader<O>,
  initially: O,
): Beginning<S, O> | null {
  const before = isPlainObject(kept) ? kept : {};
  const own = readOwn(before['own']) ?? initially;
  const keptState = readState(before);
  const news = before['given'] === given ? undefined : readState(parsed(given));
  const state = news ?? keptState ?? readState(parsed(given));
  return state === undefined ? null : { state, own };
}

/** What a panel keeps: the extension reads the state's keys, the panel itself the other two. */
export function keepsake(given: string | undefined, { state, own }: Beginning<object, unknown>) {
  return { ...state, own, given };
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    // A page without a state that can be read has none.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
