import { hostname } from 'node:os';
import type { RunRecord } from '../core/run';
import type { Platform } from '../platform';

/** A process gives a sign of life every two seconds. */
const freshMilliseconds = 10_000;
/** On another machine, over a network file system whose clock may be another one. */
const farMilliseconds = 120_000;

/**
 * Whether the process of a run still lives: it gave a sign of life just now; or, where it runs on
 * this machine, its number is there (a process that is busy or stopped gives no sign).
 * @param beat milliseconds since the epoch; clocks may go backwards, so only the distance counts
 */
export function isLiving(platform: Platform, process: RunRecord['process'], beat: number): boolean {
  const distance = Math.abs(platform.clock.now().getTime() - beat);
  if (distance < freshMilliseconds) return isHere(process) ? isThere(platform, process) : true;
  if (process === null) return false;
  return isHere(process) ? isThere(platform, process) : distance < farMilliseconds;
}

function isHere(process: RunRecord['process']): boolean {
  return process !== null && process.host === hostname();
}

/** A container may share its host's name and not its processes: then only its signs tell. */
function isThere(platform: Platform, process: RunRecord['process']): boolean {
  return process !== null && platform.processes.isAlive(process.id);
}
