import type { RangeReader } from '../platform';
import { sectionReader } from '../platform';
import { memoryReader } from './inflate';
import { joblibObserver } from './pickleContents';
import type { PickleObserver } from './pickleMachine';
import { runPickle } from './pickleRun';
import { isPickled, type PickledBytes, type PickledCall } from './pickleValue';
import { HeldClasses } from './scanClasses';
import { pickleLikeness, scanArraysAsOpcodes, sweep } from './scanHidden';
import { judgeCall, judgeChange, judgeImport, judgeOdd, judgeState } from './scanImports';
import { type NestedScan, placeAt, type ScanTask, within } from './scanTask';

/** PyTorch's old files have five; what comes after so many is told as not looked at. */
const mostPickles = 64;

/**
 * Goes through the pickle at `position` and all that follow it, and names everything that it would
 * import or call beyond what is known. Returns where the last one ended.
 */
export async function scanPickles(
  task: ScanTask,
  position: number,
  nested: NestedScan,
): Promise<number> {
  const { reader, findings } = task;
  findings.isModel = true;
  let at = position;
  for (let count = 0; count < mostPickles && at < reader.size; count++) {
    if (count > 0 && !(await beginsPickle(reader, at))) break;
    const inside: Inside = { bytes: [], texts: [], loaded: new Set(), names: new Set() };
    const arrays = new Map<PickledCall, number>();
    const held = new HeldClasses();
    const end = await runPickle(reader, at, observerOf(task, inside, arrays, held));
    for (const [global, opcode] of held.settle(task)) judgeImport(task, global, opcode);
    if (arrays.size > 0) await scanArraysAsOpcodes(task, at, inside.names);
    await scanInside(task, inside, nested);
    if (end.ended !== 'stop') {
      findings.add(
        'pickle-not-read',
        'unreadable',
        `The pickle could not be followed to its end: ${end.why}. What comes after that was not looked at.`,
        placeAt(task, end.position),
      );
      await sweep(task, end.position);
      return end.position;
    }
    at = end.position;
  }
  return at;
}

/** What follows a pickle is one where it says so, or where it has names to import. */
async function beginsPickle(reader: RangeReader, at: number): Promise<boolean> {
  const head = await reader.read(at, Math.min(64, reader.size - at));
  const protocol = head[1] ?? 0;
  if (head[0] === 0x80 && protocol <= 5) return true;
  return (await pickleLikeness(reader, at, 2000)).imports;
}

const mostInside = 10_000;
/** What is not shorter may be a file of its own: so long is the least pickle that imports. */
const shortest = 4;

/** Bytes and texts in a pickle that may be files of their own. */
interface Inside {
  readonly bytes: PickledBytes[];
  readonly texts: [offset: number, text: string][];
  /** Those that PyTorch is told to load: pickles, whatever they begin with. */
  readonly loaded: Set<PickledBytes>;
  /** `module name` of all that is imported. */
  readonly names: Set<string>;
}

function observerOf(
  task: ScanTask,
  inside: Inside,
  arrays: Map<PickledCall, number>,
  held: HeldClasses,
): PickleObserver {
  const joblib = joblibObserver(arrays);
  return {
    ...joblib,
    global: (global, opcode) => {
      inside.names.add(`${global.module} ${global.name}`);
      if (!held.hold(global, opcode)) judgeImport(task, global, opcode);
    },
    call: (call, opcode) => {
      held.called(call, opcode);
      const [first] = isPickled(call.args, 'tuple') ? call.args.items : [];
      const loads = isPickled(call.callee, 'global') && call.callee.name === '_load_from_bytes';
      if (loads && isPickled(first, 'bytes')) inside.loaded.add(first);
      judgeCall(task, call, opcode);
    },
    change: (target, opcode, offset) => judgeChange(task, target, opcode, offset),
    odd: (what, opcode, offset) => judgeOdd(task, what, opcode, offset),
    bytes: (value) => {
      if (value.length >= shortest && inside.bytes.length < mostInside) inside.bytes.push(value);
    },
    text: (value, offset) => {
      if (mayBeFile(value) && inside.texts.length < mostInside) inside.texts.push([offset, value]);
    },
    built: (call) => {
      judgeState(task, call.state, call.offset);
      return joblib.built?.(call) ?? null;
    },
  };
}

/** Of old, bytes are written as text of the characters below 256; textual pickles are text. */
function mayBeFile(value: string): boolean {
  if (value.length < shortest) return false;
  const first = value.charCodeAt(0);
  return (
    first === 0x80 ||
    first === 0x1f ||
    value.startsWith('PK\x03\x04') ||
    /[ci][A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n/.test(value)
  );
}

async function scanInside(task: ScanTask, inside: Inside, nested: NestedScan): Promise<void> {
  const at = (reader: RangeReader, name: string): ScanTask => {
    const member = within(task, name);
    return { ...task, reader, member, depth: task.depth + 1, values: true };
  };
  for (const value of inside.bytes) {
    const section = at(
      sectionReader(task.reader, value.offset, value.length),
      `bytes at ${value.offset}`,
    );
    await nested(section);
    if (inside.loaded.has(value) && !(await beginsArchive(section.reader))) {
      await scanPickles(section, 0, nested);
    }
  }
  for (const [offset, text] of inside.texts) {
    await nested(at(memoryReader(Buffer.from(text, 'latin1')), `text at ${offset}`));
  }
}

async function beginsArchive(reader: RangeReader): Promise<boolean> {
  const head = await reader.read(0, Math.min(2, reader.size));
  return head[0] === 0x50 && head[1] === 0x4b;
}
