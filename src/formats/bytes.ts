/** Fixed-width numbers of binary headers. All offsets are in bytes from the array's beginning. */

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether the bytes at `offset` are these (a text is taken as Latin-1). */
export function startsWith(bytes: Uint8Array, start: string, offset = 0): boolean {
  if (bytes.length < offset + start.length) return false;
  for (let index = 0; index < start.length; index++) {
    if (bytes[offset + index] !== start.charCodeAt(index)) return false;
  }
  return true;
}

/** Bytes as Latin-1 text, in which every byte is one character: to search in, never to show. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
