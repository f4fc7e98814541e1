import type { Platform, ReadHandle } from '../platform';
import { JournalFold, type JournalReading } from './journalEntries';

/** One reading of a journal: what is new in it, and how far it goes. */
export interface JournalPart {
  readonly reading: JournalReading;
  /** Bytes of whole lines from the beginning of the file. */
  readonly taken: number;
  /** When the process last gave a sign of life, in milliseconds since the epoch. */
  readonly beat: number;
}

const pieceLength = 1 << 20;
/** A line that is longer is none of ours: the longest hold some ten thousand values. */
const longestLine = 64 << 20;

/**
 * Reads what a journal (JSON Lines) has behind the bytes that were taken before, up to its last
 * whole line: a torn one is left for the next time, or for ever. Lines that are no entries are
 * counted and passed over. `null` where there is no journal.
 */
export async function readJournal(
  platform: Platform,
  path: string,
  from: number,
): Promise<JournalPart | null> {
  const handle = await platform.disk.openRead(path);
  if (handle === null) return null;
  try {
    const facts = await handle.facts();
    // A journal never shrinks; one that did is another one, and what is known of it stays.
    const beginning = facts.size < from ? facts.size : from;
    const fold = new JournalFold();
    const taken = await readLines(handle, beginning, facts.size, (line) => fold.add(line));
    return { reading: fold.finished(), taken, beat: Number(facts.modified / 1_000_000n) };
  } finally {
    await handle.close();
  }
}

/** Calls back for each whole line from `from` on; returns where the last of them ends. */
async function readLines(
  handle: ReadHandle,
  from: number,
  to: number,
  each: (line: string) => void,
): Promise<number> {
  const decoder = new TextDecoder();
  let taken = from;
  let rest: Buffer = Buffer.alloc(0);
  for (let at = from; at < to; ) {
    const piece = Buffer.alloc(Math.min(pieceLength, to - at));
    const length = await handle.read(piece, at);
    if (length === 0) break;
    at += length;
    const bytes = Buffer.concat([rest, piece.subarray(0, length)]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    for (const line of decoder.decode(bytes.subarray(0, end)).split('\n')) {
      if (line !== '') each(line);
    }
    taken += end;
    rest = bytes.subarray(end);
    if (rest.length > longestLine) break;
  }
  return taken;
}
