import { Failure } from '../core/failure';
import { printFailure, type Terminal } from './output';

const narrowest = 40;

/** The streams of this process, as the options want them. */
export function terminalFor({ json, quiet }: { json: boolean; quiet: boolean }): Terminal {
  const { stdout, stderr } = process;
  const drawn = stderr.isTTY === true && !json && !quiet;
  return {
    json,
    quiet,
    out: (text) => void stdout.write(text),
    error: (text) => void stderr.write(text),
    colours: { out: hasColours(stdout), error: hasColours(stderr) },
    // A line that fills its row would make the next one begin below it.
    progressWidth: drawn ? Math.max(narrowest, (stderr.columns || 80) - 1) : null,
  };
}

/** `hasColors` knows NO_COLOR, FORCE_COLOR and terminals that have none. */
function hasColours(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && stream.hasColors();
}

/**
 * A reader that has seen enough (`cairn log | head -1`) closes the pipe: that is no failure of the
 * command. Anything else that standard output refuses is.
 */
export function watchStreams(terminal: () => Terminal): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    const data = { operation: 'writing', path: 'standard output', errno: error.code ?? 'unknown' };
    process.exitCode = printFailure(terminal(), new Failure('disk-failed', data));
  });
  // There is nowhere left to tell of it; the exit code still does.
  process.stderr.on('error', () => undefined);
}
