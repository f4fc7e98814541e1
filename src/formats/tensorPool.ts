import { join } from 'node:path';
import { Failure, type FailureCode, throwIfCancelled } from '../core/failure';
import type { TensorSums } from '../core/tensorComparison';
import { type Platform, startThread, type Thread, threadsAtOnce } from '../platform';
import { type JobReply, type JobSide, readInto, type TensorJob } from './tensorJobs';
import { openKernel } from './tensorKernel';
import { type Stretch, stretchSums } from './tensorSums';

/** Threads take a moment to start: what is smaller is done sooner without them. */
const worthThreads = 48 << 20;
const mostThreads = 4;

export interface JobProgress {
  readonly signal?: AbortSignal | undefined;
  /** Told of each job that is done. */
  readonly done?: (elements: number) => void;
}

/**
 * Does all jobs, on as many threads as are worth it, and gives their sums in the jobs' order.
 * @throws Failure `no-such-file`, `file-changed`, …; Cancelled
 */
export async function runJobs(
  platform: Platform,
  jobs: readonly TensorJob[],
  progress: JobProgress = {},
  script: string | null = join(__dirname, 'tensors.js'),
): Promise<(TensorSums | null)[]> {
  const bytes = jobs.reduce((sum, { elements }) => sum + elements * 8, 0);
  const there = script !== null && (await platform.disk.facts(script)) !== null;
  if (bytes < worthThreads || !there) return await runHere(platform, jobs, progress);
  const count = Math.min(mostThreads, threadsAtOnce(), jobs.length);
  const threads = Array.from({ length: count }, () => startThread(script, 'cairn-tensors'));
  try {
    return await shared(threads, jobs, progress);
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

/** Each thread has one job under way and one waiting, so that it never waits for its next. */
const ahead = 2;

function shared(
  threads: readonly Thread[],
  jobs: readonly TensorJob[],
  { signal, done }: JobProgress,
): Promise<(TensorSums | null)[]> {
  return new Promise((resolve, reject) => {
    const results: (TensorSums | null)[] = new Array(jobs.length).fill(null);
    let [next, left] = [0, jobs.length];
    const give = (thread: Thread) => {
      const job = jobs[next];
      if (job !== undefined) thread.send({ id: next++, job });
    };
    const receive = (thread: Thread, reply: JobReply) => {
      if ('failure' in reply) {
        reject(new Failure(reply.failure.code as FailureCode, reply.failure.data as never));
      } else if ('bug' in reply) reject(new Error(reply.bug));
      else {
        results[reply.id] = reply.sums;
        done?.(jobs[reply.id]?.elements ?? 0);
        try {
          throwIfCancelled(signal);
        } catch (error) {
          reject(error);
          return;
        }
        if (--left === 0) resolve(results);
        else give(thread);
      }
    };
    for (const thread of threads) {
      thread.onMessage((message) => receive(thread, message as JobReply));
      thread.onEnd((error) => reject(error ?? new Error('a thread ended early')));
      for (let index = 0; index < ahead; index++) give(thread);
    }
  });
}

/** On this thread, one after the other. */
async function runHere(
  platform: Platform,
  jobs: readonly TensorJob[],
  { signal, done }: JobProgress,
): Promise<(TensorSums | null)[]> {
  const kernel = openKernel();
  const handles = new Map<string, Awaited<ReturnType<Platform['disk']['openRead']>>>();
  const stretchOf = async ({ path, offset, dtype }: JobSide): Promise<Stretch> => {
    const handle = handles.get(path) ?? (await platform.disk.openRead(path));
    if (handle === null) throw new Failure('no-such-file', { path });
    handles.set(path, handle);
    return { read: readInto(handle, () => new Failure('file-changed', { path })), offset, dtype };
  };
  try {
    const results: (TensorSums | null)[] = [];
    for (const { from, to, elements, always } of jobs) {
      const sides = [await stretchOf(from), await stretchOf(to)] as const;
      const check = () => throwIfCancelled(signal);
      results.push(await stretchSums(kernel, ...sides, elements, always, check));
      done?.(elements);
    }
    return results;
  } finally {
    for (const handle of handles.values()) await handle?.close();
  }
}
