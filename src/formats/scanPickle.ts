import type { RangeReader } from '../platform';
import { latin1, startsWith } from './bytes';
import { memoryReader } from './inflate';
import { isNotorious, tierOf } from './pickleAllowed';
import { joblibObserver } from './pickleContents';
import type { PickleObserver } from './pickleMachine';
import { runPickle } from './pickleRun';
import { isPickled, type PickledCall, type PickledGlobal, type PickleValue } from './pickleValue';
import type { Findings } from './scanFindings';

/** What is looked at, and how what is inside it is looked at in turn. */
export interface ScanTask {
  readonly reader: RangeReader;
  readonly findings: Findings;
  /** Of an archive; `undefined` for the file itself. */
  readonly member?: string;
  /** How many containers lie around it. */
  readonly depth: number;
  /** PyTorch's own language: classes of `__torch__` are defined by the archive itself. */
  readonly scripted?: boolean;
}

/** Looks at bytes inside a pickle as at a file of its own. */
export type NestedScan = (task: ScanTask) => Promise<void>;

const identifier = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

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
  for (let count = 0; count < 64 && at < reader.size; count++) {
    if (count > 0 && !(await beginsPickle(reader, at))) break;
    const inside: Inside = { bytes: [], texts: [] };
    const end = await runPickle(reader, at, observerOf(task, inside));
    for (const [offset, length] of inside.bytes) await scanInside(task, nested, offset, length);
    for (const [offset, text] of inside.texts) await scanText(task, nested, offset, text);
    if (end.ended !== 'stop') {
      const where = placeAt(task, end.position);
      findings.add(
        'pickle-not-read',
        'unreadable',
        `The pickle could not be followed to its end: ${end.why}. What comes after that was not looked at.`,
        where,
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
  return await wouldImport(reader, at, 2000);
}

/** Whether the bytes, taken as a pickle, come to import something with a sensible name. */
export async function wouldImport(
  reader: RangeReader,
  at: number,
  limit: number,
): Promise<boolean> {
  let named = false;
  let used = false;
  const end = await runPickle(
    reader,
    at,
    {
      global: ({ module, name }) => {
        named ||= identifier.test(module) && identifier.test(name);
      },
      call: ({ callee }) => {
        used ||= isPickled(callee, 'global');
      },
      odd: (what) => {
        used ||= named && what.startsWith('the name of what it imports');
      },
    },
    0,
    limit,
  );
  return named && (used || end.ended === 'stop' || end.ended === 'torn');
}

const mostInside = 10_000;

/** Bytes and texts in a pickle that may be files of their own. */
interface Inside {
  readonly bytes: [offset: number, length: number][];
  readonly texts: [offset: number, text: string][];
}

function observerOf(task: ScanTask, inside: Inside): PickleObserver {
  const { findings } = task;
  const joblib = joblibObserver(new Map());
  return {
    ...joblib,
    global: (global, opcode) => judge(task, global, opcode),
    call: ({ callee, offset, args }, opcode) => {
      if (isPickled(callee, 'unknown')) {
        findings.add(
          'call-of-unknown',
          'dangerous',
          'The pickle calls something that it took from nowhere or computed. Loading it runs whatever that is.',
          placeAt(task, offset, opcode),
        );
      } else if (!isPickled(callee, 'global')) {
        findings.add(
          'call-of-result',
          'dangerous',
          'The pickle calls the result of another call, which is how forbidden functions are reached on a detour.',
          placeAt(task, offset, opcode),
        );
      } else checkCall(task, callee, args, offset, opcode);
    },
    change: (target, opcode, offset) => checkChange(task, target, opcode, offset),
    odd: (what, opcode, offset) => checkOdd(task, what, opcode, offset),
    bytes: ({ offset, length }) => {
      if (length >= 4 && inside.bytes.length < mostInside) inside.bytes.push([offset, length]);
    },
    // Of old, bytes are written as text of the characters below 256.
    text: (value, offset) => {
      const first = value.charCodeAt(0);
      const packed = first === 0x80 || first === 0x1f || value.startsWith('PK\x03\x04');
      if (packed && value.length > 3 && inside.texts.length < mostInside) {
        inside.texts.push([offset, value]);
      }
    },
    built: (call) => {
      checkState(task, call);
      return joblib.built?.(call) ?? null;
    },
  };
}

function placeAt({ member }: ScanTask, offset: number, opcode?: string) {
  return {
    ...(member === undefined ? {} : { member }),
    offset,
    ...(opcode === undefined ? {} : { opcode }),
  };
}

function judge(task: ScanTask, { module, name, offset }: PickledGlobal, opcode: string): void {
  const { findings, scripted } = task;
  const where = placeAt(task, offset, opcode);
  const full = `${module}.${name}`;
  if (scripted === true && /^__torch__(?:\.|$)/.test(module)) return;
  if (scripted === true && module === 'torch.jit._pickle') return;
  switch (tierOf(module, name)) {
    case 'weights':
      return;
    case 'library':
      findings.add(
        'library-class',
        'suspicious',
        `The file holds ${full}, more than weights: loading it runs that library's code. Load it only if you trust where it comes from.`,
        where,
      );
      return;
    case 'program':
      findings.add(
        'own-class',
        'suspicious',
        `The file holds ${full}, a class of the program that wrote it: loading it runs the code of that class.`,
        where,
      );
      return;
    default:
      findings.add(
        isNotorious(module) ? 'dangerous-import' : 'unknown-import',
        'dangerous',
        isNotorious(module)
          ? `Loading the file imports ${full}, which can run commands or reach files. No model needs it.`
          : `Loading the file imports ${full}, which is no known part of a model: it can run any code that is installed under that name.`,
        where,
      );
  }
}

/** Calls of allowed names that do more than build values when their arguments are chosen for it. */
function checkCall(
  task: ScanTask,
  callee: PickledGlobal,
  args: PickleValue,
  offset: number,
  opcode: string,
): void {
  const items = isPickled(args, 'tuple', 'list') ? args.items : [];
  const rebuilt = `${callee.module} ${callee.name}`;
  if (rebuilt === 'torch.storage _load_from_bytes' && !isPickled(items[0], 'bytes')) {
    const message =
      'The pickle has PyTorch load bytes that it puts together, so that they cannot be looked at.';
    task.findings.add('hidden-load', 'dangerous', message, placeAt(task, offset, opcode));
  }
  if (rebuilt !== 'torch._tensor _rebuild_from_type_v2') return;
  if (isPickled(items[0], 'global')) return;
  task.findings.add(
    'call-of-unknown',
    'dangerous',
    'The pickle has PyTorch call something that is no constant name.',
    placeAt(task, offset, opcode),
  );
}

function checkChange(task: ScanTask, target: PickleValue, opcode: string, offset: number): void {
  if (isPickled(target, 'call')) return;
  const where = placeAt(task, offset, opcode);
  if (isPickled(target, 'global')) {
    task.findings.add(
      'global-changed',
      'dangerous',
      `The pickle changes ${target.module}.${target.name} itself, so that a class or function does something else afterwards.`,
      where,
    );
    return;
  }
  task.findings.add(
    'odd-pickle',
    'unreadable',
    'The pickle puts state into a value that takes none, which no library writes.',
    where,
  );
}

const harmlessNames = new Set(['__dict__', '__doc__', '__module__', '__version__']);

/** State with names that Python itself looks up on objects can make them do something else. */
function checkState(task: ScanTask, call: PickledCall): void {
  const states = isPickled(call.state, 'tuple') ? call.state.items : [call.state];
  for (const state of states) {
    if (!isPickled(state, 'dict')) continue;
    for (const [key] of state.entries) {
      if (typeof key !== 'string' || !/^__\w+__$/.test(key) || harmlessNames.has(key)) continue;
      const message = `The pickle gives an object the attribute ${key}, through which Python's own machinery can be led to other code.`;
      task.findings.add('special-attribute', 'dangerous', message, placeAt(task, call.offset));
    }
  }
}

function checkOdd(task: ScanTask, what: string, opcode: string, offset: number): void {
  const where = placeAt(task, offset, opcode);
  if (opcode === 'STACK_GLOBAL') {
    task.findings.add(
      'computed-import',
      'dangerous',
      'The pickle computes the name of what it imports, which hides it. No library does that.',
      where,
    );
  } else if (opcode.startsWith('EXT')) {
    task.findings.add(
      'extension-import',
      'dangerous',
      'The pickle imports by a number of a registry, which hides the name. No library does that.',
      where,
    );
  } else {
    task.findings.add(
      'odd-pickle',
      'unreadable',
      `The pickle is not one that a library writes: ${what}.`,
      where,
    );
  }
}

async function scanInside(
  task: ScanTask,
  nested: NestedScan,
  offset: number,
  length: number,
): Promise<void> {
  const { reader } = task;
  const head = await reader.read(offset, Math.min(length, 64));
  const packed =
    startsWith(head, 'PK\x03\x04') || (head[0] === 0x1f && head[1] === 0x8b) || head[0] === 0x78;
  const pickled = head[0] === 0x80 && (head[1] ?? 9) <= 5;
  const textual = /^[(}\]cIS0-9]/.test(latin1(head.subarray(0, 1)));
  if (!packed && !pickled && !textual) return;
  const read = (at: number, count: number) => {
    if (at < 0 || count < 0 || at + count > length) {
      return Promise.reject(new RangeError(`bytes ${at} to ${at + count} of ${length}`));
    }
    return reader.read(offset + at, count);
  };
  const member = `${task.member === undefined ? '' : `${task.member}!`}bytes at ${offset}`;
  await nested({ ...task, reader: { size: length, read }, member, depth: task.depth + 1 });
}

async function scanText(
  task: ScanTask,
  nested: NestedScan,
  offset: number,
  text: string,
): Promise<void> {
  const reader = memoryReader(Buffer.from(text, 'latin1'));
  const member = `${task.member === undefined ? '' : `${task.member}!`}text at ${offset}`;
  await nested({ ...task, reader, member, depth: task.depth + 1 });
}

const sweepLength = 1 << 20;

/**
 * Behind the place where a pickle could not be followed: names to import that stand there plainly.
 * They cannot be judged in their order, so only the worst are told.
 */
async function sweep(task: ScanTask, from: number): Promise<void> {
  const { reader, findings } = task;
  for (
    let at = from;
    at < Math.min(reader.size, from + 16 * sweepLength);
    at += sweepLength - 512
  ) {
    const text = latin1(await reader.read(at, Math.min(sweepLength, reader.size - at)));
    const plain = /[ci]([A-Za-z_][\w.]{0,80})\n([A-Za-z_][\w.]{0,80})\n/g;
    const stacked =
      /\x8c[\s\S]([A-Za-z_][\w.]{0,80})(?:\x94|q[\s\S])?\x8c[\s\S]([A-Za-z_][\w.]{0,80})(?:\x94|q[\s\S])?\x93/g;
    for (const match of [...text.matchAll(plain), ...text.matchAll(stacked)]) {
      const [, module = '', name = ''] = match;
      if (tierOf(module, name) !== 'unknown' || !isNotorious(module)) continue;
      findings.add(
        'dangerous-import',
        'dangerous',
        `Behind the damage the file names ${module}.${name}, which can run commands or reach files.`,
        placeAt(task, at + match.index),
      );
    }
  }
}
