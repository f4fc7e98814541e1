/** Writes pickles opcode by opcode, also such as no pickler writes. Texts are Latin-1. */

export const raw = (text: string): Buffer => Buffer.from(text, 'latin1');

const u32 = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('latin1');
};

export const proto = (version: number): string => `\x80${String.fromCharCode(version)}`;
export const short = (text: string): string => `\x8c${String.fromCharCode(text.length)}${text}`;
export const unicode = (text: string): string => `X${u32(text.length)}${text}`;
export const bytes = (text: string): string => `B${u32(text.length)}${text}`;
export const global = (module: string, name: string): string => `c${module}\n${name}\n`;
export const stacked = (module: string, name: string): string =>
  `${short(module)}${short(name)}\x93`;
export const frame = (length: number): string => `\x95${u32(length)}\0\0\0\0`;

/** `module.name('id')`, in protocol 0, 2 or 4, and its end. */
export function call(
  module: string,
  name: string,
  version: 0 | 2 | 4 = 2,
  argument = 'id',
): string {
  if (version === 0) return `${global(module, name)}(S'${argument}'\ntR.`;
  if (version === 2) return `${proto(2)}${global(module, name)}${unicode(argument)}\x85R.`;
  return `${proto(4)}${stacked(module, name)}${short(argument)}\x85R.`;
}
