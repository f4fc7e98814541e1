/**
 * Goes over a pickle's opcodes by their lengths alone, as `pickletools` lists them: what the tests
 * hold the machine of the product against, which shares nothing with it.
 * https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
const argumentBytes: Readonly<Record<string, number>> = {
  ...{ K: 1, h: 1, q: 1, '\x82': 1, '\x80': 1, M: 2, '\x83': 2, J: 4, '\x84': 4 },
  ...{ j: 4, r: 4, G: 8, '\x95': 8 },
};
const lengthBytes: Readonly<Record<string, 1 | 4 | 8>> = {
  ...{ U: 1, C: 1, '\x8c': 1, '\x8a': 1, T: 4, B: 4, X: 4, '\x8b': 4 },
  ...{ '\x8d': 8, '\x8e': 8, '\x96': 8 },
};
const lines: Readonly<Record<string, number>> = {
  ...{ I: 1, L: 1, S: 1, V: 1, F: 1, g: 1, p: 1, P: 1, c: 2, i: 2 },
};
const bare = new Set(
  '\x97\x98N\x88\x89]ael)t\x85\x86\x87}dsu\x8f\x90\x9102(1\x94\x93RboQ\x81\x92.',
);

/**
 * Whether whoever follows the opcodes comes to import something called `name`, in the first pickle or
 * one behind it. What lies within a text, behind damage or behind the end is not come to.
 */
export function importsByOpcodes(bytes: Buffer, name: string): boolean {
  let at = 0;
  let pushed = false;
  const line = (): string | null => {
    const end = bytes.indexOf(10, at);
    if (end < 0) return null;
    const text = bytes.toString('latin1', at, end);
    at = end + 1;
    return text;
  };
  while (at < bytes.length) {
    const opcode = String.fromCharCode(bytes[at++] ?? 0);
    const width = lengthBytes[opcode];
    if (lines[opcode] !== undefined) {
      const [first, second] = [line(), lines[opcode] === 2 ? line() : ''];
      if (first === null || second === null) return false;
      // Damage may have made the module's name one that cannot be imported.
      if (second === name && /^[A-Za-z_][\w.]*$/.test(first)) return true;
      pushed ||= first.includes(name);
    } else if (width !== undefined) {
      if (at + width > bytes.length) return false;
      const length = width === 8 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUIntLE(at, width);
      at += width + length;
      if (at > bytes.length) return false;
      pushed ||= bytes.toString('latin1', at - length, at) === name;
    } else if (argumentBytes[opcode] !== undefined) at += argumentBytes[opcode];
    else if (!bare.has(opcode)) return false;
    if (opcode === '\x93' && pushed) return true;
  }
  return false;
}
