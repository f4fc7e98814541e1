import { gzipSync } from 'node:zlib';
import { dangerous, type Hostile, unclean } from './hostilePickles';
import { bytes, call, global, proto, raw, short, stacked, unicode } from './pickleWriter';
import { tar, zip } from './zipWriter';

/** Pickles that two readers take differently, and containers that hide them; all load and run. */

const evil = raw(call('os', 'system'));
const harmless = raw(`${proto(2)}}.`);
const system = global('os', 'system');
const tuple = `${unicode('id')}\x85`;
const run = `${system}${tuple}R`;
const ordered = ['collections', 'OrderedDict'] as const;

/** A name put in at one key of the memo for whoever reads numbers as Python does. */
const memoKeys = (stored: string): string =>
  `V${ordered[0]}\np10\n0Vos\np${stored}\n0V${ordered[1]}\np20\n0Vsystem\np${stored.replace('1', '2')}\n0` +
  `g10\ng20\n\x93${tuple}R.`;

const loadBytes = (inner: string): string =>
  `${proto(4)}${global('torch.storage', '_load_from_bytes')}${bytes(inner)}\x85R.`;

const memo: readonly Hostile[] = [
  dangerous('memo-key-with-underscore.pkl', memoKeys('1_0')),
  dangerous('memo-key-with-space.pkl', memoKeys(' 10')),
  dangerous('memo-key-with-sign.pkl', memoKeys('+10')),
  dangerous('memo-key-with-zeros.pkl', memoKeys('010')),
  dangerous(
    'memoize-after-put.pkl',
    `${proto(4)}${short('collections')}q\x00${short('os')}\x940${short('system')}\x940h\x01h\x02\x93${tuple}R.`,
  ),
  dangerous(
    'memo-overwritten.pkl',
    `${proto(4)}${global(...ordered)}q\x010${system}q\x010h\x01${tuple}R.`,
  ),
  dangerous(
    'memo-of-tuple-taken-apart.pkl',
    `${proto(2)}(${system}${tuple}tq\x0100(h\x01i${'os\nsystem\n'}.`,
  ),
  dangerous('dup-of-callable.pkl', `${proto(2)}${system}2${tuple}R0.`),
  dangerous('pop-mark-before.pkl', `${proto(2)}(K\x01K\x021${run}.`),
  dangerous('pop-takes-mark.pkl', `${proto(2)}(0${run}.`),
  dangerous('callable-in-list-built-later.pkl', `${proto(2)}]q\x01${run}ah\x01\x85.`),
  dangerous('frozen-set-of-call.pkl', `${proto(4)}(${run}\x91.`),
  dangerous('set-of-call.pkl', `${proto(4)}\x8f(${run}\x90.`),
  dangerous('call-in-keyword.pkl', `${proto(4)}${global(...ordered)})}${unicode('a')}${run}s\x92.`),
  dangerous('call-in-state.pkl', `${proto(2)}${global(...ordered)})R}${unicode('a')}${run}sb.`),
  dangerous('call-in-legacy-id.pkl', `${proto(2)}(${unicode('module')}${system}NNtQ.`),
  dangerous('persistent-line-before.pkl', `Pwhatever\n0${run}.`),
  dangerous('inst-in-protocol-5.pkl', `${proto(5)}(${unicode('id')}ios\nsystem\n.`),
  dangerous(
    'obj-with-stack-global.pkl',
    `${proto(4)}(${stacked('os', 'system')}${unicode('id')}o.`,
  ),
  dangerous('name-of-python-2.pkl', `${proto(2)}${global('commands', 'getoutput')}${tuple}R.`),
  dangerous(
    'name-mapped-by-python-3.pkl',
    `${proto(2)}${global('__builtin__', 'reduce')}${tuple}R.`,
  ),
  dangerous('extension-without-proto.pkl', `\x82\x01${tuple}R.`),
  dangerous('extension-of-0.pkl', `${proto(2)}\x84\0\0\0\0${tuple}R.`),
  dangerous('frame-of-0.pkl', `\x95\0\0\0\0\0\0\0\0${run}.`),
  dangerous('frame-before-proto.pkl', `\x95\x10\0\0\0\0\0\0\0${proto(4)}${run}.`),
  dangerous('buffer-called.pkl', `${proto(5)}\x97${tuple}R.`),
  dangerous('stop-within-text.pkl', `${proto(2)}${unicode('.'.repeat(40))}0${run}.`),
  dangerous(
    'attributes-by-parameter.pkl',
    `${proto(2)}${global('torch._utils', '_rebuild_parameter_with_state')}(N\x89N}${unicode('__class__')}${global(...ordered)}stR.`,
  ),
  dangerous(
    'attributes-by-type.pkl',
    `${proto(2)}${global('torch._tensor', '_rebuild_from_type_v2')}(${global('torch._utils', '_rebuild_tensor')}${global('torch', 'Tensor')})}${unicode('__torch_function__')}NstR.`,
  ),
];

const one = zip([{ name: 'm/data.pkl', bytes: evil }]);
/** A member without the directory that lists it. */
const member = one.subarray(0, one.length - 22 - 46 - 'm/data.pkl'.length);

const nested: readonly Hostile[] = [
  dangerous(
    'member-in-no-directory.pt',
    Buffer.concat([member, zip([{ name: 'm/data.pkl', bytes: harmless }], member.length)]),
  ),
  dangerous('load-of-protocol-0.pkl', loadBytes(call('os', 'system', 0))),
  dangerous('load-of-none-first.pkl', loadBytes(`N0${run}.`)),
  dangerous('load-of-long-first.pkl', loadBytes(`\x8a\x01\x010${run}.`)),
  dangerous('load-of-unicode-first.pkl', loadBytes(`Vx\n0${run}.`)),
  dangerous('load-of-frame-first.pkl', loadBytes(`\x95\0\0\0\0\0\0\0\0${run}.`)),
  dangerous(
    'load-of-archive.pkl',
    loadBytes(zip([{ name: 'm/data.pkl', bytes: evil }]).toString('latin1')),
  ),
  dangerous('load-of-packed.pkl', loadBytes(gzipSync(evil).toString('latin1'))),
  dangerous('bytes-of-none-first.pkl', `${proto(4)}${bytes(`N0${run}.`)}.`),
  dangerous(
    'bytearray.pkl',
    `${proto(5)}\x96${String.fromCharCode(evil.length)}\0\0\0\0\0\0\0${evil.toString('latin1')}.`,
  ),
  dangerous('text-of-protocol-0.pkl', `${proto(2)}${unicode(call('os', 'system', 0))}.`),
  dangerous(
    'three-archives-deep.pt',
    zip([
      {
        name: 'm/a',
        bytes: zip([
          { name: 'b', bytes: zip([{ name: 'm/data.pkl', bytes: evil, deflate: true }]) },
        ]),
        deflate: true,
      },
    ]),
  ),
  dangerous(
    'packed-archive-in-tar.nemo',
    tar([{ name: 'w.gz', bytes: gzipSync(zip([{ name: 'm/data.pkl', bytes: evil }])) }]),
  ),
  dangerous('tar-of-other-kind.nemo', tar([{ name: 'a.pkl', bytes: evil, kind: '7' }])),
  dangerous('tar-of-unknown-kind.nemo', tar([{ name: 'a.pkl', bytes: evil, kind: 'Z' }])),
  dangerous('tar-of-sparse-kind.nemo', tar([{ name: 'a.pkl', bytes: evil, kind: 'S' }])),
  unclean(
    'tar-with-size-by-pax.nemo',
    tar([
      { name: 'p', bytes: raw('12 size=999\n'), kind: 'x' },
      { name: 'a', bytes: harmless },
    ]),
  ),
  dangerous(
    'tar-with-path-by-pax.nemo',
    tar([
      { name: 'p', bytes: raw('22 path=../../etc/x.y\n'), kind: 'x' },
      { name: 'a', bytes: harmless },
    ]),
  ),
];

/** An array of joblib's whose bytes are opcodes for a plain unpickler. */
const wrapper = (dtype: string, state: string, shape = 'K\x40'): string =>
  `${proto(3)}${global('joblib.numpy_pickle', 'NumpyArrayWrapper')})\x81}(` +
  `${unicode('shape')}${shape}\x85${unicode('dtype')}${global('numpy', 'dtype')}${unicode(dtype)}\x85R${state}` +
  `${unicode('order')}${unicode('C')}ub`;

const arrays: readonly Hostile[] = [
  dangerous(
    'joblib-bytes-are-opcodes.joblib',
    `${wrapper('u1', '')}${`${run}0`.padEnd(63, 'N')}0.`,
  ),
  dangerous(
    'joblib-bytes-are-opcodes.pkl',
    `${wrapper('f4', '', 'K\x10')}${`${run}.`.padEnd(64, 'N')}.`,
  ),
  unclean(
    'joblib-width-by-state.joblib',
    `${wrapper('V64', '(K\x03U\x01|NNNK\x01K\x01K\x00tb', 'K\x01')}\xff${`${run}.`.padEnd(63, 'N')}.`,
  ),
];

const npy = (description: string, rest: Buffer, version = 1): Buffer => {
  const text = `{'descr': ${description}, 'fortran_order': False, 'shape': (1,), }`;
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(text.length + 1, 0, length.length);
  return Buffer.concat([
    raw(`\x93NUMPY${String.fromCharCode(version)}\0`),
    length,
    raw(`${text}\n`),
    rest,
  ]);
};

const objects: readonly Hostile[] = [
  dangerous('objects-by-name.npy', npy("'object'", evil)),
  dangerous('objects-by-comma.npy', npy("'f4,O'", evil)),
  dangerous('objects-by-repeat.npy', npy("'(2,)O'", evil)),
  dangerous('objects-in-nested-record.npy', npy("[('a', [('b', '|O')])]", evil)),
  dangerous('objects-in-titled-record.npy', npy("[(('t', 'a'), '|O8')]", evil)),
  dangerous('objects-of-version-3.npy', npy("'|O'", evil, 3)),
  dangerous(
    'objects-by-name-deflated.npz',
    zip([{ name: 'a.npy', bytes: npy("'object'", evil), deflate: true }]),
  ),
  unclean('objects-by-escape.npy', npy("'\\u004f'", evil)),
  unclean('behind-an-array.npy', Buffer.concat([npy("'<f4'", Buffer.alloc(4)), evil])),
];

export const hostileTwists: readonly Hostile[] = [...memo, ...nested, ...arrays, ...objects];
