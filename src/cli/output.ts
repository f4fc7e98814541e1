import { Cancelled, isFailure } from '../core/failure';
import { adviceOf, type ExitCode } from './advice';
import { colouredAnswer, colouredFailure } from './colour';
import { lineText, plainText } from './text';

/** The two streams and what the caller wants on them. */
export interface Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  out(text: string): void;
  error(text: string): void;
  /** Which of the streams is a terminal that shows colours. */
  readonly colours: { readonly out: boolean; readonly error: boolean };
  /** Characters in a line of progress on standard error; `null` where none is drawn. */
  readonly progressWidth: number | null;
}

/** What a command says in the end: one JSON document, or text for people. */
export interface Answer {
  readonly document: unknown;
  readonly text: string;
  readonly exit?: ExitCode;
}

/** Prints an answer in the form that was asked for. */
export function print(terminal: Terminal, answer: Answer): ExitCode {
  const exit = answer.exit ?? 0;
  if (terminal.json) terminal.out(`${JSON.stringify(answer.document, null, 2)}\n`);
  else if (answer.text !== '' && (!terminal.quiet || exit !== 0)) {
    const text = plainText(answer.text);
    terminal.out(`${terminal.colours.out ? colouredAnswer(text) : text}\n`);
  }
  return exit;
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly data: unknown;
  readonly exit: ExitCode;
}

/** Prints a failure on standard error; anything that is no failure is a bug and shows its stack. */
export function printFailure(terminal: Terminal, thrown: unknown): ExitCode {
  const { exit, ...error } = told(thrown);
  if (terminal.json) terminal.error(`${JSON.stringify({ error })}\n`);
  else terminal.error(`${failureText(terminal, error)}\n`);
  return exit;
}

function told(thrown: unknown): Told {
  if (thrown instanceof Cancelled)
    return { code: 'cancelled', message: 'Cancelled.', hint: '', data: {}, exit: 130 };
  if (isFailure(thrown)) {
    const { code, data } = thrown;
    return { code, ...adviceOf(code, data as never), data };
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  const message = 'This is a bug in Cairn.';
  return { code: 'bug', message, hint: 'Report it with this text.', data: { stack }, exit: 1 };
}

function failureText(terminal: Terminal, error: Omit<Told, 'exit'>): string {
  const { code, data } = error;
  const [message, hint] = [lineText(error.message), lineText(error.hint)];
  if (code === 'bug') return plainText(`${message} ${hint}\n${(data as { stack: string }).stack}`);
  if (hint === '') return message;
  return terminal.colours.error ? colouredFailure(message, hint) : `${message}\nHint: ${hint}`;
}
