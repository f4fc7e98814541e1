import type { Platform } from '../platform';
import { maskedCrc32c } from './checksums';
import { viewOf } from './wireFields';

const headLength = 12;
const footLength = 4;
const windowLength = 1 << 20;
/** A record beyond this is a picture or a graph; it is passed over unread. */
const longestRecord = 4 << 20;

/** Where reading of a file of records came to. */
export interface RecordReading {
  /** Bytes of whole, sound records. */
  readonly taken: number;
  /** Whether something stands behind them: a torn tail, or damage. */
  readonly rest: boolean;
}

/**
 * Calls back for each record of a TFRecord file from `from` on: `u64 length, u32 crc of the length,
 * data, u32 crc of the data`, little-endian, checksums masked. Stops at the first that is cut off or
 * whose checksum is wrong, for nothing behind it can be told apart. `null` where there is no file.
 */
export async function readRecords(
  platform: Platform,
  path: string,
  from: number,
  each: (record: Uint8Array) => void,
): Promise<RecordReading | null> {
  const handle = await platform.disk.openRead(path);
  if (handle === null) return null;
  try {
    const { size } = await handle.facts();
    let window = new Uint8Array(0);
    let start = from;
    const bytesAt = async (at: number, length: number): Promise<Uint8Array> => {
      if (at < start || at + length > start + window.length) {
        const wanted = new Uint8Array(Math.min(Math.max(length, windowLength), size - at));
        window = wanted.subarray(0, await handle.read(wanted, at));
        start = at;
      }
      return window.subarray(at - start, at - start + length);
    };
    let at = from;
    while (at + headLength + footLength <= size) {
      const length = lengthIn(await bytesAt(at, headLength));
      if (length === null || at + headLength + length + footLength > size) break;
      if (length <= longestRecord) {
        const body = await bytesAt(at + headLength, length + footLength);
        const data = body.subarray(0, length);
        if (viewOf(body).getUint32(length, true) !== maskedCrc32c(data)) break;
        each(data);
      }
      at += headLength + length + footLength;
    }
    return { taken: at, rest: at < size };
  } finally {
    await handle.close();
  }
}

/** `null` where the checksum of the length is wrong: this is no head of a record. */
function lengthIn(head: Uint8Array): number | null {
  if (head.length < headLength) return null;
  const view = viewOf(head);
  if (view.getUint32(8, true) !== maskedCrc32c(head.subarray(0, 8))) return null;
  const length = view.getBigUint64(0, true);
  return length <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(length) : null;
}
