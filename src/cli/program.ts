import { Command as Commander, Option } from 'commander';
import { version } from '../../package.json';
import { changingCommands } from './changing';
import type { Command, Globals, Register } from './command';
import { commitCommands } from './committing';
import { lookingCommands } from './looking';
import { soundnessCommands } from './soundness';

/** The whole syntax. `choose` is called with the command that the arguments name. */
export function program(choose: (command: Command) => void): Commander {
  const root = withGlobals(new Commander('cairn'))
    .description(
      'Model version control beside Git: every version with code, weights, parameters, data and metrics.',
    )
    .version(version, '--version', 'print the version of Cairn')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .enablePositionalOptions(false);
  const register: Register = (syntax, description, options, work) => {
    const command = withGlobals(root.command(syntax)).description(description).exitOverride();
    for (const option of options) command.addOption(option);
    return command.action((...given: unknown[]) => {
      const positional = given.slice(0, -2) as (string | undefined)[];
      const parsed = { ...root.opts(), ...command.opts() };
      choose({
        globals: globalsOf(root, command),
        work: (around) => work(around, positional.flat(), parsed),
      });
    });
  };
  lookingCommands(register);
  commitCommands(register);
  changingCommands(register);
  soundnessCommands(register);
  return root;
}

function withGlobals(command: Commander): Commander {
  return command
    .addOption(new Option('--project <dir>', 'the project, instead of the working directory'))
    .addOption(new Option('--json', 'print one JSON document'))
    .addOption(new Option('--quiet', 'print nothing but failures'));
}

function globalsOf(root: Commander, command: Commander): Globals {
  const project = (command.opts().project ?? root.opts().project) as string | undefined;
  const on = (name: 'json' | 'quiet') =>
    root.opts()[name] === true || command.opts()[name] === true;
  return { json: on('json'), quiet: on('quiet'), ...(project === undefined ? {} : { project }) };
}
