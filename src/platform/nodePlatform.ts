import { homedir, tmpdir } from 'node:os';
import { nodeDisk } from './nodeDisk';
import { nodeClock, nodeHashing, nodeRandomness } from './nodeMachine';
import { nodeProcesses } from './nodeProcesses';
import type { Clock, Platform, Randomness } from './platform';
import { openSeam, type WriteSeam } from './seam';

/** What a caller may put in the place of the machine's own; tests do. */
export interface NodePlatformOptions {
  readonly seam?: WriteSeam;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  readonly random?: Randomness;
  /** As `Platform.system`. */
  readonly system?: string;
  readonly home?: string;
  readonly temporary?: string;
}

function homeIn(environment: Readonly<Record<string, string | undefined>>, system: string): string {
  const named = system.startsWith('win32') ? environment['USERPROFILE'] : environment['HOME'];
  return named ? named : homedir();
}

/** The machine that this process runs on. */
export function nodePlatform(options: NodePlatformOptions = {}): Platform {
  const seam = options.seam ?? openSeam;
  const clock = options.clock ?? nodeClock;
  const random = options.random ?? nodeRandomness;
  const system = options.system ?? `${process.platform}-${process.arch}`;
  const environment = options.environment ?? process.env;
  return Object.freeze({
    disk: nodeDisk({ seam, clock, random, system }),
    processes: nodeProcesses({ seam, system }),
    clock,
    random,
    hashing: nodeHashing,
    seam,
    environment,
    system,
    home: options.home ?? homeIn(environment, system),
    temporary: options.temporary ?? tmpdir(),
  });
}
