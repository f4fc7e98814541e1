import { fixture } from '../formats/fixtures';
import { field, gguf, ggufText, graphDef, keras, layer, onnx, savedModel } from './hostileModels';
import { dangerous, type Hostile, unclean } from './hostilePickles';
import { call, proto, raw } from './pickleWriter';
import { zip } from './zipWriter';

/** Graphs, configurations and templates that reach out of the model, by ways less walked. */

const reading = (className: string, config: Record<string, unknown>) =>
  keras(layer(className, { config: { name: 'x', ...config } }));

const kerasModels: readonly Hostile[] = [
  dangerous('vocabulary-file.keras', reading('StringLookup', { vocabulary: '/etc/passwd' })),
  dangerous('vocabulary-url.keras', reading('TextVectorization', { vocabulary: 'gs://b/v.txt' })),
  dangerous('idf-file.keras', reading('IntegerLookup', { idf_weights: '../secret.npy' })),
  dangerous('saved-model-layer.keras', reading('TFSMLayer', { filepath: '/tmp/evil' })),
  dangerous('flax-layer.keras', keras(layer('FlaxLayer'))),
  dangerous('jax-layer.keras', keras(layer('JaxLayer'))),
  dangerous('lambda-escaped.keras', keras(layer('\u004cambda'))),
  dangerous(
    'lambda-in-list-of-lists.keras',
    keras(layer('Dense', { config: { a: [[[layer('Lambda')]]] } })),
  ),
  dangerous(
    'lambda-in-second-config.keras',
    zip([
      { name: 'metadata.json', bytes: raw('{}') },
      { name: 'config.json', bytes: raw(JSON.stringify(layer('Dense'))) },
      { name: 'config.json', bytes: raw(JSON.stringify(layer('Lambda'))) },
      { name: 'model.weights.h5', bytes: Buffer.from(fixture('other/m.weights.h5')) },
    ]),
  ),
  dangerous(
    'function-of-numpy.keras',
    keras({ module: 'numpy', class_name: 'function', config: 'load' }),
  ),
  dangerous(
    'module-of-legacy-saving.keras',
    keras(layer('load_model_from_hdf5', { module: 'keras.src.legacy.saving.legacy_h5_format' })),
  ),
  unclean('custom-without-module.keras', keras({ class_name: 'MyLayer', config: {} })),
  unclean(
    'custom-by-package.keras',
    keras(layer('Net', { module: 'builtins', registered_name: 'mine>Net' })),
  ),
  unclean(
    'custom.json',
    JSON.stringify({
      class_name: 'Sequential',
      config: { layers: [{ class_name: 'Evil', config: {} }] },
    }),
  ),
  dangerous(
    'pickle-in-assets.keras',
    zip([
      { name: 'metadata.json', bytes: raw('{}') },
      { name: 'config.json', bytes: raw(JSON.stringify(layer('Dense'))) },
      { name: 'assets/layers/x/vocab', bytes: raw(call('os', 'system')) },
    ]),
  ),
];

const entries = (...pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([key, value]) => field(13, field(1, key) + field(2, value))).join('');
const tensor = (outside: string) =>
  field(1, 4) + field(2, 1) + field(8, 'W') + outside + field(14, 1);
const constant = (inner: string) => field(1, field(4, 'Constant') + field(5, inner));

const graphs: readonly Hostile[] = [
  dangerous(
    'location-twice.onnx',
    onnx(field(5, tensor(entries(['location', 'w.bin'], ['location', '../../x'])))),
  ),
  dangerous(
    'location-twice-other-order.onnx',
    onnx(field(5, tensor(entries(['location', '../../x'], ['location', 'w.bin'])))),
  ),
  dangerous('location-of-drive.onnx', onnx(field(5, tensor(entries(['location', 'D:w.bin']))))),
  dangerous(
    'location-of-url.onnx',
    onnx(field(5, tensor(entries(['location', 'file:///etc/passwd'])))),
  ),
  dangerous('location-of-dots.onnx', onnx(field(5, tensor(entries(['location', 'a/../../b']))))),
  dangerous(
    'location-of-home.onnx',
    onnx(field(5, tensor(entries(['location', '~/.ssh/id_rsa'])))),
  ),
  dangerous(
    'external-in-sparse-attribute.onnx',
    onnx(
      constant(
        field(1, 'sparse_value') + field(22, field(1, tensor(entries(['location', '../x'])))),
      ),
    ),
  ),
  dangerous(
    'external-in-sparse-list.onnx',
    onnx(constant(field(1, 'v') + field(23, field(2, tensor(entries(['location', '../x'])))))),
  ),
  dangerous(
    'external-in-function.onnx',
    `${onnx(field(1, field(4, 'f')))}${field(25, field(1, 'f') + field(7, field(4, 'Constant') + field(5, field(1, 'value') + field(5, tensor(entries(['location', '../x']))))))}`,
  ),
  unclean('python-operator.onnx', onnx(field(1, field(4, 'PyOp') + field(7, 'ai.onnx.contrib')))),
  ...[
    'PyFuncStateless',
    'SqlDataset',
    'CSVDatasetV2',
    'LMDBReader',
    'SnapshotDatasetV2',
    'CacheDatasetV2',
    'WholeFileReaderV2',
    'TextLineReaderV2',
    'TFRecordReaderV2',
    'FixedLengthRecordReaderV2',
    'CreateSummaryFileWriter',
    'CreateSummaryDbWriter',
    'DataServiceDatasetV4',
    'RpcClient',
    'SaveSlices',
    'LoadDatasetV2',
    'ListSnapshotChunksDataset',
  ].map((operator) => dangerous(`operator-${operator}.pb`, savedModel(graphDef(operator)))),
  dangerous('operator-behind-null.pb', savedModel(`${graphDef('ReadFile')}\0\0`)),
  dangerous(
    'flex-sql.tflite',
    Buffer.concat([Buffer.from(fixture('other/m.tflite')), raw('FlexSqlDataset')]),
  ),
];

const template = (text: string, key = 'tokenizer.chat_template') =>
  gguf(0n, `${ggufText(key)}\x08\0\0\0${ggufText(text)}`, 1n);

const templates: readonly Hostile[] = [
  dangerous('template-concatenated.gguf', template("{{ ''['__cla' ~ 'ss__'] }}")),
  dangerous('template-joined.gguf', template("{{ ()[['_','_','class','_','_']|join] }}")),
  dangerous('template-repeated.gguf', template("{{ x['_'*2 + 'class' + '_'*2] }}")),
  dangerous('template-hexadecimal.gguf', template("{{ x['\\x5f\\x5fclass\\x5f\\x5f'] }}")),
  dangerous('template-unicode.gguf', template("{{ x['\\u005f\\u005fclass'] }}")),
  dangerous('template-octal.gguf', template("{{ x['\\137\\137class'] }}")),
  dangerous('template-format.gguf', template("{{ x['%c%cclass%c%c'|format(95,95,95,95)] }}")),
  dangerous('template-map.gguf', template("{{ [x]|map(attribute='__class__')|list }}")),
  dangerous(
    'template-map-joined.gguf',
    template("{% set a = '_'~'_class_'~'_' %}{{ [x]|map(attribute=a)|list }}"),
  ),
  dangerous('template-include.gguf', template("{% include '/etc/passwd' %}")),
  dangerous('template-import.gguf', template("{% from 'x' import y %}")),
  dangerous('template-mro.gguf', template('{{ x.mro() }}')),
  dangerous('template-generator.gguf', template('{{ g.gi_frame.f_globals }}')),
  dangerous('template-reversed.gguf', template("{{ x['__ssalc__'|reverse] }}")),
  dangerous(
    'template-of-tools.gguf',
    template("{{ ''.__class__ }}", 'tokenizer.chat_template.tool_use'),
  ),
  dangerous(
    'template-in-list.json',
    JSON.stringify({ chat_template: [{ name: 'default', template: "{{ ''.__class__ }}" }] }),
  ),
  dangerous('chat_template.jinja', "{{ ''.__class__.__mro__ }}"),
];

const scripted = (code: string) =>
  zip([
    { name: 'm/data.pkl', bytes: raw(`${proto(2)}}.`) },
    { name: 'm/constants.pkl', bytes: raw(`${proto(2)}).`) },
    {
      name: 'm/code/__torch__/net.py',
      bytes: raw(`def forward(self, x):\n  ${code}\n  return x\n`),
    },
  ]);

const scripts: readonly Hostile[] = [
  dangerous('script-save.pt', scripted('torch.save(x, "/tmp/x")')),
  dangerous(
    'script-aten-from-file.pt',
    scripted('y = ops.aten.from_file("/etc/passwd", None, 10)'),
  ),
  dangerous('script-of-spaces.pt', scripted('y = torch . from_file ("/etc/passwd")')),
  dangerous('script-of-image-library.pt', scripted('y = ops.image.read_file("/etc/passwd")')),
  unclean('script-of-own-operators.pt', scripted('y = ops.evil.run(x)')),
  unclean(
    'compiled-code.pt2',
    zip([
      { name: 'm/archive_format', bytes: raw('pt2') },
      {
        name: 'm/data/aotinductor/model/c.so',
        bytes: raw(`\x7fELF\x02\x01\x01${'\0'.repeat(40)}`),
      },
    ]),
  ),
  unclean(
    'compiled-code-windows.pt2',
    zip([
      { name: 'm/archive_format', bytes: raw('pt2') },
      { name: 'm/data/x', bytes: raw(`MZ${'\0'.repeat(58)}\x40\0\0\0PE\0\0${'\0'.repeat(20)}`) },
    ]),
  ),
];

export const hostileGraphs: readonly Hostile[] = [
  ...kerasModels,
  ...graphs,
  ...templates,
  ...scripts,
];
