import type { RangeReader } from '../platform';
import { sectionReader } from '../platform';
import { EndOfFile } from './cursor';
import { Hdf5Unsound } from './hdf5Bytes';
import { type Hdf5Contents, walkHdf5 } from './hdf5File';
import { memoryReader } from './inflate';
import { scanKerasConfig } from './scanKeras';
import { type NestedScan, type ScanTask, within } from './scanTask';

/** A chunk is read whole; one that is larger than this exhausts memory. */
const largestChunk = 2 ** 32;
const largestDataset = 2 ** 45;

/** Looks at an HDF5 file for ways out of the file, and at the configuration that Keras put into it. */
export async function scanHdf5(
  task: ScanTask,
  superblock: number,
  nested: NestedScan,
): Promise<void> {
  const { reader, findings } = task;
  const where = task.member === undefined ? {} : { member: task.member };
  findings.isModel = true;
  try {
    const { datasets, texts, external, unread, frame } = await walkHdf5(reader, superblock);
    for (const { path, target } of external) {
      findings.add(
        'external-link',
        'dangerous',
        `${path} is a link to another file, ${JSON.stringify(target)}: loading the model reads that file.`,
        where,
      );
    }
    for (const { path, layout, shape, type } of datasets) {
      const elements = shape.reduce((product, size) => product * size, 1);
      if (layout.kind === 'external' || layout.kind === 'virtual') {
        findings.add(
          'external-values',
          'dangerous',
          `${path} takes its values from another file: loading the model reads any file that it names.`,
          where,
        );
      }
      const chunk =
        layout.kind === 'chunked' ? layout.chunk.reduce((a, b) => a * b, type.bytes) : 0;
      if (chunk > largestChunk || elements * type.bytes > largestDataset) {
        findings.add(
          'shape-bomb',
          'dangerous',
          `${path} states ${elements} elements in chunks of ${chunk} bytes, which exhausts the memory of whoever loads it.`,
          where,
        );
      }
    }
    for (const why of unread) {
      findings.add(
        'part-not-read',
        'unreadable',
        `A part of the file was not looked at: ${why}.`,
        where,
      );
    }
    for (const [name, text] of texts) {
      if (/@(?:model_config|training_config)$/.test(name)) scanKerasConfig(task, text);
      if (/@PSEUDOATOM$/.test(name) && text === 'object') sayObjects(task, name);
    }
    await scanPickledParts(task, { datasets, texts, frame }, nested);
  } catch (error) {
    if (!(error instanceof Hdf5Unsound || error instanceof EndOfFile)) throw error;
    findings.add(
      'part-not-read',
      'unreadable',
      `The HDF5 file could not be read: ${error.message}.`,
      where,
    );
  }
}

/** PyTables keeps arrays of objects as pickles, one an object, and unpickles them when it reads. */
function sayObjects({ findings, member }: ScanTask, name: string): void {
  findings.add(
    'pickled-objects',
    'unreadable',
    `${name.slice(0, name.lastIndexOf('@'))} holds Python objects, which PyTables unpickles when they are read. What they are was not looked at.`,
    member === undefined ? {} : { member },
  );
}

const mostParts = 2000;

/** Attributes that PyTables would unpickle, and bytes that lie in the file as they are. */
async function scanPickledParts(
  task: ScanTask,
  { datasets, texts, frame }: Pick<Hdf5Contents, 'datasets' | 'texts' | 'frame'>,
  nested: NestedScan,
): Promise<void> {
  const look = async (reader: RangeReader, name: string) => {
    const member = within(task, name);
    await nested({ ...task, reader, member, depth: task.depth + 1, values: true });
  };
  for (const [name, text] of [...texts].slice(0, mostParts)) {
    if (/^[(\]})c\x80I][\s\S]*\.$/.test(text)) {
      await look(memoryReader(Buffer.from(text, 'latin1')), name);
    }
  }
  for (const { path, type, layout } of datasets.slice(0, mostParts)) {
    if (!/^(?:U8|I8|opaque|string)/.test(type.dtype)) continue;
    if (layout.kind === 'compact') await look(memoryReader(layout.bytes), path);
    if (layout.kind !== 'contiguous') continue;
    const start = frame.base + layout.offset;
    if (start + layout.length > frame.reader.size) continue;
    await look(sectionReader(frame.reader, start, layout.length), path);
  }
}
