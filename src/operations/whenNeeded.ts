/** What a verb is to its caller: words in, a promise out. */
type Verb<Words extends unknown[], Answer> = (...words: Words) => Promise<Answer>;

/**
 * A verb whose code is loaded with its first use, so that a command that only lists versions does
 * not pay for readers of model files. All that is loaded late goes through here.
 */
export function whenNeeded<Words extends unknown[], Answer>(
  load: () => Promise<Verb<Words, Answer>>,
): Verb<Words, Answer> {
  return async (...words) => (await load())(...words);
}
