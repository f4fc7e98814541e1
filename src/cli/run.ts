import { nodePlatform } from '../platform';
import { type Command, surroundingsOf } from './command';
import { print, printFailure, type Terminal } from './output';
import { globalsIn, parseArguments } from './program';
import { progressOn } from './progress';
import { terminalFor, watchStreams } from './terminal';

/** Parses the arguments, runs the command, prints what it says, sets the exit code. */
export async function run(argv: readonly string[]): Promise<void> {
  let terminal = terminalFor(globalsIn(argv));
  watchStreams(() => terminal);
  const signal = cancelledBySignals();
  let exit: number;
  try {
    const command = parseArguments(argv);
    terminal = terminalFor(command.globals);
    exit = await runCommand(command, terminal, signal);
  } catch (error) {
    exit = printFailure(terminal, error);
  }
  // Not `process.exit`, which would cut off what a pipe has not taken yet.
  process.exitCode ||= exit;
}

/** The first signal calls the command off, which tidies up; the second one ends the process. */
function cancelledBySignals(): AbortSignal {
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => abort.abort());
  return abort.signal;
}

async function runCommand(
  { globals, work }: Command,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const platform = nodePlatform();
  const activity = progressOn(terminal, platform.clock, signal);
  try {
    const answer = await work(await surroundingsOf(platform, globals, activity));
    activity.end();
    return print(terminal, answer);
  } catch (error) {
    activity.end();
    return printFailure(terminal, error);
  }
}
