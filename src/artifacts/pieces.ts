import type { ReadHandle } from '../platform';
import type { Stretch } from './cutting';
import { type Gear, longestCut } from './gear';
import type { Bytes, PieceMemory } from './pieceMemory';

/** The bytes of one chunk, in memory of their own. */
export interface Piece {
  readonly bytes: Bytes;
  readonly width: number;
  readonly role: string | null;
}

/** What a file's pieces are read from. */
export type PieceSource = Pick<ReadHandle, 'read'>;

/** The file ended before its length. */
export class EndedEarly extends Error {
  override readonly name = 'EndedEarly';
}

async function readExactly(source: PieceSource, into: Bytes, offset: number): Promise<void> {
  if ((await source.read(into, offset)) < into.length) throw new EndedEarly();
}

/** Reads a file once, from its beginning, piece by piece. @throws EndedEarly */
export async function* pieces(
  source: PieceSource,
  plan: readonly Stretch[],
  gear: Gear,
  memory: PieceMemory,
): AsyncGenerator<Piece> {
  for (const stretch of plan) {
    const { offset, length, width, role } = stretch;
    if (stretch.content) yield* byContent(source, stretch, gear, memory);
    else {
      const bytes = memory.take(length);
      await readExactly(source, bytes, offset);
      yield { bytes, width, role };
    }
  }
}

/** Cuts where the content says; a window of twice the longest piece slides over the stretch. */
async function* byContent(
  source: PieceSource,
  { offset, length, width, role }: Stretch,
  gear: Gear,
  memory: PieceMemory,
): AsyncGenerator<Piece> {
  const { window } = gear;
  let [start, end, read] = [0, 0, 0];
  while (read < length || start < end) {
    if (read < length && end - start < longestCut) {
      window.copyWithin(0, start, end);
      [start, end] = [0, end - start];
      const wanted = Math.min(window.length - end, length - read);
      await readExactly(source, window.subarray(end, end + wanted), offset + read);
      [end, read] = [end + wanted, read + wanted];
    }
    const cut = gear.cut(start, end);
    const bytes = memory.take(cut - start);
    bytes.set(window.subarray(start, cut));
    start = cut;
    yield { bytes, width, role };
  }
}

/** The next value is asked for while the one before is at work. */
export async function* ahead<T>(values: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = values.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = values.next();
      // Told by the next round; until then nobody may be listening.
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await Promise.allSettled([next]);
  }
}
