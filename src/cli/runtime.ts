import { Failure } from '../core/failure';
import { startOnInstalledNode } from '../platform/installedNode';
import { printFailure } from './output';
import { terminalFor } from './terminal';

/**
 * Runs the same command on the Node that the project installed; where there is none, says what to
 * do. `argv`: the script and its arguments. Returns the exit code.
 */
export function nodeForCairn(argv: readonly string[]): number {
  const exit = startOnInstalledNode(__dirname, argv);
  if (exit !== null) return exit;
  const data = { found: `Node ${process.versions.node}`, needed: 'Node 22.15' };
  const terminal = terminalFor({ json: argv.includes('--json'), quiet: false });
  return printFailure(terminal, new Failure('runtime-too-old', data));
}
