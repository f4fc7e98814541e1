import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { type ArtifactStore, openArtifactStore } from '../../src/artifacts';
import type { ByteLayout } from '../../src/core/byteLayout';
import { nodePlatform } from '../../src/platform';
import { freshPath } from '../platform/scratch';

/** A model file with its layout: a header, then tensors of bfloat16. */
export interface ModelFile {
  readonly bytes: Buffer;
  readonly layout: ByteLayout;
}

const headerLength = 300;

/** Tensors as training leaves them: small numbers, in bfloat16. */
export function tensor(length: number): Buffer {
  const elements = new Uint16Array(length >> 1).map(() => {
    const float = new Float32Array([(Math.random() + Math.random() - 1) * 0.05]);
    return (new Uint32Array(float.buffer)[0] ?? 0) >>> 16;
  });
  return Buffer.from(elements.buffer);
}

/** One step of training: most elements move a little in their lowest bits. */
export function trained(before: Buffer): Buffer {
  const after = Buffer.from(before);
  for (let at = 0; at < after.length; at += 2) {
    after[at] = (after[at] as number) + Math.floor(Math.random() * 3) - 1;
  }
  return after;
}

export function modelFile(tensors: Readonly<Record<string, Buffer>>): ModelFile {
  const header = Buffer.alloc(headerLength, `${Object.keys(tensors).join()};`);
  let offset = headerLength;
  const layout = Object.entries(tensors).map(([name, { length }]) => {
    offset += length;
    return { name, dtype: 'BF16', elementBytes: 2, offset: offset - length, length };
  });
  return { bytes: Buffer.concat([header, ...Object.values(tensors)]), layout };
}

/** A store in a directory of its own, with what tests do to it. */
export class StoreBench {
  readonly directory: string;
  readonly temporary: string;
  readonly store: ArtifactStore;
  readonly #root: string;

  constructor(root: string, home = freshPath(root)) {
    this.#root = root;
    this.directory = join(home, 'artifacts');
    this.temporary = join(home, 'tmp');
    this.store = this.open();
  }

  open(platform = nodePlatform()): ArtifactStore {
    return openArtifactStore(platform, this.directory, this.temporary);
  }

  async put(
    { bytes, layout }: ModelFile,
    base: string | null = null,
    store = this.store,
  ): Promise<string> {
    const path = freshPath(this.#root);
    await fs.writeFile(path, bytes);
    await fs.utimes(path, new Date(0), new Date(0));
    return (await store.put(path, undefined, { layout, base })).sha256;
  }

  /** Commits a sequence, each against the one before. */
  async putAll(files: readonly ModelFile[]): Promise<string[]> {
    const digests: string[] = [];
    for (const file of files) digests.push(await this.put(file, digests.at(-1) ?? null));
    return digests;
  }

  async packs(): Promise<string[]> {
    const names = await fs.readdir(join(this.directory, 'packs'));
    return names.map((name) => join(this.directory, 'packs', name));
  }

  /** Oldest first. */
  async packsByAge(): Promise<string[]> {
    const packs = await this.packs();
    const times = await Promise.all(packs.map(async (pack) => (await fs.stat(pack)).mtimeMs));
    return packs.sort((a, b) => (times[packs.indexOf(a)] ?? 0) - (times[packs.indexOf(b)] ?? 0));
  }

  async bytesOnDisk(): Promise<number> {
    const entries = await fs.readdir(this.directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const sizes = files.map(async ({ parentPath, name }) => fs.stat(join(parentPath, name)));
    return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
  }
}

/** Four versions of a model of two tensors: one is trained, one stays as it is. */
export function fourVersions(length = 100_000, still = 'frozen'): ModelFile[] {
  const frozen = tensor(length);
  let moving = tensor(length);
  return [1, 2, 3, 4].map(() => {
    moving = trained(moving);
    return modelFile({ [still]: frozen, moving });
  });
}

/** Changes one byte in the middle of a file. */
export async function flip(path: string, at = 0.3): Promise<void> {
  const bytes = await fs.readFile(path);
  const place = Math.floor(bytes.length * at);
  bytes[place] = (bytes[place] as number) ^ 4;
  await fs.chmod(path, 0o644);
  await fs.writeFile(path, bytes);
}

export const noise = (length: number) => randomBytes(length);
