import { utf8, viewOf } from './bytes';
import type { PickleMachine } from './pickleMachine';
import { decimal, lineAsUtf8, memoKey, quotedText, rawUnicode, signedLittle } from './pickleText';
import { isPickled, type PickleValue, unknownValue } from './pickleValue';

/** An opcode: Python's name for it, and what it does. */
export interface Opcode {
  readonly name: string;
  readonly run: (machine: PickleMachine) => void;
}

/** A text that is longer is not kept: names, keys and array bytes of protocol 2 are shorter. */
const longestText = 4 * 1024 * 1024;
/** A number of more bytes is not kept. */
const longestNumber = 64;

const text = (machine: PickleMachine, length: number) => {
  if (length > longestText) {
    machine.source.skip(length);
    machine.push(unknownValue);
  } else machine.text(utf8(machine.source.take(length)));
};

/** Python 2's text: bytes that Python 3 takes for ASCII. */
const string = (machine: PickleMachine, length: number) => {
  if (length > longestText) {
    machine.source.skip(length);
    machine.push(unknownValue);
  } else machine.text(Buffer.from(machine.source.take(length)).toString('latin1'));
};

const bytes = (machine: PickleMachine, length: number) => {
  const offset = machine.source.position;
  machine.source.skip(length);
  machine.bytes(offset, length);
};

const long = (machine: PickleMachine, length: number) => {
  if (length > longestNumber) {
    machine.source.skip(length);
    machine.push(unknownValue);
  } else machine.push(signedLittle(machine.source.take(length)));
};

const tuple = (count: number) => (machine: PickleMachine) => {
  const items: PickleValue[] = [];
  for (let index = 0; index < count; index++) items.unshift(machine.pop());
  machine.push(machine.sequence('tuple', items));
};

const number = (machine: PickleMachine) => {
  const value = decimal(machine.source.line());
  if (value === null) machine.odd('its number is none');
  machine.push(value ?? unknownValue);
};

const quoted = (machine: PickleMachine) => {
  const value = quotedText(machine.source.line());
  if (value === null) machine.odd('its text has no matching quotes');
  machine.text(value ?? '');
};

const float = (machine: PickleMachine) => {
  const line = machine.source.line().trim().toLowerCase();
  if (!/^[+-]?(?:inf(?:inity)?|nan|[\d._]+(?:e[+-]?\d+)?)$/.test(line))
    machine.odd('its number is none');
  machine.push(Number(line));
};

const keyOf = (machine: PickleMachine): number => {
  const key = memoKey(machine.source.line());
  if (key === null) machine.odd('the key of its memo is no number');
  return key ?? Number.NaN;
};

const named = (machine: PickleMachine) => {
  const module = lineAsUtf8(machine.source.line());
  const name = lineAsUtf8(machine.source.line());
  return machine.global(module, name);
};

const stackGlobal = (machine: PickleMachine) => {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof module === 'string' && typeof name === 'string') {
    machine.push(machine.global(module, name));
  } else {
    machine.odd('the name of what it imports is computed');
    machine.push(unknownValue);
  }
};

const extension = (width: 1 | 2 | 4) => (machine: PickleMachine) => {
  const code = machine.source.unsigned(width);
  machine.odd(`it imports by the number ${code} of a registry`);
  machine.push(unknownValue);
};

const newObject = (machine: PickleMachine) => {
  const args = machine.pop();
  machine.call(machine.pop(), args);
};

const newObjectEx = (machine: PickleMachine) => {
  const keywords = machine.pop();
  const args = machine.pop();
  const items = isPickled(args, 'tuple', 'list') ? args.items : [args];
  machine.call(machine.pop(), machine.sequence('tuple', [...items, keywords]));
};

const object = (machine: PickleMachine) => {
  const [callee = unknownValue, ...args] = machine.popMark();
  machine.call(callee, machine.sequence('tuple', args));
};

const instance = (machine: PickleMachine) => {
  const global = named(machine);
  machine.call(global, machine.sequence('tuple', machine.popMark()));
};

const dictionary = (machine: PickleMachine) => {
  const items = machine.popMark();
  machine.push({ kind: 'dict', entries: [], omitted: 0 });
  machine.setItems(items);
};

const pop = (machine: PickleMachine) => {
  // POP on an empty stack takes a mark, as Python's does.
  if (machine.stack.length === 0 && machine.marks.length > 0) machine.popMark();
  else machine.pop();
};

const setItem = (machine: PickleMachine) => {
  const value = machine.pop();
  machine.setItems([machine.pop(), value]);
};

const table: Readonly<Record<string, readonly [string, (machine: PickleMachine) => void]>> = {
  '(': ['MARK', (m) => m.mark()],
  '0': ['POP', pop],
  '1': ['POP_MARK', (m) => void m.popMark()],
  '2': ['DUP', (m) => m.push(m.top())],
  F: ['FLOAT', float],
  I: ['INT', number],
  J: ['BININT', (m) => m.push(signedLittle(m.source.take(4)))],
  K: ['BININT1', (m) => m.push(m.source.u8())],
  L: ['LONG', number],
  M: ['BININT2', (m) => m.push(m.source.unsigned(2))],
  N: ['NONE', (m) => m.push(null)],
  P: ['PERSID', (m) => m.reference(m.source.line())],
  Q: ['BINPERSID', (m) => m.reference(m.pop())],
  R: ['REDUCE', newObject],
  S: ['STRING', quoted],
  T: ['BINSTRING', (m) => string(m, m.source.unsigned(4))],
  U: ['SHORT_BINSTRING', (m) => string(m, m.source.unsigned(1))],
  V: ['UNICODE', (m) => m.text(rawUnicode(m.source.line()))],
  X: ['BINUNICODE', (m) => text(m, m.source.unsigned(4))],
  a: ['APPEND', (m) => m.append([m.pop()])],
  b: ['BUILD', (m) => m.build(m.pop())],
  c: ['GLOBAL', (m) => m.push(named(m))],
  d: ['DICT', dictionary],
  '}': ['EMPTY_DICT', (m) => m.push({ kind: 'dict', entries: [], omitted: 0 })],
  e: ['APPENDS', (m) => m.append(m.popMark())],
  g: ['GET', (m) => m.recall(keyOf(m))],
  h: ['BINGET', (m) => m.recall(m.source.unsigned(1))],
  i: ['INST', instance],
  j: ['LONG_BINGET', (m) => m.recall(m.source.unsigned(4))],
  l: ['LIST', (m) => m.push(m.sequence('list', m.popMark()))],
  ']': ['EMPTY_LIST', (m) => m.push(m.sequence('list', []))],
  o: ['OBJ', object],
  p: ['PUT', (m) => m.remember(keyOf(m))],
  q: ['BINPUT', (m) => m.remember(m.source.unsigned(1))],
  r: ['LONG_BINPUT', (m) => m.remember(m.source.unsigned(4))],
  s: ['SETITEM', setItem],
  t: ['TUPLE', (m) => m.push(m.sequence('tuple', m.popMark()))],
  ')': ['EMPTY_TUPLE', (m) => m.push(m.sequence('tuple', []))],
  u: ['SETITEMS', (m) => m.setItems(m.popMark())],
  G: ['BINFLOAT', (m) => m.push(viewOf(m.source.take(8)).getFloat64(0, false))],
  B: ['BINBYTES', (m) => bytes(m, m.source.unsigned(4))],
  C: ['SHORT_BINBYTES', (m) => bytes(m, m.source.unsigned(1))],
  '\x80': ['PROTO', (m) => void m.source.u8()],
  '\x81': ['NEWOBJ', newObject],
  '\x82': ['EXT1', extension(1)],
  '\x83': ['EXT2', extension(2)],
  '\x84': ['EXT4', extension(4)],
  '\x85': ['TUPLE1', tuple(1)],
  '\x86': ['TUPLE2', tuple(2)],
  '\x87': ['TUPLE3', tuple(3)],
  '\x88': ['NEWTRUE', (m) => m.push(true)],
  '\x89': ['NEWFALSE', (m) => m.push(false)],
  '\x8a': ['LONG1', (m) => long(m, m.source.unsigned(1))],
  '\x8b': ['LONG4', (m) => long(m, m.source.unsigned(4))],
  '\x8c': ['SHORT_BINUNICODE', (m) => text(m, m.source.unsigned(1))],
  '\x8d': ['BINUNICODE8', (m) => text(m, m.source.unsigned(8))],
  '\x8e': ['BINBYTES8', (m) => bytes(m, m.source.unsigned(8))],
  '\x8f': ['EMPTY_SET', (m) => m.push(m.sequence('set', []))],
  '\x90': ['ADDITEMS', (m) => m.append(m.popMark())],
  '\x91': ['FROZENSET', (m) => m.push(m.sequence('set', m.popMark()))],
  '\x92': ['NEWOBJ_EX', newObjectEx],
  '\x93': ['STACK_GLOBAL', stackGlobal],
  '\x94': ['MEMOIZE', (m) => m.remember(m.memo.size)],
  // A frame only says how much to read at once: opcodes may straddle it, and Python's C code lets them.
  '\x95': ['FRAME', (m) => void m.source.take(8)],
  '\x96': ['BYTEARRAY8', (m) => bytes(m, m.source.unsigned(8))],
  '\x97': ['NEXT_BUFFER', (m) => m.push(unknownValue)],
  '\x98': ['READONLY_BUFFER', () => undefined],
};

/** By the opcode's byte. */
export const opcodes: readonly (Opcode | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const [name, run] = table[String.fromCharCode(byte)] ?? [];
  return name === undefined || run === undefined ? undefined : { name, run };
});
