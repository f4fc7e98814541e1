import type { RangeReader } from '../platform';
import { EndOfFile } from './cursor';
import { type BuiltArray, PickleMachine, type PickleObserver, pickleLimits } from './pickleMachine';
import { opcodes } from './pickleOpcodes';
import { NeedsMore, PickleSource } from './pickleSource';
import type { PickleValue } from './pickleValue';

export interface PickleEnd {
  /** `stop`: its end. `unsound`: no opcode. `torn`: the file ends within. `limit`: left there. */
  readonly ended: 'stop' | 'unsound' | 'torn' | 'limit';
  /** Behind the STOP, or where it was left. */
  readonly position: number;
  /** What is on top of the stack in the end. */
  readonly value: PickleValue;
  readonly opcodes: number;
  /** Which limit or what was found; empty for `stop`. */
  readonly why: string;
}

export interface PickleBounds {
  /** How many pickles lie around it. */
  readonly depth?: number;
  /** So many opcodes. */
  readonly limit?: number;
  /** Asked after each opcode whether enough is known. */
  readonly until?: () => boolean;
}

/**
 * Goes through one pickle on a simulated stack and memo, as Python's unpickler would, and builds
 * descriptions instead of objects. Broken stacks and memos do not stop it: what is missing is
 * unknown, and told.
 * https://github.com/python/cpython/blob/main/Lib/pickle.py
 * @throws Failure what `reader` throws
 */
export async function runPickle(
  reader: RangeReader,
  position: number,
  observer: PickleObserver = {},
  { depth = 0, limit = pickleLimits.opcodes, until }: PickleBounds = {},
): Promise<PickleEnd> {
  const machine = new PickleMachine(new PickleSource(reader, position), observer, reader.size);
  let count = 0;
  const end = (ended: PickleEnd['ended'], why = ''): PickleEnd => {
    const at = ended === 'stop' ? machine.source.position : machine.offset;
    return { ended, position: at, value: machine.top(), opcodes: count, why };
  };
  try {
    for (; count < limit; count++) {
      const next = await stepOnce(machine);
      if (next === 'stop') return end('stop');
      if (next === 'unsound') return end('unsound', `byte ${machine.byte} is no opcode`);
      if (next === 'limit') return end('limit', machine.full);
      if (next !== null) await passArray(machine, reader, observer, next, depth);
      if (until?.() === true) return end('limit', 'enough is known');
    }
    return end('limit', `it has more than ${limit} opcodes`);
  } catch (error) {
    if (!(error instanceof EndOfFile)) throw error;
    return end('torn', `it needs ${error.needed} bytes and has ${reader.size}`);
  }
}

type Step = 'stop' | 'unsound' | 'limit' | BuiltArray | null;

function step(machine: PickleMachine): Step {
  machine.byte = machine.source.u8();
  if (machine.byte === 0x2e) return 'stop';
  const opcode = opcodes[machine.byte];
  if (opcode === undefined) return 'unsound';
  machine.name = opcode.name;
  opcode.run(machine);
  if (machine.full !== '') return 'limit';
  const { array } = machine;
  machine.array = null;
  return array;
}

/** Takes one opcode, reading on when it runs over the block's end. */
async function stepOnce(machine: PickleMachine): Promise<Step> {
  machine.offset = machine.source.position;
  for (;;) {
    try {
      return step(machine);
    } catch (error) {
      if (!(error instanceof NeedsMore)) throw error;
      const taken = machine.source.position - machine.offset;
      machine.source.goTo(machine.offset);
      await machine.source.fill(taken + error.length);
    }
  }
}

const deepestPickle = 4;

async function passArray(
  machine: PickleMachine,
  reader: RangeReader,
  observer: PickleObserver,
  array: BuiltArray,
  depth: number,
): Promise<void> {
  const { source } = machine;
  if (array.pickle) {
    if (depth >= deepestPickle) throw new EndOfFile(source.position);
    const inner = await runPickle(reader, source.position, observer, { depth: depth + 1 });
    source.goTo(inner.position);
    if (inner.ended !== 'stop') throw new EndOfFile(inner.position);
    return;
  }
  if (array.padded) {
    await source.fill(1);
    source.skip(source.u8());
  }
  array.at?.(source.position);
  source.skip(array.bytes);
}
