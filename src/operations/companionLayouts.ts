import type { ByteLayout, TensorBytes } from '../core/byteLayout';
import { Failure } from '../core/failure';
import { companionBytes, type ModelHeader, soundLayout } from '../formats';
import { openFileReader, type Platform } from '../platform';
import { besideFile } from './beside';
import type { Identifier } from './identify';

/** Formats that keep values of their tensors in files beside. */
const withCompanions: ReadonlySet<string> = new Set<ModelHeader['format']>([
  'onnx',
  'tensorflow-index',
  'tensorflow-savedmodel',
]);

/**
 * Where tensors lie in files that only have values, as the models beside them state it (ONNX external
 * data, TensorFlow's variables). Nothing is read before somebody asks.
 */
export class CompanionLayouts {
  #found: Promise<ReadonlyMap<string, readonly TensorBytes[]>> | null = null;

  /** @param paths absolute, of all files that go into one version */
  constructor(
    private readonly platform: Platform,
    private readonly paths: readonly string[],
    private readonly identifier: Identifier,
  ) {}

  /** The layout of a file of so many bytes at its real path; `null` when no model speaks of it. */
  async of(path: string, size: number): Promise<ByteLayout | null> {
    this.#found ??= this.read();
    const tensors = (await this.#found).get(path);
    return tensors === undefined ? null : soundLayout(tensors, size);
  }

  private async read(): Promise<ReadonlyMap<string, readonly TensorBytes[]>> {
    const found = new Map<string, readonly TensorBytes[]>();
    for (const path of this.paths) {
      if (!withCompanions.has((await this.identifier.identify(path)).format)) continue;
      for (const { file, tensors } of await this.companionsOf(path)) {
        const beside = await besideFile(this.platform, path, file);
        // What is no plain file in the model's own directory is none of its values.
        if ('path' in beside) found.set(beside.path, tensors);
      }
    }
    return found;
  }

  /** None where the model makes no sense: its files are bytes then, and stored as such. */
  private async companionsOf(path: string): ReturnType<typeof companionBytes> {
    const reader = await openFileReader(this.platform.disk, path);
    try {
      return await companionBytes(reader, path);
    } catch (error) {
      if (error instanceof Failure || error instanceof RangeError) return [];
      throw error;
    } finally {
      await reader.close();
    }
  }
}
