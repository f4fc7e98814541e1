import { latin1 } from './bytes';
import { Cursor, EndOfFile } from './cursor';
import { inflatedStart } from './inflate';
import {
  endsEarly,
  header,
  type MetadataValue,
  type ModelHeader,
  metadataText,
  type Probe,
} from './modelHeader';
import { type PickleNotes, walkPickle } from './pickleWalk';

/**
 * Pickles and joblib files, told and named without unpickling. A pickle's last byte is its STOP
 * opcode, so a file with another end is torn. joblib puts the bytes of arrays between the opcodes,
 * or compresses the whole.
 * https://docs.python.org/3/library/pickle.html, https://joblib.readthedocs.io/en/stable/persistence.html
 */
const textual = /^c[A-Za-z_][\w.]*\n[A-Za-z_]\w*\n/;
const mostOpcodes = 20_000;
const arrayWrapper = 'joblib.numpy_pickle NumpyArrayWrapper';

export async function readPickle({ reader, head }: Probe): Promise<ModelHeader | null> {
  if (!isPickle(head) && !textual.test(latin1(head.subarray(0, 256)))) return null;
  try {
    const notes = await walkPickle(
      new Cursor(reader),
      mostOpcodes,
      (name) => name === arrayWrapper,
    );
    if (notes.ended === 'unsound') return null;
    const last = (await reader.read(reader.size - 1, 1))[0];
    return header(notes.globals.includes(arrayWrapper) ? 'joblib' : 'pickle', {
      why: last === 0x2e ? null : 'the pickle does not end in STOP',
      metadata: namesIn(notes),
    });
  } catch (error) {
    if (!(error instanceof EndOfFile)) throw error;
    return header('pickle', { why: endsEarly(error.needed, reader.size) });
  }
}

/** PROTO 2 to 5, which every pickle since Python 2.3 begins with. */
function isPickle(head: Uint8Array): boolean {
  const protocol = head[1] ?? 0;
  return head[0] === 0x80 && protocol >= 2 && protocol <= 5;
}

function namesIn({ globals }: PickleNotes): Record<string, MetadataValue> {
  const names = globals.filter((name) => name !== arrayWrapper);
  const first = names[0];
  return first === undefined ? {} : { class: metadataText(first.replace(' ', '.')) };
}

const innerLength = 4096;

/** joblib with `compress`: one zlib or gzip stream around a pickle. */
export async function readCompressedJoblib({ head }: Probe): Promise<ModelHeader | null> {
  const zlib = head[0] === 0x78 && ((head[0] << 8) | (head[1] ?? 0)) % 31 === 0;
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  if (!zlib && !gzip) return null;
  const compression = gzip ? 'gzip' : 'zlib';
  const inner = await inflatedStart(head, innerLength, compression);
  if (inner === null || !isPickle(inner)) return null;
  return header('joblib', { metadata: { compression, ...(await firstNameIn(inner)) } });
}

async function firstNameIn(start: Uint8Array): Promise<Record<string, MetadataValue>> {
  const read = (offset: number, length: number) =>
    Promise.resolve(start.subarray(offset, offset + length));
  try {
    const cursor = new Cursor({ size: start.length, read });
    return namesIn(await walkPickle(cursor, mostOpcodes, () => true));
  } catch (error) {
    // Only the pickle's beginning is there, and it names nothing.
    if (!(error instanceof EndOfFile)) throw error;
    return {};
  }
}
