import { bytesText } from '../core/figures';
import type { Activity, Progress } from '../core/progress';
import type { Clock } from '../platform';
import type { Terminal } from './output';
import { lineText } from './text';

/** Nothing is said of an operation that takes less. */
const patience = 500;
const interval = 100;
const clearLine = '\r\u001b[2K';

/** Progress on a terminal, for what takes over half a second; one line that is written over. */
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
    if (terminal.progressWidth === null || now - start < patience || now - last < interval) return;
    last = now;
    shown = true;
    terminal.error(clearLine + progressText(step, terminal.progressWidth));
  };
  const end = () => {
    if (shown) terminal.error(clearLine);
  };
  return { signal, progress, end };
}

/** At most `width` characters: the end of a long path says more than its beginning. */
export function progressText({ phase, path, done, total, unit }: Progress, width: number): string {
  const amount = (value: number) => (unit === 'bytes' ? bytesText(value) : String(value));
  const of = total === null ? amount(done) : `${amount(done)} of ${amount(total)}`;
  const figures = unit === 'bytes' ? of : `${of} ${unit}`;
  const room = width - phase.length - figures.length - 3;
  const name = path === undefined ? '' : lineText(path);
  const shown = name.length > room ? `…${name.slice(name.length - Math.max(0, room - 1))}` : name;
  return [phase, shown, figures].filter((word) => word !== '').join(' ');
}
