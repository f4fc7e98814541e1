import type { RangeReader } from '../platform';
import { startsWith } from './bytes';
import { Cursor, EndOfFile } from './cursor';
import { endsEarly, header, type ModelHeader, type Probe } from './modelHeader';

/**
 * TensorFlow Lite: a flatbuffer of file identifier `TFL3`. It states no length, but its table of
 * buffers points at everything it holds; the farthest end of them tells whether the file is whole.
 * https://github.com/google-ai-edge/LiteRT/blob/main/tflite/converter/schema/schema.fbs
 */
const buffersField = 4;
const mostBuffers = 200_000;

export async function readTflite({ reader, head }: Probe): Promise<ModelHeader | null> {
  if (!startsWith(head, 'TFL3', 4)) return null;
  try {
    const { end, count } = await new Flatbuffer(reader).extent();
    return header('tflite', {
      why: end > reader.size ? endsEarly(end, reader.size) : null,
      metadata: { buffers: count },
    });
  } catch (error) {
    if (!(error instanceof EndOfFile)) throw error;
    return header('tflite', { why: endsEarly(error.needed, reader.size) });
  }
}

class Flatbuffer {
  readonly #cursor: Cursor;

  constructor(reader: RangeReader) {
    this.#cursor = new Cursor(reader);
  }

  /** How far the model's buffers reach, and how many there are. */
  async extent(): Promise<{ end: number; count: number }> {
    const root = await this.#u32(0);
    const buffers = await this.#pointer(root, buffersField);
    if (buffers === null) return { end: 0, count: 0 };
    const count = await this.#u32(buffers);
    if (count > mostBuffers) return { end: buffers + 4 + count * 4, count };
    let end = 0;
    for (let index = 0; index < count; index++) {
      const at = buffers + 4 + index * 4;
      end = Math.max(end, await this.#bufferEnd(at + (await this.#u32(at))));
    }
    return { end, count };
  }

  /** A Buffer's bytes: a vector within the flatbuffer (0), or an offset (1) and size (2) after it. */
  async #bufferEnd(table: number): Promise<number> {
    const data = await this.#pointer(table, 0);
    if (data !== null) return data + 4 + (await this.#u32(data));
    const offset = await this.#field(table, 1);
    const size = await this.#field(table, 2);
    if (offset === null || size === null) return table;
    return Number(await this.#u64(offset)) + Number(await this.#u64(size));
  }

  /** Where a field of a table lies; `null` where it is left out. */
  async #field(table: number, index: number): Promise<number | null> {
    const vtable = table - (await this.#i32(table));
    if (vtable < 0) throw new EndOfFile(table);
    const slot = 4 + index * 2;
    if (slot + 2 > (await this.#u16(vtable))) return null;
    const offset = await this.#u16(vtable + slot);
    return offset === 0 ? null : table + offset;
  }

  /** Where what a field points to begins. */
  async #pointer(table: number, index: number): Promise<number | null> {
    const field = await this.#field(table, index);
    return field === null ? null : field + (await this.#u32(field));
  }

  async #u32(at: number): Promise<number> {
    this.#cursor.position = at;
    return await this.#cursor.u32();
  }

  async #i32(at: number): Promise<number> {
    return (await this.#u32(at)) | 0;
  }

  async #u16(at: number): Promise<number> {
    this.#cursor.position = at;
    return await this.#cursor.number(2, (view) => view.getUint16(0, true));
  }

  async #u64(at: number): Promise<bigint> {
    this.#cursor.position = at;
    return await this.#cursor.u64();
  }
}
