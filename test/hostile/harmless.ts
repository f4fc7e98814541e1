import { deflateRawSync } from 'node:zlib';
import { gguf, ggufText } from './hostileModels';
import { randomness } from './mutators';
import { bytes, global, proto, raw, unicode } from './pickleWriter';
import { zip } from './zipWriter';

/** What looks like an attack at first sight and is none: a scan that shouts at it is not heard. */
export interface Harmless {
  readonly name: string;
  readonly bytes: Buffer;
  readonly verdict: 'clean' | 'not-a-model';
}

const clean = (name: string, content: string | Buffer): Harmless => ({
  ...{ name, verdict: 'clean' },
  bytes: typeof content === 'string' ? raw(content) : content,
});
const none = (name: string, content: string): Harmless => ({
  ...clean(name, content),
  verdict: 'not-a-model',
});

const template = (text: string) =>
  gguf(0n, `${ggufText('tokenizer.chat_template')}\x08\0\0\0${ggufText(text)}`, 1n);

const templates: readonly Harmless[] = [
  clean(
    'template-selects.gguf',
    template(
      "{%- set users = messages | selectattr('role', 'equalto', 'user') | list %}{%- for m in users[::-1] %}{{ m['content'].split('</think>')[-1] | trim }}{%- endfor %}",
    ),
  ),
  clean(
    'template-text.gguf',
    template(
      'Answer the request. You may import modules, exec(code) or eval it: os.system is a name. {{ bos_token }}{% if tools %}{{ tools | tojson(indent=4) }}{% endif %}',
    ),
  ),
  clean(
    'template-names.gguf',
    template(
      "{% set ns = namespace(found=false, index=0) %}{% set ns.found = true %}{{ tools | map(attribute='function') | map(attribute=\"name\") | join(', ') }}{{ name.replace('_', ' ') }}{{ '<|tool_calls_begin|>' }}",
    ),
  ),
  clean(
    'template-errors.gguf',
    template(
      "{{- raise_exception('Only user and assistant roles are supported!') if messages[0].role == 'x' }}{{ strftime_now('%d %b %Y') }}{#- import os -#}",
    ),
  ),
];

const lists: readonly Harmless[] = [
  none('labels.txt', 'cat\ndog\nfish\nhorse\n'),
  none('irises.txt', 'iris\nsetosa\nversicolor\nvirginica\n'),
  none('two.txt', 'cat\ndog\n'),
  none('vocabulary.txt', 'class\nimport\nstate\nbuild\nReduce\n.\n'),
  none('notes.md', 'import os\nsystem\n(see below)\n'),
];

const tensor = (key: string, count: number) =>
  `${global('torch._utils', '_rebuild_tensor_v2')}((${unicode('storage')}${global('torch', 'FloatStorage')}${unicode(key)}${unicode('cpu')}K${String.fromCharCode(count)}tQK\0(K${String.fromCharCode(count)}t(K\x01t\x89${global('collections', 'OrderedDict')})RtR`;

const archive = (values: Buffer) =>
  zip([
    { name: 'm/data.pkl', bytes: raw(`${proto(2)}}${unicode('w')}${tensor('0', 64)}s.`) },
    { name: 'm/data/0', bytes: values },
    { name: 'm/version', bytes: raw('3\n') },
  ]);

const random = randomness(5);
const noise = (start: string): Buffer =>
  Buffer.concat([
    raw(start),
    Buffer.from(Array.from({ length: 256 }, () => random() * 256)),
  ]).subarray(0, 256);

/** Values of a tensor may begin with anything. */
const starts: Readonly<Record<string, string>> = {
  ...{
    protocol: '\x80\x02',
    'protocol-4': '\x80\x04\x95',
    gzip: '\x1f\x8b\x08\0',
    zlib: '\x78\x9c',
  },
  ...{
    lzma: '\x5d\0\0\0',
    bzip2: 'BZh9',
    zip: 'PK\x03\x04',
    end: 'PK\x05\x06',
    json: '{"a',
    call: 'cos\n',
  },
  ...{ graph: '\x08\x07\x12\x04', elf: '\x7fELF', numbers: '\x5d\0\0\0\0\0\0\0\x5e\0\0\0' },
};

const values: readonly Harmless[] = Object.entries(starts).flatMap(([name, start]) => [
  clean(`values-like-${name}.pt`, archive(noise(start))),
  clean(
    `bytes-like-${name}.pkl`,
    `${proto(4)}}${unicode('a')}${bytes(noise(start).toString('latin1'))}s.`,
  ),
]);

const inflated = deflateRawSync(Buffer.alloc(4096)).toString('latin1');

export const harmless: readonly Harmless[] = [
  ...templates,
  ...lists,
  ...values,
  clean(
    'archive-in-archive.pt',
    zip([
      { name: 'm/data.pkl', bytes: raw(`${proto(2)}}.`) },
      { name: 'm/inner', bytes: zip([{ name: 'x/data.pkl', bytes: raw(`${proto(2)}}.`) }]) },
    ]),
  ),
  clean('bytes-packed.pkl', `${proto(4)}${bytes(`\x78\x9c${inflated}`)}.`),
  clean('text-of-lines.pkl', `${proto(2)}${unicode('tree\nclass\nimport os\nsystem\n')}.`),
  clean('memo-of-zeros.pkl', 'Va\np00\n0g0\n.'),
];
