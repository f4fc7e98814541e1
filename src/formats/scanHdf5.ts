import { EndOfFile } from './cursor';
import { Hdf5Unsound } from './hdf5Bytes';
import { walkHdf5 } from './hdf5File';
import { scanKerasConfig } from './scanKeras';
import type { ScanTask } from './scanTask';

/** A chunk is read whole; one that is larger than this exhausts memory. */
const largestChunk = 2 ** 32;
const largestDataset = 2 ** 45;

/** Looks at an HDF5 file for ways out of the file, and at the configuration that Keras put into it. */
export async function scanHdf5(task: ScanTask, superblock: number): Promise<void> {
  const { reader, findings } = task;
  const where = task.member === undefined ? {} : { member: task.member };
  findings.isModel = true;
  try {
    const { datasets, texts, external, unread } = await walkHdf5(reader, superblock);
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
    }
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
