import { sectionReader } from '../platform';
import { latin1 } from './bytes';
import { type ArrayHeader, arrayHeaderLength, parseArrayHeader } from './numpy';
import { pickleLikeness } from './scanHidden';
import { scanPickles } from './scanPickle';
import { type NestedScan, placeAt, type ScanTask, within } from './scanTask';

/** NumPy writes headers of some hundred bytes; records of many fields reach tens of thousands. */
const longestHeader = 1 << 20;

/**
 * An array of NumPy's: one of objects is a pickle behind the header, and a header that is not as
 * NumPy writes it may state objects in a way that only NumPy understands.
 */
export async function scanArray(
  task: ScanTask,
  head: Uint8Array,
  nested: NestedScan,
): Promise<void> {
  const { reader, findings } = task;
  findings.isModel = true;
  const length = arrayHeaderLength(head);
  if (length === null || length > Math.min(reader.size, longestHeader)) return;
  const array = parseArrayHeader(await reader.read(0, length));
  if (array === null) {
    findings.add(
      'array-not-read',
      'unreadable',
      'The header of the array is not as NumPy writes it.',
      placeAt(task),
    );
    const rest = await pickleLikeness(reader, length, 100_000);
    if (rest.imports) await scanPickles(task, length, nested);
  } else if (array.objects) {
    findings.add(
      'object-array',
      'suspicious',
      'The array holds Python objects: loading it with allow_pickle unpickles them.',
      placeAt(task),
    );
    if (length < reader.size) await scanPickles(task, length, nested);
  } else await scanBehind(task, array, nested);
}

/** `numpy.save` may be called again for the same file: then the next array follows. */
async function scanBehind(
  task: ScanTask,
  { start, bytes }: ArrayHeader,
  nested: NestedScan,
): Promise<void> {
  const { reader, findings } = task;
  const end = start + bytes;
  if (end >= reader.size) return;
  const rest = sectionReader(reader, end, reader.size - end);
  const next = latin1(await rest.read(0, Math.min(6, rest.size)));
  if (next === '\x93NUMPY') {
    const member = within(task, `array at ${end}`);
    return await nested({ ...task, reader: rest, member, depth: task.depth + 1 });
  }
  findings.add(
    'trailing-bytes',
    'unreadable',
    `${rest.size} bytes follow the array; what they are was not looked at.`,
    placeAt(task, end),
  );
  if ((await pickleLikeness(rest, 0, 100_000)).imports) await scanPickles(task, end, nested);
}

/** Whether the first bytes of an array say enough: it holds no objects. */
export function isPlainArray(head: Uint8Array): boolean {
  const length = arrayHeaderLength(head);
  if (!latin1(head).startsWith('\x93NUMPY') || length === null || length > head.length)
    return false;
  const array = parseArrayHeader(head.subarray(0, length));
  return array !== null && !array.objects;
}
