import { CommanderError } from 'commander';
import { Failure } from '../core/failure';
import { nodePlatform } from '../platform';
import type { Command } from './command';
import { print, printFailure, progressOn, type Terminal } from './output';
import { program } from './program';

/** Parses the arguments, runs the command, prints what it says, sets the exit code. */
export async function run(argv: readonly string[]): Promise<void> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  let chosen: Command | null = null;
  let terminal = terminalFor({ json: argv.includes('--json'), quiet: argv.includes('--quiet') });
  try {
    await program((command) => {
      chosen = command;
    }).parseAsync([...argv], { from: 'user' });
    if (chosen !== null) {
      terminal = terminalFor((chosen as Command).globals);
      process.exitCode = await runCommand(chosen, terminal, abort.signal);
    }
  } catch (error) {
    process.exitCode = printFailure(terminal, usageOf(error, argv));
  }
}

async function runCommand(
  command: Command,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const platform = nodePlatform();
  const activity = progressOn(terminal, platform.clock, signal);
  const directory = command.globals.project ?? process.cwd();
  try {
    const answer = await command.work({ platform, directory, activity });
    activity.end();
    return print(terminal, answer);
  } catch (error) {
    activity.end();
    return printFailure(terminal, error);
  }
}

/** What commander refuses is wrong usage; help and version end well. */
function usageOf(error: unknown, argv: readonly string[]): unknown {
  if (!(error instanceof CommanderError)) return error;
  const what = error.message.replace(/^error: /, '').replace(/\.$/, '');
  return new Failure('usage', {
    what: what === '(outputHelp)' ? `no command in "cairn ${argv.join(' ')}"` : what,
  });
}

function terminalFor({ json, quiet }: { json: boolean; quiet: boolean }): Terminal {
  return {
    json,
    quiet,
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY === true && !json,
  };
}
