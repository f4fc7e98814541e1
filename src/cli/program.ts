import { Command as Commander, CommanderError, Option } from 'commander';
import { version } from '../../package.json';
import { Failure } from '../core/failure';
import { beginningCommand } from './beginning';
import { changingCommands } from './changing';
import type { Command, Globals, Register } from './command';
import { commitCommands } from './committing';
import { importCommand } from './importing';
import { inspectingCommand } from './inspecting';
import { lookingCommands } from './looking';
import { runningCommands } from './running';
import { scanningCommand } from './scanning';
import { soundnessCommands } from './soundness';
import { storingCommands } from './storing';

/** What the arguments ask for, help and version included. @throws Failure `usage` */
export function parseArguments(argv: readonly string[]): Command {
  let chosen: Command | null = null;
  let printed = '';
  const choose = (command: Command) => {
    chosen = command;
  };
  const print = (text: string) => {
    printed += text;
  };
  // Of all the syntax one command is read; the rest is put together where it has something to say.
  const alone = program(choose, print, argv[0] === 'help' ? undefined : argv[0]);
  const root = alone.commands.length === 1 ? alone : program(choose, print);
  try {
    root.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return told(error, printed.trimEnd(), globalsIn(argv));
  }
  if (chosen === null) throw new Error(`no command came of "${argv.join(' ')}"`);
  return chosen;
}

/** The globals as they stand there, for when the arguments cannot be parsed. */
export function globalsIn(argv: readonly string[]): Globals {
  const end = argv.indexOf('--');
  const before = end < 0 ? argv : argv.slice(0, end);
  return { json: before.includes('--json'), quiet: before.includes('--quiet') };
}

/**
 * The whole syntax. `choose` is called with the command that the arguments name.
 * @param only of all commands the one of this name
 */
function program(
  choose: (command: Command) => void,
  print: (text: string) => void,
  only?: string,
): Commander {
  const root = withGlobals(new Commander('cairn'))
    .description(
      'Model version control beside Git: every version with code, weights, parameters, data and metrics.',
    )
    .version(version, '--version', 'print the version of Cairn')
    .helpOption('-h, --help', 'print help for a command')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: print })
    // Otherwise an option's value that looks like a global option would be taken for one.
    .enablePositionalOptions();
  const registering = registerOn(root, choose);
  const unwanted = new Commander();
  const register: Register = (syntax, ...rest) =>
    only === undefined || syntax.split(' ')[0] === only ? registering(syntax, ...rest) : unwanted;
  root.commandsGroup('Begin:');
  beginningCommand(register);
  root.commandsGroup('Make versions:');
  commitCommands(register);
  root.commandsGroup('Look:');
  lookingCommands(register);
  inspectingCommand(register);
  root.commandsGroup('Train:');
  runningCommands(register);
  importCommand(register);
  root.commandsGroup('Go back:');
  changingCommands(register);
  root.commandsGroup('Check:');
  soundnessCommands(register);
  storingCommands(register);
  scanningCommand(register);
  root.commandsGroup('Help:');
  helpCommand(root, register);
  return root;
}

function registerOn(root: Commander, choose: (command: Command) => void): Register {
  return (syntax, description, options, work) => {
    const command = withGlobals(root.command(syntax), true).description(description);
    for (const option of options) command.addOption(option);
    return command.action((...given: unknown[]) => {
      const positional = given.slice(0, -2) as (string | undefined)[];
      choose({
        globals: globalsOf(root, command),
        work: (around) => work(around, positional.flat(), command.opts()),
      });
    });
  };
}

function helpCommand(root: Commander, register: Register): void {
  register('help [command]', 'print help for a command', [], async (_, [name]) => {
    const named = root.commands.find(
      (command) => name !== undefined && [command.name(), ...command.aliases()].includes(name),
    );
    if (named === undefined && name !== undefined)
      throw new Failure('usage', { what: `there is no command "${name}"` });
    const help = (named ?? root).helpInformation().trimEnd();
    return { document: { help }, text: help };
  });
}

/** The options that stand before the verb and behind it; help names them once. */
function withGlobals(command: Commander, hidden = false): Commander {
  const options = [
    new Option('--project <dir>', 'the project, instead of the working directory'),
    new Option('--json', 'print one JSON document'),
    new Option('--quiet', 'print nothing but failures'),
  ];
  for (const option of options) command.addOption(option.hideHelp(hidden));
  return command;
}

function globalsOf(root: Commander, command: Commander): Globals {
  const given = { ...root.opts<Partial<Globals>>(), ...command.opts<Partial<Globals>>() };
  const { project, json = false, quiet = false } = given;
  return { json, quiet, ...(project === undefined ? {} : { project }) };
}

/** Help and version that were asked for end well; everything else is wrong usage. */
function told(error: CommanderError, printed: string, { json }: Globals): Command {
  const globals = { json, quiet: false };
  if (error.exitCode === 0) {
    const document = error.code === 'commander.version' ? { version } : { help: printed };
    return { globals, work: async () => ({ document, text: printed }) };
  }
  // Without a command help is printed unasked.
  if (error.code === 'commander.help' && !json) {
    return { globals, work: async () => ({ document: null, text: printed, exit: 2 }) };
  }
  throw new Failure('usage', { what: usageText(error) });
}

function usageText({ code, message }: CommanderError): string {
  if (code === 'commander.help') return 'no command was named';
  return message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
}
