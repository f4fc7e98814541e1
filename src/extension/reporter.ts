import * as vscode from 'vscode';
import { Cancelled, isFailure } from '../core/failure';
import { type Advice, adviceFor } from './advice';
import type { Prompts } from './asking/prompts';
import { EngineStopped } from './project/engineClient';

const showOutput = 'Show Output';

/** Tells a person what was refused or broke: one message, and the rest in the output channel. */
export class Reporter {
  private last = '';

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly prompts: () => Prompts,
  ) {}

  /** Does the work; what it throws is told, and `undefined` comes back. Called off: quietly. */
  async attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      this.failed(what, thrown);
      return undefined;
    }
  }

  failed(what: string, thrown: unknown): void {
    if (thrown instanceof Cancelled) {
      this.log.debug(`${what}: called off`);
      return;
    }
    const advice = this.noted(what, thrown);
    void this.show(isFailure(thrown) ? 'warning' : 'error', advice);
  }

  /** Writes it to the output channel only: for what nobody asked for (a refresh, a poll). */
  noted(what: string, thrown: unknown): Advice {
    if (isFailure(thrown)) {
      this.write('warn', `${what}: ${thrown.code} ${JSON.stringify(thrown.data)}`);
      return adviceFor(thrown);
    }
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.write('error', `${what}: ${error.stack ?? error.message}`);
    if (thrown instanceof EngineStopped) return { message: stoppedText, buttons: [] };
    return { message: `${what} failed unexpectedly: ${error.message}`, buttons: [] };
  }

  /** What is looked at every second may fail every second: the same line is written once. */
  private write(level: 'warn' | 'error', line: string): void {
    if (line !== this.last) this.log[level](line);
    this.last = line;
  }

  private async show(kind: 'warning' | 'error', { message, buttons }: Advice): Promise<void> {
    const titles = [...buttons.map(({ title }) => title), showOutput];
    const chosen = await this.prompts().tell({ id: 'failure', kind, message, actions: titles });
    if (chosen === showOutput) this.log.show();
    const button = buttons.find(({ title }) => title === chosen);
    if (button !== undefined) {
      await vscode.commands.executeCommand(button.command, ...(button.arguments ?? []).map(opened));
    }
  }
}

const stoppedText =
  'The engine of Cairn stopped unexpectedly and starts again with the next step. Nothing was lost; try again.';

/** Web addresses arrive at `vscode.open` as a Uri. */
function opened(argument: unknown): unknown {
  return typeof argument === 'string' && argument.startsWith('https://')
    ? vscode.Uri.parse(argument)
    : argument;
}
