import type { PickleSource } from './pickleSource';
import {
  isPickled,
  type PickledBytes,
  type PickledCall,
  type PickledGlobal,
  type PickledReference,
  type PickledSequence,
  type PickleValue,
  unknownValue,
} from './pickleValue';

/**
 * Limits of one pickle. A forest of scikit-learn's or a model of a million tensors stays far below
 * them; a file over one is left there and said to be not read.
 */
export const pickleLimits = { opcodes: 40_000_000, memo: 2_000_000, kept: 2_000_000 };

/** What is told while a pickle is gone through, in its order. `opcode` is Python's name for it. */
export interface PickleObserver {
  global?(global: PickledGlobal, opcode: string): void;
  /** Something is called; `callee` may be any value. */
  call?(call: PickledCall, opcode: string): void;
  /** State, items or attributes are put into something that is no container. */
  change?(target: PickleValue, opcode: string, offset: number): void;
  /** What no pickler writes, and what an unpickler might take otherwise. The machine goes on. */
  odd?(what: string, opcode: string, offset: number): void;
  bytes?(value: PickledBytes): void;
  text?(value: string, offset: number): void;
  reference?(value: PickledReference): void;
  /** After BUILD: how many bytes that are no opcodes follow, or another pickle (joblib). */
  built?(call: PickledCall): BuiltArray | null;
}

/** Bytes of an array behind the object that describes it. */
export interface BuiltArray {
  /** A byte that says how much padding follows comes first. */
  readonly padded: boolean;
  readonly bytes: number;
  /** The array's objects are a pickle of their own. */
  readonly pickle: boolean;
  readonly at?: (offset: number) => void;
}

/** PyTorch's old files write a module's class with its source: `('module', class, path, source)`. */
function classIn(id: PickleValue): PickledGlobal | null {
  if (!isPickled(id, 'tuple') || id.items[0] !== 'module') return null;
  const [, found] = id.items;
  return isPickled(found, 'global') ? found : null;
}

/** The stack, the memo, and what opcodes do to them. */
export class PickleMachine {
  /** Where the opcode under work begins, its byte and Python's name for it. */
  offset = 0;
  byte = 0;
  name = '';
  /** The limit that was reached; empty while none was. */
  full = '';
  stack: PickleValue[] = [];
  readonly marks: PickleValue[][] = [];
  readonly memo = new Map<number, PickleValue>();
  #kept = 0;
  readonly #globals = new Map<string, PickledGlobal>();
  array: BuiltArray | null = null;

  constructor(
    readonly source: PickleSource,
    readonly observer: PickleObserver,
    readonly size: number,
  ) {}

  odd(what: string): void {
    this.observer.odd?.(what, this.name, this.offset);
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value !== undefined) return value;
    this.odd('it takes from an empty stack');
    return unknownValue;
  }

  top(): PickleValue {
    return this.stack.at(-1) ?? unknownValue;
  }

  mark(): void {
    if (this.marks.length > pickleLimits.memo) this.full = 'its marks are too many';
    this.marks.push(this.stack);
    this.stack = [];
  }

  /** Everything since the last mark. */
  popMark(): PickleValue[] {
    const items = this.stack;
    const below = this.marks.pop();
    if (below === undefined) this.odd('it goes back to a mark that is not there');
    this.stack = below ?? [];
    return items;
  }

  remember(index: number): void {
    if (this.memo.size >= pickleLimits.memo && !this.memo.has(index)) {
      this.full = `it remembers more than ${pickleLimits.memo} values`;
      return;
    }
    if (this.stack.length === 0) this.odd('it remembers something that is not there');
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) this.odd(`it fetches ${index}, which it did not remember`);
    this.push(value ?? unknownValue);
  }

  text(value: string): void {
    this.observer.text?.(value, this.offset);
    this.push(value);
  }

  bytes(offset: number, length: number): void {
    const value: PickledBytes = { kind: 'bytes', offset, length };
    this.observer.bytes?.(value);
    this.push(value);
  }

  /** Something that the pickle has outside itself. */
  reference(id: PickleValue): void {
    const value: PickledReference = { kind: 'reference', id };
    this.observer.reference?.(value);
    this.push(classIn(id) ?? value);
  }

  global(module: string, name: string): PickledGlobal {
    const key = `${module} ${name}`;
    const known = this.#globals.get(key);
    const global = known ?? { kind: 'global', module, name, offset: this.offset };
    if (known === undefined && this.#globals.size < pickleLimits.memo / 20) {
      this.#globals.set(key, global);
    }
    if (known === undefined) this.observer.global?.(global, this.name);
    return global;
  }

  call(callee: PickleValue, args: PickleValue): void {
    const offset = this.offset;
    const call: PickledCall = {
      ...{ kind: 'call', callee, args, offset },
      ...{ state: undefined, entries: [], items: [] },
    };
    this.observer.call?.(call, this.name);
    this.push(call);
  }

  /** BUILD: state for what is on top. */
  build(state: PickleValue): void {
    const target = this.top();
    this.observer.change?.(target, this.name, this.offset);
    if (!isPickled(target, 'call')) return;
    target.state = state;
    this.array = this.observer.built?.(target) ?? null;
  }

  sequence(kind: PickledSequence['kind'], items: PickleValue[]): PickledSequence {
    const room = this.#room(items.length);
    return { kind, items: items.slice(0, room), omitted: items.length - room };
  }

  /** APPEND and its kin. */
  append(items: readonly PickleValue[]): void {
    const target = this.top();
    if (isPickled(target, 'list', 'set')) {
      const room = this.#room(items.length);
      for (const item of items.slice(0, room)) target.items.push(item);
      target.omitted += items.length - room;
      return;
    }
    this.observer.change?.(target, this.name, this.offset);
    if (isPickled(target, 'call')) {
      for (const item of items.slice(0, this.#room(items.length))) target.items.push(item);
    }
  }

  /** SETITEM and its kin: keys and values by turns. */
  setItems(items: readonly PickleValue[]): void {
    const target = this.top();
    if (items.length % 2 === 1) this.odd('a key has no value');
    if (!isPickled(target, 'dict')) this.observer.change?.(target, this.name, this.offset);
    if (!isPickled(target, 'dict', 'call')) return;
    const room = this.#room(items.length);
    for (let index = 0; index + 1 < room; index += 2) {
      target.entries.push([items[index] ?? null, items[index + 1] ?? null]);
    }
    if (target.kind === 'dict') target.omitted += (items.length - room) >> 1;
  }

  /** How many of so many items are kept; the rest is only counted. */
  #room(count: number): number {
    const room = Math.max(0, Math.min(count, pickleLimits.kept - this.#kept));
    this.#kept += room;
    return room;
  }
}
