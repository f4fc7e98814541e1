import { deflateSync, gzipSync } from 'node:zlib';
import { fixture } from '../formats/fixtures';
import { dangerous, type Hostile, unclean } from './hostilePickles';
import { call, global, proto, raw, unicode } from './pickleWriter';
import { tar, zip } from './zipWriter';

const evil = raw(call('os', 'system'));
const textual = raw(call('posix', 'system', 0));
const harmless = raw(`${proto(2)}}.`);
const version = { name: 'm/version', bytes: raw('3\n') };

const torch = (pickle: Buffer, more: Partial<Parameters<typeof zip>[0][number]> = {}) =>
  zip([{ name: 'm/data.pkl', bytes: pickle, ...more }, version]);

const legacyStart = raw(`${proto(2)}\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.`);
const legacyVersion = raw(`${proto(2)}M\xe9\x03.`);
const keys = raw(`${proto(2)}].`);

const plain = torch(harmless);
const archives: readonly Hostile[] = [
  dangerous('torch.pt', torch(evil)),
  dangerous('torch-textual.pth', torch(textual)),
  dangerous('torch-deflated.bin', torch(evil, { deflate: true })),
  dangerous('torch-other-ending.txt', torch(evil)),
  dangerous('torch-encrypted-flag.pt', torch(evil, { flags: 1 })),
  dangerous('torch-strange-flags.pt', torch(evil, { flags: 0x2820 })),
  dangerous('torch-wrong-crc.pt', torch(evil, { crc: 1 })),
  dangerous('torch-size-stated-0.pt', torch(evil, { statedSize: 0 })),
  dangerous('torch-names-differ.pt', torch(harmless, { localName: 'm/evil.pkl' })),
  dangerous(
    'torch-evil-under-other-name.pt',
    zip([
      { name: 'm/data.pkl', bytes: harmless },
      { name: 'm/extra/anything', bytes: evil },
    ]),
  ),
  dangerous(
    'torch-evil-in-storage.pt',
    zip([
      { name: 'm/data.pkl', bytes: harmless },
      { name: 'm/data/0', bytes: evil },
    ]),
  ),
  dangerous(
    'torch-evil-in-version.pt',
    zip([
      { name: 'm/data.pkl', bytes: harmless },
      { name: 'm/version', bytes: textual },
    ]),
  ),
  dangerous(
    'torch-constants.pt',
    zip([
      { name: 'm/data.pkl', bytes: harmless },
      { name: 'm/constants.pkl', bytes: evil },
    ]),
  ),
  dangerous(
    'torch-duplicate-last.pt',
    zip([
      { name: 'm/data.pkl', bytes: harmless },
      { name: 'm/data.pkl', bytes: evil },
    ]),
  ),
  dangerous(
    'torch-duplicate-first.pt',
    zip([
      { name: 'm/data.pkl', bytes: evil },
      { name: 'm/data.pkl', bytes: harmless },
    ]),
  ),
  dangerous('torch-in-directory.pt', zip([{ name: 'a/b/data.pkl', bytes: evil }])),
  dangerous('zip-in-zip.pt', zip([{ name: 'm/inner.zip', bytes: torch(evil) }])),
  dangerous('zip-in-zip-deflated.zip', zip([{ name: 'inner', bytes: torch(evil), deflate: true }])),
  dangerous('zip-behind-text.keras', Buffer.concat([raw('just some text\n'), torch(evil)])),
  dangerous(
    'zip-behind-safetensors.safetensors',
    Buffer.concat([fixture('other/a.safetensors'), torch(evil)]),
  ),
  dangerous(
    'zip-behind-shifted.pt',
    Buffer.concat([raw('#'.repeat(100)), zip([{ name: 'm/data.pkl', bytes: evil }], 100)]),
  ),
  dangerous(
    'zip-two-directories.pt',
    Buffer.concat([
      torch(evil),
      zip([{ name: 'm/data.pkl', bytes: harmless }], torch(evil).length),
    ]),
  ),
  dangerous('zip-path-up.keras', zip([{ name: '../../outside.pkl', bytes: harmless }])),
  dangerous('zip-path-absolute.pt', zip([{ name: '/etc/cron.d/x', bytes: harmless }])),
  dangerous('zip-path-windows.pt', zip([{ name: 'C:\\windows\\x', bytes: harmless }])),
  dangerous(
    'zip-bomb.pt',
    zip([{ name: 'm/data.pkl', bytes: Buffer.alloc(80_000_000), deflate: true }]),
  ),
  unclean('zip-bzip2.npz', zip([{ name: 'a.npy', bytes: evil, method: 12 }])),
  unclean('zip-lzma.pt', zip([{ name: 'm/data.pkl', bytes: evil, method: 14 }])),
  unclean('zip-encrypted.pt', torch(raw('\x01\x02\x03\x04\x05'), { flags: 1 })),
  unclean('zip-torn.pt', plain.subarray(0, plain.length - 30)),
  unclean('7z.pt', raw("7z\xbc\xaf'\x1c\0\x04".padEnd(64, '\0'))),
  unclean('bzip2.pkl', raw('BZh91AY&SY'.padEnd(64, '\x11'))),
  unclean('xz.joblib', raw('\xfd7zXZ\0'.padEnd(64, '\x11'))),
  unclean('lz4.joblib', raw('\x04\x22\x4d\x18'.padEnd(64, '\x11'))),
  unclean('zstd.pt', raw('\x28\xb5\x2f\xfd'.padEnd(64, '\x11'))),
  dangerous('gzip.pkl', gzipSync(evil)),
  dangerous('gzip-textual.pkl.gz', gzipSync(textual)),
  dangerous('zlib.joblib', deflateSync(evil)),
  dangerous('gzip-twice.pkl', gzipSync(gzipSync(evil))),
  unclean('gzip-torn.pkl', gzipSync(Buffer.concat([evil, Buffer.alloc(99)])).subarray(0, 30)),
  dangerous('nemo.nemo', tar([{ name: 'model_weights.ckpt', bytes: torch(evil) }])),
  dangerous(
    'nemo-target.nemo',
    tar([{ name: 'model_config.yaml', bytes: raw('encoder:\n  _target_: os.system\n') }]),
  ),
  dangerous(
    'nemo-packed.nemo',
    gzipSync(tar([{ name: 'a/model_config.yaml', bytes: raw('_target_: subprocess.Popen\n') }])),
  ),
  dangerous('tar-path-up.tar', tar([{ name: '../../x.pkl', bytes: harmless }])),
  dangerous(
    'tar-of-pickles.tar',
    tar([
      { name: 'pickle', bytes: evil },
      { name: 'storages', bytes: keys },
    ]),
  ),
  ...[0, 1, 2, 3, 4].map((place) => {
    const parts = [legacyStart, legacyVersion, harmless, harmless, keys];
    parts[place] = evil;
    return dangerous(`legacy-pickle-${place}.pt`, Buffer.concat(parts));
  }),
  dangerous(
    'legacy-behind.pt',
    Buffer.concat([legacyStart, legacyVersion, harmless, harmless, keys, evil]),
  ),
];

const array = (descriptor: string, rest: Buffer) => {
  const header = `{'descr': ${descriptor}, 'fortran_order': False, 'shape': (1,), }`.padEnd(
    117,
    ' ',
  );
  return Buffer.concat([raw('\x93NUMPY\x01\0\x76\0'), raw(`${header}\n`), rest]);
};

const arrays: readonly Hostile[] = [
  dangerous('objects.npy', array("'|O'", evil)),
  dangerous('objects-textual.npy', array("'|O'", textual)),
  dangerous('objects-in-record.npy', array("[('a', '<f4'), ('b', '|O')]", evil)),
  dangerous('objects-other-ending.dat', array("'O'", evil)),
  dangerous('objects.npz', zip([{ name: 'a.npy', bytes: array("'|O'", evil) }])),
  dangerous(
    'objects-deflated.npz',
    zip([{ name: 'a.npy', bytes: array("'|O'", evil), deflate: true }]),
  ),
  dangerous('pickle-named-npy.npz', zip([{ name: 'a.npy', bytes: evil }])),
  dangerous('pickle-named-npy.npy', evil),
  unclean('objects-harmless.npy', array("'|O'", harmless)),
  unclean('header-of-code.npy', array("__import__('os').system('id')", Buffer.alloc(8))),
];

const joblibArray = raw(
  `${proto(3)}${global('joblib.numpy_pickle', 'NumpyArrayWrapper')})\x81}(` +
    `${unicode('shape')}K\x01\x85${unicode('dtype')}${global('numpy', 'dtype')}${unicode('O8')}\x85R` +
    `${unicode('order')}${unicode('C')}ub`,
);

export const hostileContainers: readonly Hostile[] = [
  ...archives,
  ...arrays,
  dangerous('joblib-objects.joblib', Buffer.concat([joblibArray, evil, raw('.')])),
  unclean('objects-escaped.npz', zip([{ name: 'a.npy', bytes: array("'\\x7c\\x4f'", evil) }])),
  dangerous('joblib-behind.joblib', Buffer.concat([harmless, evil])),
];
