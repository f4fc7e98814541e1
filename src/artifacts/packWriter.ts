import type { WriteHandle } from '../platform';
import { encodings, type StoredChunk } from './chunkCode';
import { discard } from './discard';
import { beginFile, type LastingDirectories } from './lasting';
import { packPath, packsDirectory, type Shelf } from './layout';
import {
  type ChunkRecord,
  fullPack,
  packEnd,
  packMagic,
  recordLength,
  writeRecord,
} from './packFormat';
import { PackTable } from './packTable';

/** Nobody writes to a pack again. */
const packMode = 0o444;
/** Small chunks are gathered to writes of this length. */
const writeLength = 1 << 20;

/** What a new chunk is, beside its bytes. */
export interface NewChunk {
  readonly digest: string;
  readonly base: string | null;
  readonly depth: number;
  readonly chunk: StoredChunk;
}

interface SealedPack {
  readonly file: WriteHandle;
  readonly name: string;
  readonly length: number;
  /** Of all its chunks, sorted by digest. */
  readonly records: Buffer;
}

/**
 * Writes chunks into new packs. Nothing of them is seen before `publish`; whoever does not get there
 * calls `drop`.
 */
export class PackWriter {
  readonly #shelf: Shelf;
  readonly #directories: LastingDirectories;
  readonly #sealed: SealedPack[] = [];
  readonly #full: number;
  #open: OpenPack | null = null;
  #sealedLength = 0;

  /** @param full a pack of so many bytes takes no more */
  constructor(shelf: Shelf, directories: LastingDirectories, full = fullPack) {
    this.#shelf = shelf;
    this.#directories = directories;
    this.#full = full;
  }

  /** Bytes of all packs so far. */
  get written(): number {
    const open = this.#open === null || this.#open.isEmpty ? 0 : this.#open.length;
    return this.#sealedLength + open;
  }

  /**
   * Begins a pack before anything is known to go into it: as long as it is there, whoever collects
   * garbage sees that somebody is storing.
   */
  async begin(): Promise<void> {
    this.#open ??= await OpenPack.begin(this.#shelf);
  }

  /** The payload may be used again once this has returned. */
  async add(added: NewChunk): Promise<void> {
    const open = this.#open ?? (await OpenPack.begin(this.#shelf));
    this.#open = open;
    await open.add(added);
    if (open.length >= this.#full) await this.#seal();
  }

  /** The bytes of every pack are on the disk, then its name. Returns what is in each. */
  async publish(): Promise<PackTable[]> {
    if (this.#open?.isEmpty === true) await this.#discardEmpty(this.#open);
    await this.#seal();
    if (this.#sealed.length === 0) return [];
    const { disk } = this.#shelf.platform;
    await this.#directories.make(packsDirectory(this.#shelf));
    const published: PackTable[] = [];
    for (const { file, name, length, records } of this.#sealed) {
      await disk.rename(file.path, packPath(this.#shelf, name));
      published.push(PackTable.of({ name, length }, records));
    }
    await disk.syncDirectory(packsDirectory(this.#shelf));
    this.#sealed.length = 0;
    return published;
  }

  /** Nothing of it stays; what was published already is fine where it is. */
  async drop(): Promise<void> {
    const { disk } = this.#shelf.platform;
    // The open ones first: the others are closed, and removing them may fail.
    const files = [...(this.#open?.files ?? []), ...this.#sealed.map(({ file }) => file)];
    this.#sealed.length = 0;
    this.#open = null;
    for (const file of files) await discard(disk, file);
  }

  async #discardEmpty(open: OpenPack): Promise<void> {
    for (const file of open.files) {
      await file.close();
      await this.#shelf.platform.disk.remove(file.path);
    }
    this.#open = null;
  }

  async #seal(): Promise<void> {
    if (this.#open === null) return;
    const sealed = await this.#open.seal(this.#shelf);
    this.#sealedLength += sealed.length;
    this.#sealed.push(sealed);
    this.#open = null;
  }
}

/** One pack that is being written. */
class OpenPack {
  readonly files: readonly WriteHandle[];
  readonly #file: WriteHandle;
  readonly #records: ChunkRecord[] = [];
  /** Short ones, until they are worth a write. */
  readonly #waiting = Buffer.allocUnsafeSlow(writeLength);
  #waitingLength = packMagic.copy(this.#waiting);
  length = packMagic.length;

  private constructor(file: WriteHandle) {
    this.#file = file;
    this.files = [file];
  }

  static async begin(shelf: Shelf): Promise<OpenPack> {
    return new OpenPack(await beginFile(shelf, packMode));
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  async add({ digest, base, depth, chunk }: NewChunk): Promise<void> {
    const { payload, length, encoding, width } = chunk;
    const record: ChunkRecord = {
      digest,
      base: encoding === encodings.delta ? base : null,
      offset: this.length + recordLength,
      stored: payload.length,
      length,
      encoding,
      width,
      depth: encoding === encodings.delta ? depth : 0,
    };
    this.#records.push(record);
    await this.#write(writeRecord(record));
    await this.#write(payload);
  }

  async seal(shelf: Shelf): Promise<SealedPack> {
    const byDigest = this.#records.sort((a, b) => (a.digest < b.digest ? -1 : 1));
    const sorted = Buffer.concat(byDigest.map(writeRecord));
    const name = shelf.platform.hashing.sha256Of(sorted);
    await this.#write(packEnd(sorted, name));
    await this.#flush();
    await this.#file.sync();
    await this.#file.close();
    return { file: this.#file, name, length: this.length, records: sorted };
  }

  /** Long ones go to the disk at once; of short ones a copy waits, for their memory is not ours. */
  async #write(bytes: Uint8Array): Promise<void> {
    this.length += bytes.length;
    const long = bytes.length >= writeLength / 2;
    if (long || this.#waitingLength + bytes.length >= writeLength) await this.#flush();
    if (long) return this.#file.write(bytes);
    this.#waiting.set(bytes, this.#waitingLength);
    this.#waitingLength += bytes.length;
  }

  async #flush(): Promise<void> {
    if (this.#waitingLength === 0) return;
    const all = this.#waiting.subarray(0, this.#waitingLength);
    this.#waitingLength = 0;
    await this.#file.write(all);
  }
}
