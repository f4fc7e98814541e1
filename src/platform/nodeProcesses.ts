import {
  defaultMilliseconds,
  type ProcessGround,
  type RunningProcess,
  startProcess,
} from './childProcess';
import { openConversation } from './conversation';
import { interrupt, isAlive, runForeground } from './foreground';
import type { ForegroundRequest, Processes, ProcessRequest, ProcessResult } from './processes';

const defaultOutputLimit = 256 * 1024 * 1024;

/** Gathers standard output up to a limit. */
function gather(running: RunningProcess, limit: number): Buffer[] {
  const chunks: Buffer[] = [];
  let length = 0;
  running.child.stdout?.on('data', (chunk: Buffer) => {
    if (running.overflowed) return;
    length += chunk.length;
    if (length <= limit) {
      chunks.push(chunk);
      return;
    }
    running.overflowed = true;
    running.kill();
  });
  return chunks;
}

async function run(ground: ProcessGround, request: ProcessRequest): Promise<ProcessResult> {
  const running = await startProcess(ground, request);
  const chunks = gather(running, request.outputLimit ?? defaultOutputLimit);
  running.closeWhenSilent();
  running.child.stdin?.end(request.input);
  const timer = setTimeout(() => {
    running.timedOut = true;
    running.kill();
  }, request.milliseconds ?? defaultMilliseconds);
  const exitCode = await running.ended;
  clearTimeout(timer);
  running.throwIfFailed();
  return {
    exitCode,
    stdout: Buffer.concat(chunks),
    stderr: running.errorOutput,
    timedOut: running.timedOut,
    overflowed: running.overflowed,
  };
}

/** The machine's processes. */
export function nodeProcesses(ground: ProcessGround): Processes {
  return Object.freeze({
    run: (request: ProcessRequest) => run(ground, request),
    converse: (request: ProcessRequest) => openConversation(ground, request),
    isAlive,
    interrupt: (id: number) => interrupt(ground, id),
    runForeground: (request: ForegroundRequest) => runForeground(ground, request),
  });
}
