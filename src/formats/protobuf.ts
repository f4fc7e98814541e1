import { type Cursor, EndOfFile } from './cursor';

/**
 * The wire format of protocol buffers: fields of a number, a wire type and a value.
 * https://protobuf.dev/programming-guides/encoding/
 */
export interface WireField {
  readonly number: number;
  /** 0 variable-length integer, 1 eight bytes, 2 bytes with a length, 5 four bytes. */
  readonly wire: 0 | 1 | 2 | 5;
  /** The integer of wire type 0; the length of the payload otherwise. */
  readonly value: bigint;
  /** Where the payload begins. */
  readonly start: number;
}

/**
 * The next field; its payload is not read and the cursor stands at its beginning. `null` for bytes
 * that are no field. @throws EndOfFile where the file ends within the field's head
 */
export async function nextField(cursor: Cursor): Promise<WireField | null> {
  const tag = await varint(cursor);
  if (tag === null || tag > 0xffffffffn) return null;
  const number = Number(tag >> 3n);
  const wire = Number(tag & 7n);
  if (number === 0) return null;
  if (wire === 0) {
    const value = await varint(cursor);
    return value === null ? null : { number, wire, value, start: cursor.position };
  }
  if (wire === 1 || wire === 5) {
    return { number, wire, value: wire === 1 ? 8n : 4n, start: cursor.position };
  }
  if (wire !== 2) return null;
  const length = await varint(cursor);
  return length === null ? null : { number, wire, value: length, start: cursor.position };
}

/** Passes over a field's payload. @throws EndOfFile */
export function skipPayload(cursor: Cursor, field: WireField): void {
  if (field.wire === 0) return;
  if (field.value > BigInt(Number.MAX_SAFE_INTEGER)) throw new EndOfFile(Number(field.value));
  cursor.skip(Number(field.value));
}

/** At most ten bytes of seven bits; `null` for more. */
async function varint(cursor: Cursor): Promise<bigint | null> {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = await cursor.u8();
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return null;
}
