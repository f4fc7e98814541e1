import { at, isObject, parsedJson } from './jsonTree';
import { isKerasClass } from './kerasClasses';
import { placeAt, type ScanTask } from './scanTask';

/** Keras's own modules; objects of others are imported when the model is loaded. */
const ownModules =
  /^(?:keras|keras_core|tensorflow\.keras|tf_keras|tensorflow\.python\.keras)(?:\.|$)/;
const ownPrefix =
  /^(?:tensorflow\.python\.keras|tensorflow\.keras|keras_core|tf_keras|keras)(?:\.src)?\.?/;
/** Where Keras has what models are made of; its other parts reach files, settings and other code. */
const parts =
  /^(?:layers|models|initializers|regularizers|constraints|activations|losses|metrics|optimizers|dtype_policies|quantizers|random|ops|engine|trainers|feature_column|mixed_precision|applications)$/;

function isPartOfModels(module: string, name: string): boolean {
  const [part = ''] = module.replace(ownPrefix, '').split('.');
  if (part === '' || /^backend\.\w+\.optimizers\./.test(module.replace(ownPrefix, '')))
    return /^[A-Z]\w*$/.test(name);
  return parts.test(part) && (part !== 'ops' || /^[A-Z]\w*$/.test(name)) && /^\w+$/.test(name);
}

const dangerousClasses: Readonly<Record<string, string>> = {
  Lambda: 'a Lambda layer, which is Python code in the file and runs when the model is loaded',
  TorchModuleWrapper: 'a TorchModuleWrapper, which unpickles what the file holds when it is loaded',
  __lambda__: 'a Python function in the file, which runs when the model is loaded',
  TFSMLayer: 'a TFSMLayer, which loads another model from a path that the file names',
  FlaxLayer: 'a FlaxLayer, whose Python functions are imported when the model is loaded',
  JaxLayer: 'a JaxLayer, whose Python functions are imported when the model is loaded',
};
/** What these look values up in may be a path: then loading the model reads that file. */
const lookups = new Set([
  ...['StringLookup', 'IntegerLookup', 'IndexLookup', 'TextVectorization', 'StringLookupV1'],
]);
/** Operators of TensorFlow that a layer calls by their names: those that reach files or Python. */
const reachingFunctions =
  /(?:^|\.)(?:io|py_function|py_func|numpy_function|load_\w*library|saved_model|print|raw_ops)(?:\.|$)/;
const deepest = 200;
/** A layer that asks for more is no layer but a way to exhaust memory. */
const mostElements = 2 ** 36;

/** Looks for code and for imports in a Keras configuration, nested anywhere. */
export function scanKerasConfig(task: ScanTask, json: string): void {
  const { findings } = task;
  const where = placeAt(task);
  const tree = parsedJson(json);
  if (tree === null) {
    findings.add(
      'configuration-not-read',
      'unreadable',
      'The configuration of the Keras model is no JSON, so that its layers are not known.',
      where,
    );
    return;
  }
  const stack: { value: unknown; depth: number }[] = [{ value: tree, depth: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, depth } = next;
    if (depth > deepest) {
      findings.add(
        'configuration-not-read',
        'unreadable',
        `The configuration is nested deeper than ${deepest}.`,
        where,
      );
      return;
    }
    if (isObject(value)) checkObject(task, value);
    const inside = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
    for (const item of inside) {
      if (typeof item === 'object' && item !== null) stack.push({ value: item, depth: depth + 1 });
    }
  }
}

function checkObject(task: ScanTask, value: Record<string, unknown>): void {
  const { findings } = task;
  const where = placeAt(task);
  const { class_name: name, module, registered_name: registered, config } = value;
  if (typeof name === 'string') {
    const known = Object.hasOwn(dangerousClasses, name) ? dangerousClasses[name] : undefined;
    if (known !== undefined) {
      findings.add('keras-code', 'dangerous', `The model has ${known}.`, where);
    }
    checkModule(task, name, module, registered, config);
    checkFiles(task, name, config);
  }
  checkShape(task, value);
}

/** Layers that reach files by what their configuration names. */
function checkFiles(task: ScanTask, name: string, config: unknown): void {
  const { findings } = task;
  const where = placeAt(task);
  for (const key of lookups.has(name) ? ['vocabulary', 'idf_weights'] : []) {
    const file = at(config, key);
    if (typeof file !== 'string') continue;
    const message = `The layer ${name} takes its ${key} from ${JSON.stringify(file)}: loading the model reads that file.`;
    findings.add('keras-file', 'dangerous', message, where);
  }
  const called = name === 'TFOpLambda' ? at(config, 'function') : undefined;
  if (typeof called !== 'string' || !reachingFunctions.test(called)) return;
  const message = `The model calls TensorFlow's ${called}, which can reach files or run Python.`;
  findings.add('keras-import', 'dangerous', message, where);
}

function checkModule(
  task: ScanTask,
  name: string,
  module: unknown,
  registered: unknown,
  config: unknown,
): void {
  const { findings } = task;
  const where = placeAt(task);
  if (typeof module === 'string' && module !== '') {
    const named = name === 'function' && typeof config === 'string' ? config : name;
    if (!ownModules.test(module) && module !== 'builtins') {
      findings.add(
        'keras-import',
        'dangerous',
        `Loading the model imports ${module}.${named}, which is no part of Keras.`,
        where,
      );
    } else if (module === 'builtins' ? !plainBuiltins.has(named) : !isPartOfModels(module, named)) {
      findings.add(
        'keras-import',
        'dangerous',
        `Loading the model calls ${module}.${named}, which is no layer and can reach files or other code.`,
        where,
      );
    }
  }
  const custom =
    typeof registered === 'string' &&
    registered.includes('>') &&
    !/^(?:keras|Keras|tf)/.test(registered);
  // Keras 2 names no modules, so that only the class tells whether it is its own.
  const unknown = typeof module !== 'string' && config !== undefined && !isKerasClass(name);
  if (custom || unknown) {
    findings.add(
      'custom-object',
      'suspicious',
      `The model has the custom object ${String(registered ?? name)}: loading it runs the code that is registered under that name.`,
      where,
    );
  }
}

const plainBuiltins = new Set([
  'list',
  'dict',
  'tuple',
  'int',
  'float',
  'str',
  'bool',
  '__tuple__',
  '__numpy__',
]);

/** Layers whose sizes multiply beyond any memory (a shape bomb). */
function checkShape(task: ScanTask, value: Record<string, unknown>): void {
  for (const shape of [
    value['batch_shape'],
    value['batch_input_shape'],
    value['shape'],
    value['target_shape'],
  ]) {
    if (!Array.isArray(shape) || !shape.every((size) => size === null || typeof size === 'number'))
      continue;
    const elements = shape.reduce<number>(
      (product, size) => product * Math.max(1, Number(size ?? 1)),
      1,
    );
    if (elements <= mostElements) continue;
    task.findings.add(
      'shape-bomb',
      'dangerous',
      `The model asks for a shape of ${elements} elements, which exhausts the memory of whoever loads it.`,
      task.member === undefined ? {} : { member: task.member },
    );
  }
}
