import { isNotorious, tierOf } from './pickleAllowed';
import {
  argumentsOf,
  calleeName,
  isPickled,
  type PickledCall,
  type PickledGlobal,
  type PickleValue,
} from './pickleValue';
import { placeAt, type ScanTask } from './scanTask';

/** What a pickle does with a name that no list has. */
interface Held {
  readonly opcode: string;
  /** The objects that were made of it without arguments, as PyTorch's modules are. */
  readonly made: PickledCall[];
  /** It is called with arguments, or given to something that may call it. */
  called: boolean;
}

const className = /^_?[A-Z]\w*$/;
const moduleName = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
const reconstructors = new Set(['copyreg _reconstructor', 'copy_reg _reconstructor']);

/**
 * Names that are in no list, held back until the pickle's end. Modules of PyTorch are written by
 * everybody: a class whose objects all have the state that PyTorch gives its modules, and that is
 * used in no other way, is one, whatever library or program it belongs to. The same goes for
 * functions of the program itself (`__main__`) that are named and never called: hooks of modules.
 */
export class HeldClasses {
  readonly #held = new Map<PickledGlobal, Held>();

  /** Whether the name may prove to be one of these; else it must be judged at once. */
  hold(global: PickledGlobal, opcode: string): boolean {
    const { module, name } = global;
    if (tierOf(module, name) !== 'unknown' || isNotorious(module)) return false;
    const own = isOwnFunction(global);
    if (!own && !(className.test(name) && moduleName.test(module))) return false;
    this.#held.set(global, { opcode, made: [], called: false });
    return true;
  }

  /** Notes a call of one of them, or with one among its arguments. */
  called(call: PickledCall, opcode: string): void {
    if (this.#held.size === 0) return;
    const args = argumentsOf(call);
    const rebuilt = reconstructors.has(calleeName(call) ?? '') ? this.#heldBy(args[0]) : null;
    rebuilt?.made.push(call);
    const held = this.#heldBy(call.callee);
    if (held !== null && opcode === 'NEWOBJ' && isEmptyTuple(call.args)) held.made.push(call);
    else if (held !== null) held.called = true;
    for (const value of rebuilt === null ? args : args.slice(1)) {
      const given = this.#heldBy(value);
      if (given !== null) given.called = true;
    }
  }

  /** Says what they proved to be. Returns those that remain unknown, with their opcodes. */
  settle(task: ScanTask): [PickledGlobal, string][] {
    const unknown: [PickledGlobal, string][] = [];
    for (const [global, held] of this.#held) {
      if (className.test(global.name) && isModuleClass(held)) sayModule(task, global, held.opcode);
      else if (isOwnFunction(global) && !held.called && held.made.length === 0) {
        sayFunction(task, global, held.opcode);
      } else unknown.push([global, held.opcode]);
    }
    return unknown;
  }

  #heldBy(value: PickleValue | undefined): Held | null {
    return isPickled(value, 'global') ? (this.#held.get(value) ?? null) : null;
  }
}

function isOwnFunction({ module, name }: PickledGlobal): boolean {
  return module === '__main__' && /^[A-Za-z]\w*$/.test(name);
}

function isEmptyTuple(value: PickleValue): boolean {
  return isPickled(value, 'tuple') && value.items.length === 0 && value.omitted === 0;
}

const parts = ['_parameters', '_buffers', '_modules'];

function isModuleClass({ made, called }: Held): boolean {
  return !called && made.length > 0 && made.every(isModule);
}

/** https://github.com/pytorch/pytorch/blob/main/torch/nn/modules/module.py (Module.__init__) */
function isModule({ state }: PickledCall): boolean {
  if (!isPickled(state, 'dict')) return false;
  const values = new Map(state.entries);
  return typeof values.get('training') === 'boolean' && parts.every((key) => isDict(values, key));
}

function isDict(values: ReadonlyMap<PickleValue, PickleValue>, key: string): boolean {
  const value = values.get(key);
  return isPickled(value, 'dict') || calleeName(value) === 'collections OrderedDict';
}

function sayModule(task: ScanTask, { module, name, offset }: PickledGlobal, opcode: string): void {
  task.findings.add(
    'module-class',
    'suspicious',
    `The file holds ${module}.${name}, a whole PyTorch module and not its weights alone: loading it imports ${module} and runs that code. Load it only if you trust where it comes from.`,
    placeAt(task, offset, opcode),
  );
}

function sayFunction(task: ScanTask, { name, offset }: PickledGlobal, opcode: string): void {
  task.findings.add(
    'own-function',
    'suspicious',
    `The file names ${name}, a function of the program that wrote it, which runs when the model is used.`,
    placeAt(task, offset, opcode),
  );
}
