import { utf8 } from './bytes';
import { at, isObject, listAt, parsedJson } from './jsonTree';
import { isNotorious, tierOf } from './pickleAllowed';
import { scanKerasConfig } from './scanKeras';
import { placeAt as place, type ScanTask } from './scanTask';
import { scanTemplate } from './scanTemplate';

/** Configurations are read whole up to here; models in JSON may be longer. */
const longestText = 32 * 1024 * 1024;

const ggufHead = 64 * 1024 * 1024;
const ggufPiece = 4 * 1024 * 1024;
const longestTemplate = 1024 * 1024;
/** Before a key stands its length, behind it a type and the template's length. */
const around = 512;

/**
 * The templates of a GGUF file, whole: the metadata keeps only the beginning of long texts. A pair
 * is the key's length and text, a type (8 is text), the text's length and bytes.
 */
export async function scanGgufTemplates(task: ScanTask): Promise<void> {
  const { reader } = task;
  const end = Math.min(reader.size, ggufHead);
  const key = Buffer.from('tokenizer.chat_template');
  for (let start = 0; start < end; start += ggufPiece) {
    // Pieces overlap, so that no key is cut in two.
    const piece = await bufferAt(reader, Math.max(0, start - around), start + ggufPiece, end);
    for (let at = piece.indexOf(key); at >= 0; at = piece.indexOf(key, at + 1)) {
      await scanGgufTemplate(task, Math.max(0, start - around) + at, key.length);
    }
  }
}

async function bufferAt(
  reader: ScanTask['reader'],
  from: number,
  to: number,
  end: number,
): Promise<Buffer> {
  return Buffer.from(await reader.read(from, Math.max(0, Math.min(to, end) - from)));
}

/** `at`: where the text of the key begins. */
async function scanGgufTemplate(task: ScanTask, at: number, shortest: number): Promise<void> {
  const { reader, findings } = task;
  const pair = await bufferAt(reader, at - 8, at + around, reader.size);
  const stated = at >= 8 && pair.length >= 8 ? Number(pair.readBigUInt64LE(0)) : 0;
  if (stated < shortest || stated > 256 || stated + 20 > pair.length) return;
  if (pair.readUInt32LE(8 + stated) !== 8) return;
  const length = Number(pair.readBigUInt64LE(12 + stated));
  const start = at + stated + 12;
  if (length > longestTemplate || start + length > reader.size) {
    const message = `A template of ${length} bytes was not looked at.`;
    findings.add('part-not-read', 'unreadable', message, place(task));
    return;
  }
  const text = utf8(await reader.read(start, length));
  scanTemplate(task, pair.toString('utf8', 8, 8 + stated), text);
}

/** JSON and YAML beside and in models: what they would have a loader import. */
export async function scanConfiguration(task: ScanTask): Promise<void> {
  const { reader, findings } = task;
  if (reader.size > longestText) return;
  const text = utf8(await reader.read(0, reader.size));
  scanTargets(task, text);
  const tag = /!!python\/(?:object|name|module)[\w/]*:?[\w.]*/.exec(text);
  if (tag !== null) {
    const message = `The configuration has ${tag[0]}, which a careless reader of YAML calls when it is loaded.`;
    findings.add('yaml-object', 'dangerous', message, place(task));
  }
  const tree = /^\s*[[{]/.test(text) ? parsedJson(text) : null;
  if (!isObject(tree)) return;
  if (typeof tree['class_name'] === 'string' && 'config' in tree) {
    findings.isModel = true;
    scanKerasConfig(task, text);
  }
  const config = at(tree, 'modelTopology', 'model_config') ?? at(tree, 'modelTopology');
  if (isObject(config)) {
    findings.isModel = true;
    scanKerasConfig(task, JSON.stringify(config));
    for (const path of listAt(tree, 'weightsManifest').flatMap((part) => listAt(part, 'paths'))) {
      if (
        typeof path === 'string' &&
        (/(?:^|[\\/])\.\.(?:[\\/]|$)/.test(path) || /^(?:[\\/]|\w+:)/.test(path))
      ) {
        findings.add(
          'external-path',
          'dangerous',
          `The weights are in ${JSON.stringify(path)}, outside the model's directory.`,
          place(task),
        );
      }
    }
  }
  if ('__loader__' in tree || '__module__' in tree) scanSkops(task, tree);
  scanChatTemplates(task, tree['chat_template']);
  if (isObject(tree['auto_map'])) {
    findings.add(
      'remote-code',
      'suspicious',
      'The configuration names code of its own (auto_map), which runs when it is loaded with trust_remote_code.',
      place(task),
    );
  }
}

/** One template, or several by their names. */
function scanChatTemplates(task: ScanTask, given: unknown): void {
  const all = Array.isArray(given) ? given.map((one) => at(one, 'template')) : [given];
  for (const template of all) {
    if (typeof template === 'string') scanTemplate(task, 'chat_template', template);
  }
}

/** A template in a file of its own. */
export async function scanTemplateFile(task: ScanTask): Promise<void> {
  if (task.reader.size > longestText) return;
  scanTemplate(task, 'The template', utf8(await task.reader.read(0, task.reader.size)));
}

const target = /["']?_target_["']?\s*:\s*["']?([A-Za-z_][\w.]*)/g;
const knownTargets =
  /^(?:nemo|torch|torchvision|torchaudio|pytorch_lightning|lightning|omegaconf|transformers|torchmetrics|monai|megatron)\./;
const reachingTargets =
  /(?:^|\.)(?:hub|jit|load|exec|eval|system|popen|subprocess|os|importlib|compile_code|_load|inductor)(?:\.|$)/;

/** Hydra and NeMo call whatever `_target_` names. */
function scanTargets(task: ScanTask, text: string): void {
  for (const [, name = ''] of text.matchAll(target)) {
    const module = name.slice(0, Math.max(name.lastIndexOf('.'), 0));
    const known = knownTargets.test(name) && !reachingTargets.test(name);
    if (known) {
      task.findings.add(
        'target-class',
        'suspicious',
        `The configuration has ${name} called when it is loaded, which runs that library's code.`,
        place(task),
      );
      continue;
    }
    const what = isNotorious(module)
      ? 'which can run commands or reach files'
      : 'which is no known part of a model';
    task.findings.add(
      'target-call',
      'dangerous',
      `The configuration has ${name} called when it is loaded, ${what}.`,
      place(task),
    );
  }
}

const skopsTypes = /^(?:builtins|collections|copyreg|_io)$/;
/** How skops itself names arrays and random states. */
const plainNumpy = new Set(['numpy generic', 'numpy random_generator', 'numpy.random RandomState']);
const skopsBuiltins = new Set([
  'dict',
  'list',
  'tuple',
  'set',
  'str',
  'int',
  'float',
  'bool',
  'bytes',
  'bytearray',
  'type',
  'slice',
  'OrderedDict',
  'defaultdict',
  'Counter',
  'NoneType',
]);

/** skops: a schema of types, each by module and class. */
function scanSkops(task: ScanTask, tree: Record<string, unknown>): void {
  task.findings.isModel = true;
  const stack: unknown[] = [tree];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (isObject(value)) {
      const { __module__: module, __class__: name } = value;
      if (typeof module === 'string' && typeof name === 'string') checkSkops(task, module, name);
    }
    const inside = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
    for (const item of inside) if (typeof item === 'object' && item !== null) stack.push(item);
  }
}

function checkSkops(task: ScanTask, module: string, name: string): void {
  if (skopsTypes.test(module) && skopsBuiltins.has(name)) return;
  const tier = tierOf(module, name);
  if (tier === 'weights' || plainNumpy.has(`${module} ${name}`)) return;
  if (tier === 'library') {
    task.findings.add(
      'library-class',
      'suspicious',
      `The file holds ${module}.${name}: loading it runs that library's code.`,
      place(task),
    );
    return;
  }
  task.findings.add(
    'unknown-import',
    'dangerous',
    `The file names ${module}.${name}, which is no known part of a model.`,
    place(task),
  );
}

const scriptCalls =
  /\b(?:torch|ops\s*\.\s*\w+|aten)\s*\.\s*(?:from_file|save|load|_load_from_file|read_file|write_file)\b|\bopen\s*\(|\bimport\s+(?:os|sys|subprocess)\b/;
/** Operators that come with PyTorch and the libraries around it. */
const knownOperators =
  /^(?:aten|prim|prims|quantized\w*|torchvision|torchaudio|torchtext|image|_caffe2|inductor|mkl\w*|xnnpack|metal\w*|vulkan\w*|sparse|fbgemm|onnx|cuda|profiler|static_runtime|c10d\w*|higher_order|torch_(?:scatter|sparse|cluster|spline_conv)|pyg)$/;

/** TorchScript's source: its own language, which can still read and write files. */
export async function scanScript(task: ScanTask): Promise<void> {
  const { reader, findings } = task;
  if (reader.size > longestText) {
    findings.add(
      'part-not-read',
      'unreadable',
      `Code of ${reader.size} bytes was not looked at, over ${longestText}.`,
      place(task),
    );
    return;
  }
  const code = utf8(await reader.read(0, reader.size));
  for (const [, library = ''] of code.matchAll(/\bops\s*\.\s*(\w+)\s*\.\s*\w+\s*\(/g)) {
    if (knownOperators.test(library)) continue;
    const message = `The model's code calls operators of ${library}: whoever runs it must load that library's code.`;
    findings.add('custom-operators', 'suspicious', message, place(task));
  }
  const match = scriptCalls.exec(code);
  if (match === null) return;
  findings.add(
    'script-reaches-files',
    'dangerous',
    `The model's code has ${match[0].replace(/\s+/g, '')}, which reaches files when it runs.`,
    { ...place(task), offset: match.index },
  );
}
