import { gzipSync } from 'node:zlib';
import { field, graphDef } from './hostileModels';
import { dangerous, type Hostile, unclean } from './hostilePickles';
import { bytes, call, global, proto, raw, unicode } from './pickleWriter';
import { tar, zip } from './zipWriter';

/** What is packed by every packer of joblib's, and what only looks like a module of PyTorch. */

const evil = raw(call('os', 'system'));

/** A pickle that calls `posix.system`, as Python's own modules pack it. */
const packed: Readonly<Record<string, string>> = {
  bz2: 'QlpoOTFBWSZTWSskDFwAAAzz4F8AAAIAARAABiLMYEIEDgAgADFAANAyZBFPUYTAj0eon6pBeNKOUJTwdhhcbaElxRGVM/aJJ/F3JFOFCQKyQMXA',
  xz: '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAngASVHQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULgCQHg0fSPZ3wQABQCjUUkrlH7bzfQEAAAAABFla',
  lzma: 'XQAAgAD//////////wBAAQ5vKX/PEaUc2H85CKphlXoiFU7YfYhF4eOCWmWa0jUCf/7ENa3x///tMSAA',
  lz4: 'BCJNGGhAKAAAAAAAAAB1JwAAAFKABJUdAAEA8A6MBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULgAAAAA=',
};

const packers: readonly Hostile[] = Object.entries(packed).flatMap(([method, text]) => {
  const content = Buffer.from(text, 'base64');
  return [
    dangerous(`packed-by-${method}.joblib`, content),
    dangerous(`packed-by-${method}-in-gzip.pkl`, gzipSync(content)),
    dangerous(`packed-by-${method}-in-zip.zip`, zip([{ name: 'a', bytes: content }])),
    dangerous(
      `packed-by-${method}-in-bytes.pkl`,
      `${proto(4)}${bytes(content.toString('latin1'))}.`,
    ),
    unclean(`packed-by-${method}-torn.joblib`, content.subarray(0, content.length - 30)),
  ];
});

const noise = Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 7919) % 251));

const torn: readonly Hostile[] = [
  dangerous(
    'gzip-torn-behind-the-call.pkl',
    gzipSync(Buffer.concat([evil, noise]), { level: 1 }).subarray(0, 300),
  ),
  dangerous('archive-in-gzip.tar.gz', gzipSync(tar([{ name: 'a/data.pkl', bytes: evil }]))),
  dangerous('archive-in-gzip.pt.gz', gzipSync(zip([{ name: 'm/data.pkl', bytes: evil }]))),
];

const dictionary = (key: string) => `${unicode(key)}}`;
const state = `}(${['_parameters', '_buffers', '_modules'].map(dictionary).join('')}${unicode('training')}\x88ub`;
const own = global('helpers.net', 'Net');

const modules: readonly Hostile[] = [
  unclean('module.pt', `${proto(2)}${own})\x81${state}.`),
  dangerous('module-of-notorious.pt', `${proto(2)}${global('subprocess', 'Popen')})\x81${state}.`),
  dangerous('module-with-arguments.pt', `${proto(2)}${own}${unicode('x')}\x85\x81${state}.`),
  dangerous('module-called.pt', `${proto(2)}${own}q\x01)\x81${state}h\x01)R.`),
  dangerous('module-called-alone.pt', `${proto(2)}${own})R${state}.`),
  dangerous('module-without-state.pt', `${proto(2)}${own})\x81.`),
  dangerous(
    'module-with-half-a-state.pt',
    `${proto(2)}${own})\x81}(${dictionary('_modules')}${unicode('training')}\x88ub.`,
  ),
  dangerous('module-cut-off.pt', `${proto(2)}${own})\x81`),
  dangerous('module-once-only.pt', `${proto(2)}${own}q\x01)\x81${state}0h\x01)\x81.`),
  dangerous(
    'module-given-away.pt',
    `${proto(2)}${own}q\x01)\x81${state}0${global('functools', 'partial')}h\x01\x85R.`,
  ),
  dangerous(
    'module-changed.pt',
    `${proto(2)}${own}q\x01)\x81${state}0h\x01}${unicode('a')}K\x01sb.`,
  ),
  dangerous('function-of-program.pt', call('__main__', 'run')),
  dangerous('object-of-function.pt', `${proto(2)}${global('__main__', 'run')})\x81${state}0.`),
  dangerous(
    'class-with-source.pt',
    `${proto(2)}(${unicode('module')}${global('os', 'system')}${unicode('x')}${unicode('x')}tQ${unicode('id')}\x85R.`,
  ),
  dangerous(
    'array-by-dill.pkl',
    `${proto(2)}${global('dill._dill', '_create_array')}(${global('os', 'system')}${unicode('id')}\x85N}tR.`,
  ),
  dangerous(
    'array-by-dill-computed.pkl',
    `${proto(2)}${global('dill._dill', '_create_array')}(${global('collections', 'OrderedDict')})R)N}tR.`,
  ),
  dangerous(
    'partial-of-computed.pkl',
    `${proto(2)}${global('functools', 'partial')}${global('collections', 'OrderedDict')})R\x85R.`,
  ),
  dangerous(
    'partial-called.pkl',
    `${proto(2)}${global('functools', 'partial')}${global('numpy', 'log1p')}\x85R)R.`,
  ),
  dangerous(
    'name-of-older-module.pkl',
    `${proto(2)}${global('sklearn.utils.fixes', 'system')}${unicode('id')}\x85R.`,
  ),
  dangerous(
    'configuration-elsewhere.pkl',
    call('transformers.models.bert.configuration_bert', 'load_tool'),
  ),
];

/** A graph of TensorFlow's with metadata around it, as a checkpoint of old has one. */
const metaGraph = field(2, graphDef('PyFunc'));

const skops = (module: string, name: string) =>
  zip([
    {
      name: 'schema.json',
      bytes: raw(
        JSON.stringify({ __loader__: 'FunctionNode', __module__: module, __class__: name }),
      ),
    },
  ]);

/** By h5py: an attribute that PyTables would unpickle. */
const pickledAttribute = Buffer.from(
  'iUhERg0KGgoDCAgAAAAAAAAAAAD//////////8MAAAAAAAAAMAAAAAAAAAAGGmE3T0hEUgIgF9YCaxfWAmsX1gJrF9' +
    'YCa3gCEgAAAAD/////////////////////CgIAAQAAFRIABAAA/////////////////////ww5AAADAAIACAAEAABh' +
    'ABMBAAAiAAAAAgAAAGNwb3NpeApzeXN0ZW0KcDAKKFZpZApwMQp0cDIKUnAzCi4ABQAAAAAAAAAgPH07',
  'base64',
);

const others: readonly Hostile[] = [
  dangerous('pickled-attribute.h5', pickledAttribute),
  dangerous('graph-of-checkpoint.meta', metaGraph),
  dangerous('skops-load.skops', skops('numpy', 'load')),
  dangerous('skops-of-numpy.skops', skops('numpy.lib._npyio_impl', 'fromregex')),
  dangerous('skops-of-sklearn.skops', skops('sklearn.datasets._base', 'load_files')),
];

export const hostilePacked: readonly Hostile[] = [...packers, ...torn, ...modules, ...others];
