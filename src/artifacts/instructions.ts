/**
 * WebAssembly put together instruction by instruction: the inner loops are so small that there need be
 * no binary to trust and no compiler to install.
 * Instructions: https://webassembly.github.io/spec/core/binary/instructions.html
 */
export type Code = readonly number[];

/** As much of the global object as is used here; the types of Node leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

export const i32 = 0x7f;
export const end = 0x0b;

/** An unsigned number in the variable length that the format has. */
export function number(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...number(value >>> 7)];
}

export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
export const tee = (local: number): Code => [0x22, local];
/** A small constant is one signed byte. */
export const constant = (value: number): Code =>
  value < 64 ? [0x41, value] : [0x41, (value & 0x7f) | 0x80, value >> 7];
export const advance = (address: number, by: number): Code => [
  ...[...get(address), ...constant(by), 0x6a],
  ...set(address),
];
export const loadNumber = (offset: number): Code => [0x28, 0x02, ...number(offset)];
export const storeNumber = (offset: number): Code => [0x36, 0x02, ...number(offset)];

function text(value: string): Code {
  return [value.length, ...new TextEncoder().encode(value)];
}

/** What a function takes and gives, all of it 32-bit integers, and its code with locals and length. */
export interface Signature {
  readonly takes: number;
  readonly gives: number;
}

/**
 * The exports of a module of functions with one signature and a memory of their own, `memory`.
 * @param pages of 64 KiB, to begin with
 */
export function instantiate(
  functions: Readonly<Record<string, Code>>,
  { takes, gives }: Signature,
  pages: number,
): unknown {
  const names = Object.keys(functions);
  const section = (id: number, content: Code) => [id, ...number(content.length), ...content];
  const numbers = (count: number) => [count, ...Array.from({ length: count }, () => i32)];
  const exported = names.flatMap((name, index) => [...text(name), 0x00, index]);
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, ...numbers(takes), ...numbers(gives)]),
    ...section(3, [names.length, ...names.map(() => 0)]),
    ...section(5, [1, 0x00, ...number(pages)]),
    ...section(7, [names.length + 1, ...exported, ...text('memory'), 0x02, 0]),
    ...section(10, [names.length, ...Object.values(functions).flat()]),
  ]);
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
}
