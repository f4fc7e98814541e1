import { throwIfCancelled } from '../core/failure';
import type { Activity, Progress } from '../core/progress';
import type { FileFacts, Hash, ReadHandle, WriteHandle } from '../platform';

const bufferSize = 1 << 20;
/** Bytes between two reports of progress. */
const reportEvery = 8 * bufferSize;
const zeros = Buffer.alloc(bufferSize);

export interface Stream {
  readonly source: ReadHandle;
  /** The source's facts when it was opened. */
  readonly facts: FileFacts;
  readonly hash: Hash;
  /** `null`: the bytes are only hashed. */
  readonly target: WriteHandle | null;
  readonly phase: Progress['phase'];
  /** As it is told in the progress. */
  readonly path: string;
  readonly activity: Activity | undefined;
}

/** Holes stay holes: a sparse file of many GB costs no more here than where it came from. */
function writeOrSkip(target: WriteHandle, chunk: Buffer, sparse: boolean): Promise<void> {
  const empty = sparse && chunk.equals(zeros.subarray(0, chunk.length));
  return empty ? target.skip(chunk.length) : target.write(chunk);
}

/**
 * Reads a file once from its beginning, hashing and writing each piece while the next is read: two
 * buffers of 1 MiB, whatever its size. Stops early once there is more than `facts.size`.
 * @returns how many bytes were read
 * @throws Cancelled between two pieces
 */
export async function stream(request: Stream): Promise<number> {
  const { source, facts, hash, target, activity } = request;
  const sparse = facts.allocated < facts.size;
  const length = Math.min(bufferSize, facts.size + 1);
  let current = Buffer.allocUnsafeSlow(length);
  let other = Buffer.allocUnsafeSlow(length);
  const report = reporter(request);
  let done = 0;
  let found = await source.read(current, 0);
  while (found > 0 && done <= facts.size) {
    throwIfCancelled(activity?.signal);
    const chunk = current.subarray(0, found);
    done += found;
    // Both calls are on their way in other threads while this one hashes.
    const [next] = await Promise.all([
      source.read(other, done),
      target === null ? undefined : writeOrSkip(target, chunk, sparse),
      hash.update(chunk),
    ]);
    [current, other] = [other, current];
    found = next;
    report(done);
  }
  return done;
}

export function reporter({
  activity,
  facts,
  phase,
  path,
}: Pick<Stream, 'activity' | 'phase' | 'path'> & {
  readonly facts: Pick<FileFacts, 'size'>;
}): (done: number) => void {
  let reported = 0;
  return (done) => {
    if (done - reported < reportEvery && done < facts.size) return;
    reported = done;
    activity?.progress?.({ phase, path, done, total: facts.size, unit: 'bytes' });
  };
}
