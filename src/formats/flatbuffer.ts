import { utf8 } from './bytes';
import { type Cursor, EndOfFile } from './cursor';

const mostItems = 1_000_000;

/**
 * Tables and vectors of a flatbuffer. A table begins with the distance to its vtable, which has the
 * place of each field. Every place is checked by the cursor. https://flatbuffers.dev/internals/
 */
export class Flatbuffer {
  constructor(private readonly cursor: Cursor) {}

  async u32(at: number): Promise<number> {
    this.cursor.position = at;
    return await this.cursor.u32();
  }

  /** Where a field of a table lies; `null` where it is left out. */
  async field(table: number, index: number): Promise<number | null> {
    const vtable = table - ((await this.u32(table)) | 0);
    if (vtable < 0) throw new EndOfFile(table);
    const slot = 4 + index * 2;
    if (slot + 2 > (await this.#u16(vtable))) return null;
    const offset = await this.#u16(vtable + slot);
    return offset === 0 ? null : table + offset;
  }

  async number(table: number, index: number): Promise<number | null> {
    const at = await this.field(table, index);
    return at === null ? null : await this.u32(at);
  }

  async byte(table: number, index: number): Promise<number | null> {
    const at = await this.field(table, index);
    if (at === null) return null;
    this.cursor.position = at;
    return await this.cursor.u8();
  }

  /** The tables of a vector. */
  async vector(table: number, index: number): Promise<number[]> {
    const found = await this.#start(table, index);
    if (found === null) return [];
    const items: number[] = [];
    for (let item = 0; item < found.count; item++) {
      const at = found.at + item * 4;
      items.push(at + (await this.u32(at)));
    }
    return items;
  }

  /** A vector of 32-bit numbers. */
  async numbers(table: number, index: number): Promise<number[]> {
    const found = await this.#start(table, index);
    if (found === null) return [];
    const items: number[] = [];
    for (let item = 0; item < found.count; item++) items.push(await this.u32(found.at + item * 4));
    return items;
  }

  /** Where a vector of bytes lies. @throws EndOfFile where it is not all there */
  async bytes(table: number, index: number): Promise<{ offset: number; length: number } | null> {
    const at = await this.field(table, index);
    if (at === null) return null;
    const offset = at + (await this.u32(at));
    const length = await this.u32(offset);
    this.cursor.position = offset + 4;
    this.cursor.skip(length);
    return { offset: offset + 4, length };
  }

  async text(table: number, index: number, limit: number): Promise<string | null> {
    const found = await this.bytes(table, index);
    if (found === null) return null;
    this.cursor.position = found.offset;
    return utf8(await this.cursor.bytes(Math.min(found.length, limit)));
  }

  async #start(table: number, index: number): Promise<{ at: number; count: number } | null> {
    const field = await this.field(table, index);
    if (field === null) return null;
    const at = field + (await this.u32(field));
    const count = await this.u32(at);
    if (count > mostItems) throw new EndOfFile(at + 4 + count * 4);
    return { at: at + 4, count };
  }

  async #u16(at: number): Promise<number> {
    this.cursor.position = at;
    return await this.cursor.number(2, (view) => view.getUint16(0, true));
  }
}
