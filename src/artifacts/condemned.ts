import { join } from 'node:path';
import { Failure } from '../core/failure';
import { packsDirectory, type Shelf } from './layout';

/** A chunk in a pack. */
export interface Place {
  readonly pack: string;
  readonly digest: string;
}

const longestNote = 1 << 28;

/** Among the packs, so that whoever looks for new packs sees that it changed. */
function notePath(shelf: Shelf): string {
  return join(packsDirectory(shelf), 'damaged');
}

export function placeKey({ pack, digest }: Place): string {
  return `${pack} ${digest}`;
}

/**
 * The places that were found to hold other bytes than they should: a line each, the pack's name, a
 * space and the chunk's digest. Nothing is taken from them, so that whoever stores such a chunk again
 * writes it again. Nothing is lost with the note but that.
 */
export async function readCondemned(shelf: Shelf): Promise<Set<string>> {
  try {
    const bytes = await shelf.platform.disk.readSmall(notePath(shelf), longestNote);
    const lines = bytes === null ? [] : new TextDecoder().decode(bytes).split('\n');
    return new Set(lines.filter((line) => /^[0-9a-f]{64} [0-9a-f]{64}$/.test(line)));
  } catch (error) {
    // It cannot be read any more: what it told is found again by whoever looks for damage.
    if (!(error instanceof Failure)) throw error;
    return new Set();
  }
}

export async function writeCondemned(shelf: Shelf, places: ReadonlySet<string>): Promise<void> {
  const { disk } = shelf.platform;
  if (places.size === 0) return disk.remove(notePath(shelf));
  const text = [...places].sort().map((place) => `${place}\n`);
  await disk.writeWhole(notePath(shelf), new TextEncoder().encode(text.join('')));
}
