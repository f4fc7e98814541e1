import * as fs from 'node:fs/promises';
import {
  defaultMilliseconds,
  type ProcessGround,
  type RunningProcess,
  startProcess,
} from './childProcess';
import { openConversation } from './conversation';
import { reading, writing } from './diskErrors';
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
  const { outputFile } = request;
  if (outputFile === undefined) return ended(await startProcess(ground, request), request);
  const running = await startInto(ground, request, outputFile);
  const result = await ended(running, request);
  return { ...result, stdout: await reading('read', outputFile, () => fs.readFile(outputFile)) };
}

/** Starts a process whose standard output goes into a file. */
async function startInto(ground: ProcessGround, request: ProcessRequest, path: string) {
  const mine = 0o600;
  const create = () => fs.open(path, 'wx', mine);
  const output = await writing(ground.seam, 'disk.create', path, create);
  try {
    return await startProcess(ground, request, output.fd);
  } finally {
    await output.close();
  }
}

async function ended(running: RunningProcess, request: ProcessRequest): Promise<ProcessResult> {
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
