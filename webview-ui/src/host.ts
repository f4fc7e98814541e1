import {
  type Contract,
  type EventReaders,
  type Events,
  parseHostLetter,
} from '../../src/wire/letters';

/** What VS Code gives to every webview, once. */
interface VsCodeApi {
  postMessage(letter: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension refused a request; the message is a sentence for the person. */
class Refusal extends Error {
  override readonly name = 'Refusal';
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (refusal: Refusal) => void;
}

/** The extension as a panel sees it: it answers letters, tells news, and keeps the panel's state. */
export class Host<C extends Contract, E extends Events> {
  private readonly api = acquireVsCodeApi();
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Map<string, (event: object) => void>();
  private late: (refusal: string | null) => void = () => undefined;
  /** A page that was hidden and shown again never takes an answer to its predecessor for its own. */
  private next = Math.round(performance.timeOrigin) * 1_000;

  constructor(private readonly readers: EventReaders<E>) {
    window.addEventListener('message', ({ data }) => this.receive(data));
  }

  /** @throws Refusal when the extension could not do it */
  ask<K extends keyof C & string>(name: K, ask: C[K]['ask']): Promise<C[K]['answer']> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.api.postMessage({ kind: 'request', id, name, ask });
    });
  }

  /** One listener an event: the panel itself. */
  on<K extends keyof E & string>(name: K, listener: (event: E[K]) => void): void {
    this.listeners.set(name, listener as (event: object) => void);
  }

  /**
   * Tells of replies to requests that this page's predecessor made, before the panel was hidden or
   * reloaded: the refusal's sentence, or `null` for an answer.
   */
  onLateReply(listener: (refusal: string | null) => void): void {
    this.late = listener;
  }

  recall(): unknown {
    return this.api.getState();
  }

  keep(state: object): void {
    this.api.setState(state);
  }

  private receive(data: unknown): void {
    const letter = parseHostLetter(this.readers, data);
    if (letter === null) return;
    if (letter.kind === 'event') {
      this.listeners.get(letter.name)?.(letter.event);
      return;
    }
    const asker = this.waiting.get(letter.id);
    this.waiting.delete(letter.id);
    if (asker === undefined) this.late(letter.kind === 'refusal' ? letter.message : null);
    else if (letter.kind === 'answer') asker.resolve(letter.answer);
    else asker.reject(new Refusal(letter.message));
  }
}
