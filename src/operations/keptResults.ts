import type { Rooms } from './rooms';
import { attempt } from './trouble';

/**
 * A folder of the project's home with results that take long to find. It may be deleted at any time:
 * then they are found again.
 */
export interface KeptResults {
  readonly folder: string;
  /** Bytes of one, and of all together; those not written for longest go. */
  readonly largest: number;
  readonly together: number;
  readonly most: number;
}

/** What was kept under a key; `null` where nothing is, or where it is torn. */
export async function recallResult<T>(
  rooms: Rooms,
  kept: KeptResults,
  key: string,
): Promise<T | null> {
  let found: T | null = null;
  await attempt(async () => {
    const bytes = await rooms.platform.disk.readSmall(placeOf(rooms, kept, key), kept.largest);
    if (bytes !== null) found = parsed<T>(rooms, Buffer.from(bytes).toString('utf8'));
  });
  return found;
}

/** Keeps plain data for the next time; what cannot be written is only found again. */
export async function keepResult(
  rooms: Rooms,
  kept: KeptResults,
  key: string,
  result: unknown,
): Promise<void> {
  if (rooms.readOnly) return;
  const { disk, hashing } = rooms.platform;
  const body = JSON.stringify(result);
  const bytes = Buffer.from(`${hashing.sha256Of(body)}\n${body}`);
  if (bytes.length > kept.largest) return;
  await attempt(async () => {
    await disk.makeDirectory(folderOf(rooms, kept));
    await disk.writeWhole(placeOf(rooms, kept, key), bytes);
    await prune(rooms, kept);
  });
}

function folderOf({ home }: Rooms, { folder }: KeptResults): string {
  return `${home}/${folder}`;
}

function placeOf(rooms: Rooms, kept: KeptResults, key: string): string {
  return `${folderOf(rooms, kept)}/${rooms.platform.hashing.sha256Of(key)}.json`;
}

/** A line with the digest of the rest, which a torn file does not have. */
function parsed<T>({ platform }: Rooms, text: string): T | null {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  return end > 0 && text.slice(0, end) === platform.hashing.sha256Of(body)
    ? (JSON.parse(body) as T)
    : null;
}

/** Removes the oldest ones while there are too many, and what a crash left, once it is old. */
async function prune(rooms: Rooms, kept: KeptResults): Promise<void> {
  const { disk } = rooms.platform;
  const folder = folderOf(rooms, kept);
  const names = ((await disk.list(folder)) ?? []).filter(({ kind }) => kind === 'file');
  const files: { path: string; size: number; modified: bigint }[] = [];
  for (const { name } of names) {
    const path = `${folder}/${name}`;
    const facts = await disk.facts(path);
    if (facts !== null) files.push({ path, size: facts.size, modified: facts.modified });
  }
  files.sort((a, b) => (a.modified < b.modified ? 1 : -1));
  let size = 0;
  for (const [index, file] of files.entries()) {
    size += file.size;
    if (index > 0 && (index >= kept.most || size > kept.together)) await disk.remove(file.path);
  }
}
