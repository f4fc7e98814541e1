import { isPlainObject, type Reader } from './readers';

/**
 * What one panel may ask of the extension: each request's name, what it says, and what comes back.
 * Every panel has a file of its own with such a contract, so that an answer's type follows from
 * the request's name on both sides.
 */
export type Contract = Readonly<Record<string, { readonly ask: object; readonly answer: unknown }>>;

/** What the extension tells a panel unasked: each event's name and what it says. */
export type Events = Readonly<Record<string, object>>;

/** For each request (or event) the reader of what it says. */
export type LetterReaders<C extends Contract> = {
  readonly [K in keyof C]: Reader<C[K]['ask']>;
};
export type EventReaders<E extends Events> = { readonly [K in keyof E]: Reader<E[K]> };

/** From a panel to the extension. `id` is the panel's own, to find the answer's asker. */
export type RequestLetter<C extends Contract> = {
  [K in keyof C & string]: {
    readonly kind: 'request';
    readonly id: number;
    readonly name: K;
    readonly ask: C[K]['ask'];
  };
}[keyof C & string];

/** The extension's answer, or its refusal with a sentence for the person. */
export type ReplyLetter =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly message: string };

export type EventLetter<E extends Events> = {
  [K in keyof E & string]: { readonly kind: 'event'; readonly name: K; readonly event: E[K] };
}[keyof E & string];

/** Reads a letter of a panel, which is not trusted; `null` for any that the contract has not. */
export function parseRequest<C extends Contract>(
  readers: LetterReaders<C>,
  letter: unknown,
): RequestLetter<C> | null {
  if (!isPlainObject(letter) || letter['kind'] !== 'request') return null;
  const { id, name } = letter;
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return null;
  if (typeof name !== 'string' || !Object.hasOwn(readers, name)) return null;
  const ask = readers[name]?.(letter['ask']);
  return ask === undefined ? null : ({ kind: 'request', id, name, ask } as RequestLetter<C>);
}

/** Reads a letter of the extension in a panel; `null` for what is neither reply nor known event. */
export function parseHostLetter<E extends Events>(
  readers: EventReaders<E>,
  letter: unknown,
): ReplyLetter | EventLetter<E> | null {
  if (!isPlainObject(letter)) return null;
  const { kind, id, name } = letter;
  if (kind === 'event') {
    if (typeof name !== 'string' || !Object.hasOwn(readers, name)) return null;
    const event = readers[name]?.(letter['event']);
    return event === undefined ? null : ({ kind, name, event } as EventLetter<E>);
  }
  if (typeof id !== 'number') return null;
  if (kind === 'answer') return { kind, id, answer: letter['answer'] };
  if (kind !== 'refusal' || typeof letter['message'] !== 'string') return null;
  return { kind, id, message: letter['message'] };
}
