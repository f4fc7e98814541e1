/**
 * Git's paths are bytes, and on Linux not always UTF-8. Between two Git commands a path travels as
 * a *byte path*: a string with one character (U+0000 to U+00FF) for each byte, so that every name
 * goes back in as it came out. Whoever looks at a path (a glob, the disk, a person) gets it decoded.
 */
const ascii = /^[\0-\x7f]*$/;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** The NUL-terminated records of a `-z` output, byte for byte. */
export function byteRecords(output: Buffer): string[] {
  const records = output.toString('latin1').split('\0');
  // What follows the last NUL is nothing.
  records.pop();
  return records;
}

/** The path as text; `null` where its bytes are no UTF-8, and so no name that we could use. */
export function decoded(bytePath: string): string | null {
  if (ascii.test(bytePath)) return bytePath;
  try {
    return strict.decode(Buffer.from(bytePath, 'latin1'));
  } catch (error) {
    // The one error that a fatal decoder throws for bytes it cannot take.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** The path as text for people and globs; bytes that are no UTF-8 become U+FFFD. */
export function shown(bytePath: string): string {
  return ascii.test(bytePath) ? bytePath : lenient.decode(Buffer.from(bytePath, 'latin1'));
}

/** The way back: text to one character a byte. */
export function bytePathOf(text: string): string {
  return ascii.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The directory that a path lies in; `''` for the top one. */
export function parentOf(bytePath: string): string {
  return bytePath.slice(0, Math.max(0, bytePath.lastIndexOf('/')));
}

/** Paths as NUL-terminated standard input. */
export function nulList(bytePaths: readonly string[]): Buffer {
  return Buffer.from(bytePaths.map((path) => `${path}\0`).join(''), 'latin1');
}
