/** A field of a protocol buffer: an integer (wire type 0), or the bytes of its payload. */
export interface Field {
  readonly number: number;
  readonly integer: bigint;
  readonly bytes: Uint8Array;
}

const none = new Uint8Array(0);
const lengths: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/**
 * The fields of one message, in their order (https://protobuf.dev/programming-guides/encoding/).
 * Ends at the first bytes that are no field: what came before them counts.
 */
export function* fieldsOf(message: Uint8Array): Iterable<Field> {
  let at = 0;
  const varint = (): bigint | null => {
    let value = 0n;
    for (let shift = 0n; shift < 70n && at < message.length; shift += 7n) {
      const byte = message[at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return null;
  };
  while (at < message.length) {
    const tag = varint();
    if (tag === null) return;
    const [number, wire] = [Number(tag >> 3n), Number(tag & 7n)];
    if (wire === 0) {
      const integer = varint();
      if (integer === null) return;
      yield { number, integer, bytes: none };
      continue;
    }
    const length = wire === 2 ? varint() : (lengths[wire] ?? null);
    if (length === null || Number(length) > message.length - at) return;
    const end = at + Number(length);
    yield { number, integer: 0n, bytes: message.subarray(at, end) };
    at = end;
  }
}

/** The payload of the last field of a number, as such fields count. */
export function fieldBytes(message: Uint8Array, number: number): Uint8Array | null {
  let found: Uint8Array | null = null;
  for (const field of fieldsOf(message)) if (field.number === number) found = field.bytes;
  return found;
}

export function fieldText(message: Uint8Array, number: number): string | null {
  const bytes = fieldBytes(message, number);
  return bytes === null ? null : textOf(bytes);
}

/** Signed, as `int64` is written. */
export function fieldInteger(message: Uint8Array, number: number): number | null {
  let found: number | null = null;
  for (const field of fieldsOf(message)) {
    if (field.number === number) found = Number(BigInt.asIntN(64, field.integer));
  }
  return found;
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
