/**
 * What a pickle describes, as plain descriptions: a class that it names is a pair of texts here, a
 * call a record of what would be called with what. Nothing of it is ever imported or called.
 */
export type PickleValue = string | number | bigint | boolean | null | PickleObject;

export type PickleObject =
  | PickledBytes
  | PickledSequence
  | PickledDictionary
  | PickledGlobal
  | PickledCall
  | PickledReference
  | PickledUnknown;

/** Bytes where they lie in the file; only the first of them are kept. */
export interface PickledBytes {
  readonly kind: 'bytes';
  readonly offset: number;
  readonly length: number;
}

export interface PickledSequence {
  readonly kind: 'tuple' | 'list' | 'set';
  readonly items: PickleValue[];
  /** Items that were left out because a limit was reached. */
  omitted: number;
}

export interface PickledDictionary {
  readonly kind: 'dict';
  readonly entries: [PickleValue, PickleValue][];
  omitted: number;
}

/** Something that would be imported. */
export interface PickledGlobal {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
  /** Of the opcode that named it first. */
  readonly offset: number;
}

/** What a callable would give for these arguments, and what was put into that afterwards. */
export interface PickledCall {
  readonly kind: 'call';
  readonly callee: PickleValue;
  readonly args: PickleValue;
  readonly offset: number;
  /** What BUILD gave it. */
  state: PickleValue | undefined;
  /** What SETITEM gave it. */
  readonly entries: [PickleValue, PickleValue][];
  /** What APPEND gave it. */
  readonly items: PickleValue[];
}

/** What a persistent id stands for: in PyTorch's files a storage. */
export interface PickledReference {
  readonly kind: 'reference';
  readonly id: PickleValue;
}

/** A value that is not kept: too long, too many, or of a broken stack. */
export interface PickledUnknown {
  readonly kind: 'unknown';
}

export const unknownValue: PickledUnknown = Object.freeze({ kind: 'unknown' });

export function isPickled<K extends PickleObject['kind']>(
  value: PickleValue | undefined,
  ...kinds: K[]
): value is PickleObject & { kind: K } {
  return (
    typeof value === 'object' && value !== null && (kinds as readonly string[]).includes(value.kind)
  );
}

/** `module name` of what a call would call; `null` where that is no constant name. */
export function calleeName(value: PickleValue | undefined): string | null {
  if (!isPickled(value, 'call') || !isPickled(value.callee, 'global')) return null;
  return `${value.callee.module} ${value.callee.name}`;
}

/** The positional arguments of a call; nothing where they are no tuple. */
export function argumentsOf(call: PickledCall): readonly PickleValue[] {
  return isPickled(call.args, 'tuple', 'list') ? call.args.items : [];
}
