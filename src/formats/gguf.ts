import type { Warning } from '../core/version';
import { startsWith, viewOf } from './bytes';
import { Cursor, EndOfFile } from './cursor';
import { ggmlTypes } from './ggmlTypes';
import {
  elementsOf,
  endsEarly,
  header,
  type MetadataValue,
  type ModelHeader,
  metadataText,
  type Probe,
  type TensorInfo,
} from './modelHeader';

/**
 * GGUF: magic, version, counts, key-value pairs, tensor descriptions, then the tensors' data, each
 * aligned. Version 1 has 32-bit counts; version 3 may be big-endian.
 * https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
const versions = [1, 2, 3];
const longestText = 4096;
const mostDimensions = 8;
const deepestArray = 4;
/** The shortest a pair (length, type, a byte) and a description (lengths, type, offset) can be. */
const shortest = { pair: 13, description: 24 };
/** Elements of arrays that are walked one by one, strings that is: the largest vocabularies have 300,000. */
const mostElements = 20_000_000;

/** A length in the file is impossible. */
class Unsound extends Error {
  override readonly name = 'Unsound';
}

export async function readGguf({ reader, head }: Probe): Promise<ModelHeader | null> {
  if (!startsWith(head, 'GGUF')) return null;
  if (head.length < 8) return header('gguf', { why: endsEarly(8, reader.size) });
  const view = viewOf(head);
  const littleEndian = versions.includes(view.getUint32(4, true));
  const version = view.getUint32(4, littleEndian);
  if (!versions.includes(version)) {
    const message = `version ${version} is not known, known are ${versions.join(', ')}`;
    return header('gguf', { warnings: [{ code: 'version-unknown', message }] });
  }
  try {
    const cursor = new Cursor(reader, 8, littleEndian);
    return await new GgufReading(cursor, version, reader.size, littleEndian).read();
  } catch (error) {
    if (error instanceof EndOfFile) {
      return header('gguf', { why: endsEarly(error.needed, reader.size), metadata: { version } });
    }
    if (error instanceof Unsound) {
      return header('gguf', { why: error.message, metadata: { version } });
    }
    throw error;
  }
}

interface Description extends TensorInfo {
  readonly offset: number;
}

/** The types of values by their number: bytes, and how to take them. 8 is text, 9 an array. */
const scalars: Readonly<
  Record<number, readonly [number, (view: DataView, little: boolean) => number | bigint | boolean]>
> = {
  0: [1, (view) => view.getUint8(0)],
  1: [1, (view) => view.getInt8(0)],
  2: [2, (view, little) => view.getUint16(0, little)],
  3: [2, (view, little) => view.getInt16(0, little)],
  4: [4, (view, little) => view.getUint32(0, little)],
  5: [4, (view, little) => view.getInt32(0, little)],
  6: [4, (view, little) => view.getFloat32(0, little)],
  7: [1, (view) => view.getUint8(0) !== 0],
  10: [8, (view, little) => view.getBigUint64(0, little)],
  11: [8, (view, little) => view.getBigInt64(0, little)],
  12: [8, (view, little) => view.getFloat64(0, little)],
};

class GgufReading {
  #walked = 0;

  constructor(
    private readonly cursor: Cursor,
    private readonly version: number,
    private readonly size: number,
    private readonly littleEndian: boolean,
  ) {}

  async read(): Promise<ModelHeader> {
    const tensorCount = await this.#count(shortest.description, 'tensors');
    const pairCount = await this.#count(shortest.pair, 'values');
    const metadata = await this.#metadata(pairCount);
    const tensors: Description[] = [];
    const warnings: Warning[] = [];
    for (let index = 0; index < tensorCount; index++) tensors.push(await this.#tensor(warnings));
    const alignment = metadata['general.alignment'] ?? 32;
    if (typeof alignment !== 'number' || alignment < 1) throw new Unsound('its alignment is 0');
    const start = Math.ceil(this.cursor.position / alignment) * alignment;
    const end = tensors.reduce((last, { offset, bytes }) => Math.max(last, offset + bytes), 0);
    return header('gguf', {
      why: start + end > this.size && tensors.length > 0 ? endsEarly(start + end, this.size) : null,
      tensors: tensors.map(({ offset, ...tensor }) => ({
        ...tensor,
        place: {
          offset: start + offset,
          length: tensor.bytes,
          ...(this.littleEndian ? {} : { bigEndian: true as const }),
        },
      })),
      metadata: { version: this.version, ...metadata },
      warnings,
    });
  }

  /** A count that the file's length allows, when each thing takes at least `least` bytes. */
  async #count(least: number, what: string): Promise<number> {
    const count = this.version === 1 ? await this.cursor.u32() : Number(await this.cursor.u64());
    if (count * least > this.size) throw new Unsound(`it has no room for ${count} ${what}`);
    return count;
  }

  async #length(): Promise<number> {
    return this.version === 1 ? await this.cursor.u32() : Number(await this.cursor.u64());
  }

  async #text(): Promise<string> {
    const length = await this.#length();
    const text = await this.cursor.text(length, longestText);
    return length > longestText ? `${text}… (${length} bytes)` : text;
  }

  async #metadata(count: number): Promise<Record<string, MetadataValue>> {
    const entries: [string, MetadataValue][] = [];
    for (let index = 0; index < count; index++) {
      const key = await this.#text();
      entries.push([key, await this.#value(await this.cursor.u32())]);
    }
    return Object.fromEntries(entries);
  }

  async #value(type: number): Promise<MetadataValue> {
    if (type === 8) return metadataText(await this.#text());
    if (type === 9) return await this.#array(0);
    const scalar = scalars[type];
    if (scalar === undefined) throw new Unsound(`a value has the unknown type ${type}`);
    const value = await this.cursor.number(...scalar);
    return typeof value === 'bigint' ? exactly(value) : value;
  }

  /** Passes over an array and says what it was. */
  async #array(depth: number): Promise<string> {
    if (depth > deepestArray) throw new Unsound(`arrays lie deeper than ${deepestArray}`);
    const type = await this.cursor.u32();
    const length = await this.#length();
    const scalar = scalars[type];
    if (scalar !== undefined) {
      this.cursor.skip(length * scalar[0]);
    } else {
      this.#walked += length;
      if (this.#walked > mostElements) {
        throw new Unsound(`its arrays have over ${mostElements} elements`);
      }
      for (let index = 0; index < length; index++) await this.#skipElement(type, depth);
    }
    return `array of ${length}`;
  }

  async #skipElement(type: number, depth: number): Promise<void> {
    if (type === 8) this.cursor.skip(await this.#length());
    else if (type === 9) await this.#array(depth + 1);
    else throw new Unsound(`an array has the unknown type ${type}`);
  }

  async #tensor(warnings: Warning[]): Promise<Description> {
    const name = await this.#text();
    const dimensions = await this.cursor.u32();
    if (dimensions > mostDimensions) throw new Unsound(`a tensor has ${dimensions} dimensions`);
    const shape: number[] = [];
    for (let index = 0; index < dimensions; index++) shape.push(await this.#length());
    const type = await this.cursor.u32();
    const offset = Number(await this.cursor.u64());
    const known = ggmlTypes.get(type);
    if (known === undefined) {
      const message = `"${name}" has the unknown type ${type}`;
      if (warnings.length < 20) warnings.push({ code: 'dtype-unknown', message });
    }
    const elements = elementsOf(shape);
    const bytes = known === undefined ? 0 : (elements / known.elements) * known.bytes;
    if (!Number.isSafeInteger(elements) || !Number.isSafeInteger(offset + bytes)) {
      throw new Unsound(`the tensor "${name}" has an impossible size`);
    }
    return { name, dtype: known?.name ?? `type ${type}`, shape, bytes, offset };
  }
}

function exactly(value: bigint): MetadataValue {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
