/** Work that stops now and then, so that whoever does it can let others have the thread. */
export type Steps<T> = Generator<void, T, void>;

/** The outcome, without a pause. */
export function finished<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The outcome, with a pause wherever the work stops. */
export async function unhurried<T>(steps: Steps<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    await pause();
  }
}
