import { finderEdition } from '../source';
import { type KeptResults, keepResult, recallResult } from './keptResults';
import type { FileAsked, ReadPast } from './parameterHistoryFile';
import type { Rooms } from './rooms';

/** Goes up when what is kept has another form, or a version's text is read otherwise. */
const edition = 2;
const kept: KeptResults = {
  folder: 'values',
  largest: 32 * 1024 * 1024,
  together: 128 * 1024 * 1024,
  most: 200,
};

/**
 * What was read of a file's past before; `null` where nothing is, or where it was written by another
 * edition. It says which blobs it was read from, so that whoever takes it can tell what of it still
 * holds.
 */
export function recallPast(
  rooms: Rooms,
  model: string,
  asked: FileAsked,
): Promise<ReadPast | null> {
  return recallResult(rooms, kept, keyOf(model, asked));
}

/** Keeps what was read for the next time. */
export function keepPast(
  rooms: Rooms,
  model: string,
  asked: FileAsked,
  past: ReadPast,
): Promise<void> {
  return keepResult(rooms, kept, keyOf(model, asked), past);
}

function keyOf(model: string, { path }: FileAsked): string {
  return [edition, finderEdition, model, path].join('\n');
}
