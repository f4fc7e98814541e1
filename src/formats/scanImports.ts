import { isNotorious, tierOf } from './pickleAllowed';
import { isPickled, type PickledCall, type PickledGlobal, type PickleValue } from './pickleValue';
import { placeAt, type ScanTask } from './scanTask';

/** What is said of each import, call and change of state in a pickle. */

/** An import, by the list that has it. */
export function judgeImport(
  task: ScanTask,
  { module, name, offset }: PickledGlobal,
  opcode: string,
): void {
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

/** A call, by what is called. */
export function judgeCall(
  task: ScanTask,
  { callee, offset, args }: PickledCall,
  opcode: string,
): void {
  const { findings } = task;
  const where = placeAt(task, offset, opcode);
  if (isPickled(callee, 'unknown')) {
    findings.add(
      'call-of-unknown',
      'dangerous',
      'The pickle calls something that it took from nowhere or computed. Loading it runs whatever that is.',
      where,
    );
  } else if (!isPickled(callee, 'global')) {
    findings.add(
      'call-of-result',
      'dangerous',
      'The pickle calls the result of another call, which is how forbidden functions are reached on a detour.',
      where,
    );
  } else judgeArguments(task, callee, args, offset, opcode);
}

/** Where each of these takes attributes that it gives to what it makes. */
const attributesAt: ReadonlyMap<string, number> = new Map([
  ['torch._tensor _rebuild_from_type_v2', 3],
  ['torch._utils _rebuild_parameter_with_state', 3],
]);

/** These call what they are given first. */
const callers = new Set([
  'torch._tensor _rebuild_from_type_v2',
  'dill._dill _create_array',
  'functools partial',
]);

/** Calls of allowed names that do more than build values when their arguments are chosen for it. */
function judgeArguments(
  task: ScanTask,
  callee: PickledGlobal,
  args: PickleValue,
  offset: number,
  opcode: string,
): void {
  const items = isPickled(args, 'tuple', 'list') ? args.items : [];
  const name = `${callee.module} ${callee.name}`;
  const where = placeAt(task, offset, opcode);
  if (name === 'torch.storage _load_from_bytes' && !isPickled(items[0], 'bytes')) {
    const message =
      'The pickle has PyTorch load bytes that it puts together, so that they cannot be looked at.';
    task.findings.add('hidden-load', 'dangerous', message, where);
  }
  const attributes = attributesAt.get(name);
  if (attributes !== undefined) judgeState(task, items[attributes], offset);
  if (!callers.has(name) || isPickled(items[0], 'global')) return;
  task.findings.add(
    'call-of-unknown',
    'dangerous',
    `The pickle has ${callee.module} call something that is no constant name.`,
    where,
  );
}

/** State for something that is no container. */
export function judgeChange(
  task: ScanTask,
  target: PickleValue,
  opcode: string,
  offset: number,
): void {
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
export function judgeState(task: ScanTask, given: PickleValue | undefined, offset: number): void {
  const states = isPickled(given, 'tuple') ? given.items : [given];
  for (const state of states) {
    if (!isPickled(state, 'dict')) continue;
    for (const [key] of state.entries) {
      if (typeof key !== 'string' || !/^__\w+__$/.test(key) || harmlessNames.has(key)) continue;
      const message = `The pickle gives an object the attribute ${key}, through which Python's own machinery can be led to other code.`;
      task.findings.add('special-attribute', 'dangerous', message, placeAt(task, offset));
    }
  }
}

/** What no pickler writes. */
export function judgeOdd(task: ScanTask, what: string, opcode: string, offset: number): void {
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
