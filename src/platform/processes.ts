export interface ProcessRequest {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  /** The whole environment; the caller builds it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly input?: Uint8Array | string;
  /**
   * Default 120,000 ms; the process and all that it started are killed then. In a conversation it
   * counts for each answer that is waited for.
   */
  readonly milliseconds?: number;
  readonly signal?: AbortSignal;
  /** More standard output than this (default 256 MiB) kills the process; not in a conversation. */
  readonly outputLimit?: number;
  /**
   * Standard output goes into this file, which must be new and stays, and is read when all is said:
   * so that a process with much to say does not wait for an event loop that is busy. Without a limit
   * but the disk's; not in a conversation.
   */
  readonly outputFile?: string;
  /** Whether it changes anything outside: such calls pass the write seam. */
  readonly writes: boolean;
}

/** A command that runs before a person's eyes. */
export interface ForegroundRequest {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  /** Over this process's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly told: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
  /** Asks it to end, as Ctrl+C does. */
  readonly signal?: AbortSignal;
}

export interface ForegroundResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface ProcessResult {
  /** `null` when a signal ended it, or it was killed for its time or its output. */
  readonly exitCode: number | null;
  /** What was said until then; in a conversation the last 64 KiB of what nobody had asked for. */
  readonly stdout: Buffer;
  /** At most its first MiB. */
  readonly stderr: string;
  readonly timedOut: boolean;
  /** It said more than `outputLimit`, and was killed for it. */
  readonly overflowed: boolean;
}

/**
 * A process that is spoken to line by line (`git update-ref --stdin`, `git cat-file --batch`). One
 * question at a time. Whoever began it calls `end`, whatever happened: it waits until the process
 * is gone (and with it its locks).
 */
export interface Conversation {
  /**
   * Writes to its standard input; a process that no longer listens is found out by the next `line`.
   * In a conversation that writes, every call passes the write seam; a fault closes the input.
   */
  say(text: string): Promise<void>;
  /** The next line of standard output without its end; `null` when it has ended. */
  line(): Promise<string | null>;
  /** Exactly so many bytes of standard output; `null` when it ended before. */
  bytes(length: number): Promise<Buffer | null>;
  /** Ends its input and waits. */
  end(): Promise<ProcessResult>;
  kill(): void;
}

export interface Processes {
  /**
   * A process that exits with another code than 0, runs out of time or says too much is a result,
   * not an error.
   * @throws Failure `git-missing` when the command `git` is not found, `git-failed` when it cannot
   * be started, `no-such-file` when `directory` is not there; Error for other commands; `Cancelled`
   * once it has ended
   */
  run(request: ProcessRequest): Promise<ProcessResult>;
  converse(request: ProcessRequest): Promise<Conversation>;
  /** Whether there is a process of this number on this machine, whoever's it is. */
  isAlive(id: number): boolean;
  /** Asks a process to end, as Ctrl+C does; whether there was one to ask. */
  interrupt(id: number): boolean;
  /**
   * Runs a person's own command in this process's group, with this process's standard input; what it
   * says is told as it comes. No limits of time or output: a training takes as long as it takes.
   * @throws Failure `usage` when the command cannot be started
   */
  runForeground(request: ForegroundRequest): Promise<ForegroundResult>;
}
