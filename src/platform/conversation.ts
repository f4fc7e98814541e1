import {
  commandLine,
  defaultMilliseconds,
  type ProcessGround,
  type RunningProcess,
  startError,
  startProcess,
} from './childProcess';
import type { Conversation, ProcessRequest, ProcessResult } from './processes';

const newline = 0x0a;
/** How much of what nobody asked for is kept at the end, in bytes. */
const lastWords = 1 << 16;

/** Starts a process to speak with. Errors as `Processes.run` says. */
export async function openConversation(
  ground: ProcessGround,
  request: ProcessRequest,
): Promise<Conversation> {
  const running = await startProcess(ground, request);
  const conversation = new NodeConversation(running, ground, request);
  if (request.input !== undefined) await conversation.write(request.input);
  return conversation;
}

function isClosedEarly(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

class NodeConversation implements Conversation {
  readonly #running: RunningProcess;
  readonly #ground: ProcessGround;
  readonly #request: ProcessRequest;
  readonly #output: AsyncIterator<Buffer>;
  /** Said and not yet asked for; joined only when an answer is whole, so that long ones stay cheap. */
  #unread: Buffer[] = [];
  #unreadLength = 0;

  constructor(running: RunningProcess, ground: ProcessGround, request: ProcessRequest) {
    this.#running = running;
    this.#ground = ground;
    this.#request = request;
    const { stdout } = running.child;
    if (stdout === null) throw new Error('a conversation needs standard output');
    this.#output = stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async say(text: string): Promise<void> {
    this.#running.throwIfFailed();
    const target = `${commandLine(this.#request)} < ${text.trimEnd()}`;
    const fault = this.#request.writes
      ? this.#ground.seam.before({ kind: 'process.run', target })
      : null;
    if (fault === null || fault.late === true) await this.write(text);
    if (fault === null) return;
    // As when this process had died here: the other one sees the end of its input.
    this.#running.child.stdin?.end();
    throw await startError(this.#request, fault.error);
  }

  async write(text: string | Uint8Array): Promise<void> {
    const { stdin } = this.#running.child;
    if (!stdin?.writable || stdin.write(text)) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        for (const event of ['drain', 'close']) stdin.off(event, go);
        resolve();
      };
      for (const event of ['drain', 'close']) stdin.on(event, go);
    });
  }

  async line(): Promise<string | null> {
    let searched = 0;
    for (;;) {
      const end = this.#newlineFrom(searched);
      if (end >= 0) return this.#take(end + 1).toString('utf8', 0, end);
      searched = this.#unreadLength;
      if (!(await this.#hear())) break;
    }
    return this.#unreadLength === 0 ? null : this.#take(this.#unreadLength).toString('utf8');
  }

  async bytes(length: number): Promise<Buffer | null> {
    while (this.#unreadLength < length) {
      if (!(await this.#hear())) return null;
    }
    return this.#take(length);
  }

  async end(): Promise<ProcessResult> {
    this.#running.child.stdin?.end();
    this.#running.closeWhenSilent();
    while (await this.#hear()) {
      // Nobody asks for more: only what a reader of the result may want to see is kept.
      if (this.#unreadLength > lastWords) this.#take(this.#unreadLength - lastWords);
    }
    const exitCode = await this.#running.ended;
    this.#running.throwIfFailed();
    return {
      exitCode,
      stdout: this.#take(this.#unreadLength),
      stderr: this.#running.errorOutput,
      timedOut: this.#running.timedOut,
      overflowed: false,
    };
  }

  kill(): void {
    this.#running.kill();
  }

  /** Waits for more output, for as long as the request allows; `false` at its end. */
  async #hear(): Promise<boolean> {
    const timer = setTimeout(() => {
      this.#running.timedOut = true;
      this.#running.kill();
    }, this.#request.milliseconds ?? defaultMilliseconds);
    try {
      const { value, done } = await this.#output.next();
      if (done) return false;
      this.#unread.push(value);
      this.#unreadLength += value.length;
      return true;
    } catch (error) {
      // It has ended, and what it left behind kept the pipe until we closed it.
      if (isClosedEarly(error)) return false;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #newlineFrom(start: number): number {
    let before = 0;
    for (const chunk of this.#unread) {
      const from = Math.max(0, start - before);
      const found = from < chunk.length ? chunk.indexOf(newline, from) : -1;
      if (found >= 0) return before + found;
      before += chunk.length;
    }
    return -1;
  }

  #take(length: number): Buffer {
    const all = this.#unread.length === 1 ? this.#unread[0] : Buffer.concat(this.#unread);
    const joined = all ?? Buffer.alloc(0);
    this.#unread = length < joined.length ? [joined.subarray(length)] : [];
    this.#unreadLength = joined.length - length;
    return joined.subarray(0, length);
  }
}
