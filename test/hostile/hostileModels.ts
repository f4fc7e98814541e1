import { fixture, safetensors } from '../formats/fixtures';
import { dangerous, type Hostile, unclean } from './hostilePickles';
import { raw } from './pickleWriter';
import { zip } from './zipWriter';

/** What formats other than pickles can carry. */

export const layer = (className: string, more: Record<string, unknown> = {}) => ({
  module: 'keras.layers',
  class_name: className,
  config: { name: 'x' },
  registered_name: null,
  ...more,
});

export const keras = (inner: unknown) => {
  const config = { ...layer('Sequential'), config: { name: 's', layers: [layer('Dense'), inner] } };
  return zip([
    { name: 'metadata.json', bytes: raw('{"keras_version": "3.15.1"}') },
    { name: 'config.json', bytes: raw(JSON.stringify(config)) },
    { name: 'model.weights.h5', bytes: Buffer.from(fixture('other/m.weights.h5')) },
  ]);
};

const lambda = {
  class_name: '__lambda__',
  config: { code: '4wEA', defaults: null, closure: null },
};

const kerasModels: readonly Hostile[] = [
  dangerous('lambda.keras', keras(layer('Lambda', { config: { function: lambda } }))),
  dangerous('lambda-without-module.keras', keras({ class_name: 'Lambda', config: {} })),
  dangerous(
    'lambda-in-wrapper.keras',
    keras(layer('TimeDistributed', { config: { layer: layer('Lambda') } })),
  ),
  dangerous(
    'lambda-in-model.keras',
    keras(layer('Functional', { config: { layers: [layer('Lambda')] } })),
  ),
  dangerous(
    'lambda-as-initializer.keras',
    keras(layer('Dense', { config: { kernel_initializer: lambda } })),
  ),
  dangerous('lambda-in-compile.keras', keras({ compile_config: { loss: lambda } })),
  dangerous(
    'torch-wrapper.keras',
    keras(layer('TorchModuleWrapper', { module: 'keras.src.utils.torch_utils' })),
  ),
  dangerous('module-os.keras', keras(layer('system', { module: 'os' }))),
  dangerous('module-own.keras', keras(layer('Net', { module: 'mypackage.nets' }))),
  dangerous('module-like-keras.keras', keras(layer('Net', { module: 'keras_evil.layers' }))),
  dangerous(
    'function-os.keras',
    keras({ module: 'os', class_name: 'function', config: 'system', registered_name: 'system' }),
  ),
  dangerous(
    'function-builtins.keras',
    keras({ module: 'builtins', class_name: 'function', config: 'exec' }),
  ),
  dangerous(
    'get-file.keras',
    keras({ module: 'keras.utils', class_name: 'function', config: 'get_file' }),
  ),
  dangerous(
    'unsafe-switch.keras',
    keras({
      module: 'keras.config',
      class_name: 'function',
      config: 'enable_unsafe_deserialization',
    }),
  ),
  dangerous(
    'load-in-config.keras',
    keras({ module: 'keras.src.saving.saving_lib', class_name: 'function', config: 'load_model' }),
  ),
  dangerous(
    'shape-bomb.keras',
    keras(layer('InputLayer', { config: { batch_shape: [null, 1e9, 1e9] } })),
  ),
  unclean(
    'custom-object.keras',
    keras(layer('Net', { module: null, registered_name: 'mine>Net' })),
  ),
  unclean(
    'config-broken.keras',
    zip([
      { name: 'metadata.json', bytes: raw('{}') },
      { name: 'config.json', bytes: raw('{"class_name": "Lam') },
      { name: 'model.weights.h5', bytes: Buffer.from(fixture('other/m.weights.h5')) },
    ]),
  ),
  dangerous('lambda.h5', replaced('other/m.h5', '"class_name": "Dense"', '"class_name":"Lambda"')),
  dangerous(
    'lambda.json',
    JSON.stringify({ class_name: 'Sequential', config: { layers: [layer('Lambda')] } }),
  ),
  dangerous(
    'tfjs-lambda.json',
    JSON.stringify({
      modelTopology: { model_config: { class_name: 'Sequential', config: [layer('Lambda')] } },
      weightsManifest: [],
    }),
  ),
  dangerous(
    'tfjs-path.json',
    JSON.stringify({
      modelTopology: { class_name: 'M', config: {} },
      weightsManifest: [{ paths: ['../../../etc/passwd'], weights: [] }],
    }),
  ),
];

function replaced(name: string, what: string, by: string): Buffer {
  const text = Buffer.from(fixture(name)).toString('latin1');
  if (!text.includes(what) || what.length !== by.length) throw new Error(`${name} has no ${what}`);
  return raw(text.replaceAll(what, by));
}

/** A field of a protocol buffer: bytes with their length, or a number. */
export const field = (number: number, value: string | number): string => {
  if (typeof value === 'number') return `${varint(number * 8)}${varint(value)}`;
  return `${varint(number * 8 + 2)}${varint(value.length)}${value}`;
};

function varint(value: number): string {
  if (value < 128) return String.fromCharCode(value);
  return String.fromCharCode((value % 128) + 128) + varint(Math.floor(value / 128));
}

const entry = (key: string, value: string) => field(13, field(1, key) + field(2, value));
const outside = (location: string) =>
  field(1, 4) + field(2, 1) + field(8, 'W') + entry('location', location) + field(14, 1);
const node = (domain = '') => field(1, field(4, 'Relu') + (domain === '' ? '' : field(7, domain)));
export const onnx = (graph: string) =>
  `${field(1, 8)}${field(7, graph)}${field(8, field(1, '') + field(2, 18))}`;

export const graphDef = (operator: string) => field(1, field(1, 'n') + field(2, operator));
export const savedModel = (graph: string) =>
  `${field(1, 1)}${field(2, field(1, field(4, 'serve')) + field(2, graph))}`;
const inFunction = (operator: string) =>
  field(2, field(1, field(1, field(1, 'f')) + field(3, field(1, 'n') + field(2, operator))));

const graphs: readonly Hostile[] = [
  dangerous('external-up.onnx', onnx(node() + field(5, outside('../../etc/passwd')))),
  dangerous('external-absolute.onnx', onnx(node() + field(5, outside('/etc/passwd')))),
  dangerous('external-windows.onnx', onnx(node() + field(5, outside('C:\\secrets.bin')))),
  dangerous('external-backslash.onnx', onnx(node() + field(5, outside('..\\secrets.bin')))),
  dangerous('external-empty.onnx', onnx(node() + field(5, outside('')))),
  dangerous(
    'external-in-attribute.onnx',
    onnx(field(1, field(4, 'Constant') + field(5, field(1, 'value') + field(5, outside('../x'))))),
  ),
  dangerous(
    'external-in-subgraph.onnx',
    onnx(
      field(1, field(4, 'If') + field(5, field(1, 'then') + field(6, field(5, outside('../x'))))),
    ),
  ),
  unclean('custom-domain.onnx', onnx(node('evil.ops'))),
  ...['ReadFile', 'WriteFile', 'PyFunc', 'EagerPyFunc', 'MatchingFiles', 'TextLineDataset'].map(
    (operator) => dangerous(`graph-${operator}.pb`, savedModel(graphDef(operator))),
  ),
  dangerous('graph-in-function.pb', savedModel(inFunction('WriteFile'))),
  dangerous('graph-frozen.pb', graphDef('ReadFile')),
  dangerous(
    'flex.tflite',
    Buffer.concat([Buffer.from(fixture('other/m.tflite')), raw('FlexReadFile')]),
  ),
];

const u64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes.toString('latin1');
};
export const ggufText = (text: string) => `${u64(BigInt(text.length))}${text}`;
export const gguf = (tensors: bigint, rest: string, pairs = 0n) =>
  `GGUF\x03\0\0\0${u64(tensors)}${u64(pairs)}${rest}`;
const template = (text: string) =>
  gguf(0n, `${ggufText('tokenizer.chat_template')}\x08\0\0\0${ggufText(text)}`, 1n);

const headers: readonly Hostile[] = [
  dangerous('template-class.gguf', template("{{ ''.__class__.__mro__[1].__subclasses__() }}")),
  dangerous(
    'template-globals.gguf',
    template("{{ cycler.__init__.__globals__.os.popen('id').read() }}"),
  ),
  dangerous('template-attr.gguf', template("{{ x|attr('\\x5f\\x5fclass') }}")),
  unclean(
    'tensors-overflow.gguf',
    gguf(1n, `${ggufText('t')}\x02\0\0\0${u64(1n << 32n)}${u64(1n << 32n)}\0\0\0\0${u64(0n)}`),
  ),
  unclean(
    'offset-overflow.gguf',
    gguf(1n, `${ggufText('t')}\x01\0\0\0${u64(8n)}\0\0\0\0${u64((1n << 64n) - 4n)}`),
  ),
  unclean('counts.gguf', gguf(1n << 60n, '')),
  unclean(
    'overlap.safetensors',
    safetensors(
      '{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}}',
      12,
    ),
  ),
  unclean(
    'duplicate.safetensors',
    safetensors(
      '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}',
      4,
    ),
  ),
  unclean(
    'gap.safetensors',
    safetensors('{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}', 8),
  ),
  unclean(
    'rest.safetensors',
    safetensors('{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}', 64),
  ),
  unclean(
    'header-bomb.safetensors',
    Buffer.concat([raw('\xff\xff\xff\x05\0\0\0\0{'), Buffer.alloc(64)]),
  ),
  dangerous(
    'skops.skops',
    zip([
      {
        name: 'schema.json',
        bytes: raw('{"__class__": "system", "__module__": "os", "__loader__": "FunctionNode"}'),
      },
    ]),
  ),
  dangerous(
    'skops-method.skops',
    zip([
      {
        name: 'schema.json',
        bytes: raw(
          '{"__class__":"list","__module__":"builtins","__loader__":"ListNode","content":[{"__class__":"Popen","__module__":"subprocess"}]}',
        ),
      },
    ]),
  ),
  dangerous('target.yaml', 'model:\n  _target_: builtins.exec\n  _args_: ["1"]\n'),
  dangerous('target.json', '{"model": {"_target_": "torch.hub.load"}}'),
  dangerous(
    'script.pt',
    zip([
      { name: 'm/data.pkl', bytes: raw('\x80\x02}.') },
      { name: 'm/constants.pkl', bytes: raw('\x80\x02).') },
      {
        name: 'm/code/__torch__.py',
        bytes: raw('def forward(self):\n  return torch.from_file("/etc/passwd")\n'),
      },
    ]),
  ),
];

/** What a scan that stops at the usual place would miss. */
const elsewhere: readonly Hostile[] = [
  unclean(
    'config-utf16.keras',
    zip([
      { name: 'metadata.json', bytes: raw('{}') },
      { name: 'config.json', bytes: Buffer.from(JSON.stringify(layer('Lambda')), 'utf16le') },
      { name: 'model.weights.h5', bytes: Buffer.from(fixture('other/m.weights.h5')) },
    ]),
  ),
  dangerous('template-long.gguf', template(`${'{{ x }}'.repeat(2000)}{{ ''.__class__ }}`)),
  dangerous('graph-text.pbtxt', 'node { name: "a" op: "ReadFile" }'),
  dangerous('graph-metadata.pb', '{"class_name": "Lambda", "config": {}}'),
  dangerous(
    'external-in-training.onnx',
    `${onnx(node())}${field(20, field(1, field(5, outside('../x'))))}`,
  ),
  dangerous('yaml-object.yaml', 'a: !!python/object/apply:os.system ["id"]\n'),
  unclean(
    'archive.mar',
    zip([
      { name: 'handler.py', bytes: raw('print(1)\n') },
      { name: 'MAR-INF/MANIFEST.json', bytes: raw('{}') },
    ]),
  ),
];

export const hostileModels: readonly Hostile[] = [
  ...kerasModels,
  ...graphs,
  ...headers,
  ...elsewhere,
];
