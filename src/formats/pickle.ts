import type { RangeReader } from '../platform';
import { latin1 } from './bytes';
import { memoryReader } from './inflate';
import {
  header,
  type MetadataValue,
  type ModelHeader,
  metadataText,
  type Probe,
} from './modelHeader';
import { isNotorious, tierOf } from './pickleAllowed';
import { runPickle } from './pickleRun';
import { packing, unpackedStart } from './unpack';

/**
 * Pickles and joblib files, told and named without unpickling. A pickle's last byte is its STOP
 * opcode, so a file with another end is torn. joblib puts the bytes of arrays between the opcodes,
 * or compresses the whole.
 * https://docs.python.org/3/library/pickle.html, https://joblib.readthedocs.io/en/stable/persistence.html
 */
const textual = /^c[A-Za-z_][\w.]*\n[A-Za-z_]\w*\n/;
const mostOpcodes = 20_000;
const arrayWrapper = 'joblib.numpy_pickle.NumpyArrayWrapper';

export async function readPickle({ reader, head }: Probe): Promise<ModelHeader | null> {
  const binary = isPickle(head);
  if (!binary && !textual.test(latin1(head.subarray(0, 256)))) return null;
  const { names, ended, why, odd } = await namesIn(reader);
  // Lines of text may look like an import; what follows them is then no pickle.
  if (ended === 'unsound' || (!binary && (odd || !telling(names, ended)))) return null;
  if (ended === 'torn') return header('pickle', { why });
  const last = (await reader.read(reader.size - 1, 1))[0];
  return header(names.includes(arrayWrapper) ? 'joblib' : 'pickle', {
    why: last === 0x2e ? null : 'the pickle does not end in STOP',
    metadata: classIn(names),
  });
}

/** Two lines of text may end within: what is torn must at least import something that is known. */
function telling(names: readonly string[], ended: string): boolean {
  if (ended !== 'torn') return true;
  return names.some((full) => {
    const dot = full.lastIndexOf('.');
    const [module, name] = [full.slice(0, dot), full.slice(dot + 1)];
    return tierOf(module, name) !== 'unknown' || isNotorious(module);
  });
}

/** What a pickle imports up to its first array of joblib's, behind which other bytes lie. */
async function namesIn(reader: RangeReader) {
  const names: string[] = [];
  let odd = false;
  const { ended, why } = await runPickle(
    reader,
    0,
    {
      global: ({ module, name }) => void names.push(`${module}.${name}`),
      odd: () => {
        odd = true;
      },
    },
    { limit: mostOpcodes, until: () => names.at(-1) === arrayWrapper },
  );
  return { names, ended, why, odd };
}

/** PROTO 2 to 5, which every pickle since Python 2.3 begins with. */
function isPickle(head: Uint8Array): boolean {
  const protocol = head[1] ?? 0;
  return head[0] === 0x80 && protocol >= 2 && protocol <= 5;
}

function classIn(names: readonly string[]): Record<string, MetadataValue> {
  const first = names.find((name) => name !== arrayWrapper);
  return first === undefined ? {} : { class: metadataText(first) };
}

const innerLength = 4096;

/** joblib with `compress`: one packed stream around a pickle. */
export async function readCompressedJoblib({ reader, head }: Probe): Promise<ModelHeader | null> {
  const compression = packing(head);
  if (compression === null) return null;
  const inner = await unpackedStart(reader, innerLength, compression);
  if (!isPickle(inner)) return null;
  const { names } = await namesIn(memoryReader(inner));
  return header('joblib', { metadata: { compression, ...classIn(names) } });
}
