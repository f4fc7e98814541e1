import type { Hashing } from '../platform';
import { placeKey } from './condemned';
import type { OpenFiles } from './openFiles';
import { type Location, PackTable } from './packTable';
import type { TableFile } from './tableFile';

/** Who says what lies in a pack. */
export type Teller = TableFile | PackTable;

/** What is known of all packs at one moment. */
export interface Known {
  /** Longest first. */
  readonly tables: readonly TableFile[];
  /** Packs that no table tells of. */
  readonly loose: readonly PackTable[];
  /** Of each pack that is there, who tells of it: the others do not count. */
  readonly packs: ReadonlyMap<string, { readonly teller: Teller; readonly length: number }>;
  /** Tables that are none, or tell nothing that others do not. */
  readonly useless: readonly string[];
}

/** All rows of the index in memory, as they were at one moment. */
export interface PackRows {
  readonly packs: readonly { readonly name: string; readonly length: number }[];
  /** See `PackIndex.find`. */
  find(digest: string): Location[];
  locations(): Generator<Location>;
  /** See `PackIndex.condemned`. */
  condemned(): Location[];
}

/** @throws BrokenTable when a table says something else than the packs do */
export async function rowsInMemory(
  known: Known,
  tools: { readonly files: OpenFiles; readonly hashing: Hashing },
  condemned: ReadonlySet<string>,
): Promise<PackRows> {
  const told: { table: PackTable; counts: (location: Location) => boolean }[] = [];
  for (const teller of [...known.tables, ...known.loose]) {
    const isLoose = teller instanceof PackTable;
    const table = isLoose ? teller : await teller.inMemory(tools.files, tools.hashing);
    told.push({ table, counts: ({ pack }) => known.packs.get(pack)?.teller === teller });
  }
  const everyPlace = (digest: string) => {
    const key = Buffer.from(digest, 'hex');
    return told.flatMap(({ table, counts }) => table.find(key).filter(counts));
  };
  const isSound = (location: Location) =>
    condemned.size === 0 || !condemned.has(placeKey(location));
  return {
    packs: [...known.packs].map(([name, { length }]) => ({ name, length })),
    find: (digest) => everyPlace(digest).filter(isSound),
    *locations() {
      for (const { table, counts } of told) {
        for (const location of table) if (counts(location) && isSound(location)) yield location;
      }
    },
    condemned: () =>
      [...condemned].flatMap((key) => {
        const [pack, digest = ''] = key.split(' ');
        return everyPlace(digest).filter((location) => location.pack === pack);
      }),
  };
}
