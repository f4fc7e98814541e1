import { Cancelled, isFailure } from '../core/failure';
import type { Activity, Progress } from '../core/progress';
import type { Clock } from '../platform';
import { type Advice, adviceOf, type ExitCode } from './advice';
import { bytesText, plainText } from './text';

/** The two streams and what the caller wants on them. */
export interface Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  out(text: string): void;
  error(text: string): void;
  /** Whether standard error is a terminal: progress is drawn there only. */
  readonly interactive: boolean;
}

/** What a command says in the end: one JSON document, or text for people. */
export interface Answer {
  readonly document: unknown;
  readonly text: string;
  readonly exit?: ExitCode;
}

/** Prints an answer in the form that was asked for. */
export function print(terminal: Terminal, answer: Answer): ExitCode {
  if (terminal.json) terminal.out(`${JSON.stringify(answer.document, null, 2)}\n`);
  else if (answer.text !== '' && !terminal.quiet) terminal.out(`${plainText(answer.text)}\n`);
  return answer.exit ?? 0;
}

/** Prints a failure on standard error; anything that is no failure is a bug and shows its stack. */
export function printFailure(terminal: Terminal, thrown: unknown): ExitCode {
  if (thrown instanceof Cancelled) {
    terminal.error(
      terminal.json ? errorDocument('cancelled', 'Cancelled.', '', {}) : 'Cancelled.\n',
    );
    return 130;
  }
  if (!isFailure(thrown)) {
    const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    const message = 'This is a bug in Cairn.';
    terminal.error(
      terminal.json
        ? errorDocument('bug', message, 'Report it with this text.', { stack })
        : `${message} Report it with this text:\n${stack}\n`,
    );
    return 1;
  }
  const advice: Advice = adviceOf(thrown.code, thrown.data as never);
  terminal.error(
    terminal.json
      ? errorDocument(thrown.code, advice.message, advice.hint, thrown.data)
      : `${plainText(`${advice.message}\nHint: ${advice.hint}`)}\n`,
  );
  return advice.exit;
}

function errorDocument(code: string, message: string, hint: string, data: unknown): string {
  return `${JSON.stringify({ error: { code, message, hint, data } })}\n`;
}

/** Nothing is said of an operation that takes less. */
const patience = 500;
const interval = 100;

/** Progress on standard error, for what takes over half a second; one line that is written over. */
export function progressOn(
  terminal: Terminal,
  clock: Clock,
  signal: AbortSignal,
): Activity & { end(): void } {
  const start = clock.elapsed();
  let last = 0;
  let shown = false;
  const progress = (step: Progress) => {
    const now = clock.elapsed();
    if (!terminal.interactive || terminal.quiet || now - start < patience || now - last < interval)
      return;
    last = now;
    shown = true;
    terminal.error(`\r\u001b[2K${plainText(progressText(step)).slice(0, 100)}`);
  };
  const end = () => {
    if (shown) terminal.error('\r\u001b[2K');
  };
  return { signal, progress, end };
}

function progressText({ phase, path, done, total, unit }: Progress): string {
  const amount = (value: number) => (unit === 'bytes' ? bytesText(value) : String(value));
  const of = total === null ? amount(done) : `${amount(done)} of ${amount(total)}`;
  return `${phase} ${path ?? ''} ${of}${unit === 'bytes' ? '' : ` ${unit}`}`;
}
