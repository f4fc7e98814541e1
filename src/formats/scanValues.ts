import { latin1, startsWith } from './bytes';
import { superblockOffset } from './hdf5';
import { headLength } from './modelHeader';
import { scanArray } from './scanArray';
import { scanHdf5 } from './scanHdf5';
import { pickleLikeness } from './scanHidden';
import { scanPacked } from './scanPacked';
import { scanPickles } from './scanPickle';
import { isTar, scanTar } from './scanTar';
import type { NestedScan, ScanTask } from './scanTask';
import { scanZip } from './scanZip';
import { packing, unpackedStart } from './unpack';
import { readZipDirectory } from './zip';

const files = ['PK\x03\x04', '\x93NUMPY', '\x89HDF'];
const textual = /^c[A-Za-z_][\w.]*\n/;
/** So far bytes are followed as opcodes to see whether they are a pickle. */
const mostOpcodes = 100_000;

/**
 * Looks at bytes that may be anything: the values of a tensor, bytes that a pickle holds. In a
 * thousand tensors one begins like a pickle or a compressed stream by chance, so that here only what
 * proves to be a file is looked at as one.
 */
export async function scanValues(task: ScanTask, nested: NestedScan): Promise<void> {
  const { reader } = task;
  const plain = { ...task, values: false };
  const head = await reader.read(0, Math.min(reader.size, headLength));
  if (startsWith(head, 'PK\x03\x04')) {
    if ('directory' in (await readZipDirectory(reader))) await scanZip(plain, nested);
  } else if (startsWith(head, '\x93NUMPY')) await scanArray(plain, head, nested);
  else if (packing(head) !== null) await scanIfPacked(plain, head, nested);
  else if ((await superblockOffset(reader, head)) === 0) await scanHdf5(plain, 0, nested);
  else if (isTar(head)) await scanTar(plain, nested);
  else await scanIfPickle(plain, head, nested);
}

async function scanIfPacked(task: ScanTask, head: Uint8Array, nested: NestedScan): Promise<void> {
  const start = await unpackedStart(task.reader, 64, packing(head) ?? 'zlib');
  if (start.length < 2) return;
  const [first = 0, second = 0] = start;
  const known = (first === 0x80 && second <= 5) || packing(start) !== null;
  const file = files.some((magic) => startsWith(start, magic)) || textual.test(latin1(start));
  if (known || file) await scanPacked(task, head, nested);
}

async function scanIfPickle(task: ScanTask, head: Uint8Array, nested: NestedScan): Promise<void> {
  const stated = head[0] === 0x80 && (head[1] ?? 9) <= 5;
  const { imports, sound, position } = await pickleLikeness(task.reader, 0, mostOpcodes);
  const whole = sound && position === task.reader.size;
  if ((imports && (stated || sound)) || (stated && whole)) await scanPickles(task, 0, nested);
}
