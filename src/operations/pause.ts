/** Lets others have the thread: whoever asks the engine something meanwhile is answered. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
