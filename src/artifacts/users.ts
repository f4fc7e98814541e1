import { join } from 'node:path';
import type { Shelf } from './layout';

const longestPath = 65_536;

/**
 * The projects that keep artifacts in a store: each leaves its path in `users/<SHA-256 of the path>`,
 * because garbage of one may be what another lives on.
 * @param own the project to note; `null` only to look
 */
export async function users(shelf: Shelf, own: string | null): Promise<string[]> {
  const { disk, hashing } = shelf.platform;
  const directory = join(shelf.directory, 'users');
  if (own !== null) {
    const note = join(directory, hashing.sha256Of(own));
    if ((await disk.facts(note)) === null) {
      await disk.makeDirectory(directory);
      await disk.writeWhole(note, new TextEncoder().encode(own));
    }
  }
  const found: string[] = [];
  for (const { name } of (await disk.list(directory)) ?? []) {
    const bytes = await disk.readSmall(join(directory, name), longestPath);
    if (bytes !== null) found.push(new TextDecoder().decode(bytes));
  }
  return found.sort();
}
