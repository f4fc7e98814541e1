import { finderEdition } from '../source';
import type { FileAsked, ReadPast } from './parameterHistoryFile';
import type { Rooms } from './rooms';
import { attempt } from './trouble';

/** Goes up when what is kept has another form, or a version's text is read otherwise. */
const edition = 2;
/** What one file's past may take, and all of them together; those not written for longest go. */
const largestKept = 32 * 1024 * 1024;
const largestTogether = 128 * 1024 * 1024;
const mostKept = 200;

/**
 * What was read of a file's past before, from `values/` of the project's home; `null` where nothing
 * is, or where it was torn or written by another edition. It says which blobs it was read from, so
 * that whoever takes it can tell what of it still holds.
 */
export async function recallPast(
  rooms: Rooms,
  model: string,
  asked: FileAsked,
): Promise<ReadPast | null> {
  let read: ReadPast | null = null;
  await attempt(async () => {
    const bytes = await rooms.platform.disk.readSmall(placeOf(rooms, model, asked), largestKept);
    if (bytes !== null) read = parsed(rooms, Buffer.from(bytes).toString('utf8'));
  });
  return read;
}

/** Keeps what was read for the next time; what cannot be written is only read again. */
export async function keepPast(
  rooms: Rooms,
  model: string,
  asked: FileAsked,
  past: ReadPast,
): Promise<void> {
  if (rooms.readOnly) return;
  const { disk, hashing } = rooms.platform;
  const body = JSON.stringify(past);
  const bytes = Buffer.from(`${hashing.sha256Of(body)}\n${body}`);
  if (bytes.length > largestKept) return;
  await attempt(async () => {
    await disk.makeDirectory(folderOf(rooms));
    await disk.writeWhole(placeOf(rooms, model, asked), bytes);
    await prune(rooms);
  });
}

function folderOf({ home }: Rooms): string {
  return `${home}/values`;
}

function placeOf(rooms: Rooms, model: string, { path }: FileAsked): string {
  const key = [edition, finderEdition, model, path].join('\n');
  return `${folderOf(rooms)}/${rooms.platform.hashing.sha256Of(key)}.json`;
}

/** A line with the digest of the rest, which a torn file does not have. */
function parsed({ platform }: Rooms, text: string): ReadPast | null {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  return end > 0 && text.slice(0, end) === platform.hashing.sha256Of(body)
    ? (JSON.parse(body) as ReadPast)
    : null;
}

/** Removes the oldest ones while there are too many, and what a crash left, once it is old. */
async function prune(rooms: Rooms): Promise<void> {
  const { disk } = rooms.platform;
  const folder = folderOf(rooms);
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
    if (index > 0 && (index >= mostKept || size > largestTogether)) await disk.remove(file.path);
  }
}
