import { startOnInstalledNode } from '../platform/installedNode';

/**
 * Runs the same command on the Node that the project installed; where there is none, says what to
 * do. Returns the exit code.
 */
export function nodeForCairn(argv: readonly string[]): number {
  const exit = startOnInstalledNode(__dirname, argv);
  if (exit !== null) return exit;
  const message = `Cairn needs Node 22 or newer, and this is ${process.version}.`;
  const hint = 'Install a newer Node, or use the terminal of VS Code, where Cairn brings its own.';
  const data = { found: process.version, needed: '22' };
  const document = JSON.stringify({ error: { code: 'runtime-too-old', message, hint, data } });
  process.stderr.write(argv.includes('--json') ? `${document}\n` : `${message}\nHint: ${hint}\n`);
  return 2;
}
