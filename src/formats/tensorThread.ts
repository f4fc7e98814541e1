/**
 * A thread that sums how the values of two files differ. It answers each request once, one after
 * the other, keeps the files open that it was told of, and must not know of models or versions.
 */
import { Failure, isFailure } from '../core/failure';
import { nodePlatform, type ReadHandle, thisThread } from '../platform';
import { type JobReply, type JobRequest, type JobSide, readInto } from './tensorJobs';
import { openKernel } from './tensorKernel';
import { type Stretch, stretchSums } from './tensorSums';

const thread = thisThread();
const { disk } = nodePlatform();
const kernel = openKernel();
const opened = new Map<string, Promise<ReadHandle | null>>();

async function stretchOf({ path, offset, dtype }: JobSide): Promise<Stretch> {
  const known = opened.get(path) ?? disk.openRead(path);
  opened.set(path, known);
  const handle = await known;
  if (handle === null) throw new Failure('no-such-file', { path });
  const short = () => new Failure('file-changed', { path });
  return { read: readInto(handle, short), offset, dtype };
}

async function answer({ id, job }: JobRequest): Promise<JobReply> {
  try {
    const [from, to] = [await stretchOf(job.from), await stretchOf(job.to)];
    return { id, sums: await stretchSums(kernel, from, to, job.elements, job.always) };
  } catch (error) {
    if (isFailure(error)) return { id, failure: { code: error.code, data: error.data } };
    return { id, bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

let last: Promise<void> = Promise.resolve();
thread.onMessage((message) => {
  last = last.then(async () => thread.send(await answer(message as JobRequest)));
});
