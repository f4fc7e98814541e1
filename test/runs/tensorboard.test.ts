import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { nodePlatform } from '../../src/platform';
import { readMetrics } from '../../src/runs';
import { crc32c, maskedCrc32c } from '../../src/runs/checksums';
import { readTensorboardRun } from '../../src/runs/tensorboard';
import { readRecords } from '../../src/runs/tfRecord';

const platform = nodePlatform();
const fixtures = join(import.meta.dirname, '../fixtures/imports');

function copied(): string {
  const directory = mkdtempSync(join(tmpdir(), 'cairn-events-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  cpSync(join(fixtures, 'tensorboard'), join(directory, 'logs'), { recursive: true });
  return directory;
}

function eventFile(directory: string): string {
  const folder = join(directory, 'logs/plain');
  return join(folder, readdirSync(folder)[0] ?? '');
}

/** A TFRecord as `tensorflow/core/lib/io/record_writer.cc` writes it. */
function record(data: Uint8Array): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(data.length));
  head.writeUInt32LE(maskedCrc32c(head.subarray(0, 8)), 8);
  const foot = Buffer.alloc(4);
  foot.writeUInt32LE(maskedCrc32c(data));
  return Buffer.concat([head, data, foot]);
}

test('CRC-32C has the values of RFC 3720', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
});

test('scalars that TensorFlow wrote as simple values', async () => {
  const run = await readTensorboardRun(platform, copied(), 'logs/plain');
  expect(run?.series).toMatchObject([
    { name: 'loss/total', axis: 'step', steps: [0, 10, 20], values: [2.5, 0.1, Number.NaN] },
  ]);
  expect(Date.parse(run?.startedAt ?? '')).toBeGreaterThan(Date.parse('2020-01-01'));
});

test('scalars as tensors, of the folders that Keras makes; other tensors are none', async () => {
  const run = await readTensorboardRun(platform, copied(), 'logs/keras');
  expect(run?.series.map(({ name, axis, values }) => ({ name, axis, values }))).toEqual([
    { name: 'train/epoch_loss', axis: 'epoch', values: [1, 0.5, 0.33333334] },
    { name: 'validation/epoch_loss', axis: 'epoch', values: [2, 1, 0.6666667] },
  ]);
});

test('an event file is a log that a version takes its curves from', async () => {
  const directory = copied();
  const path = eventFile(directory).slice(directory.length + 1);
  const { metrics, curves } = await readMetrics(platform, directory, {
    metrics: [],
    curves: [path],
  });
  expect(metrics).toEqual({ 'loss/total': 'NaN' });
  expect(curves).toEqual([
    {
      ...{ name: 'loss/total', axis: 'step', steps: [0, 10, 20], values: [2.5, 0.1, 'NaN'] },
      also: { time: [1795324522696.296, 1795324522696.3418, 1795324522696.3599] },
    },
  ]);
});

test('the logs of Keras, Lightning and Hugging Face are curves as they are', async () => {
  const read = async (curves: string) =>
    (await readMetrics(platform, fixtures, { metrics: [], curves: [curves] })).curves;
  expect((await read('keras_log.csv')).map(({ name, axis, steps }) => [name, axis, steps])).toEqual(
    [
      ['loss', 'epoch', [0, 1, 2]],
      ['val_loss', 'epoch', [0, 1, 2]],
    ],
  );
  const lightning = await read('lightning_logs/version_0/metrics.csv');
  expect(lightning.map(({ name, steps }) => [name, steps.length])).toEqual([
    ['train_loss_epoch', 2],
    ['train_loss_step', 4],
  ]);
  const trainer = await read('huggingface/checkpoint-4/trainer_state.json');
  expect(trainer.map(({ name }) => name)).toContain('loss');
});

test('a torn tail at any byte loses the last records and nothing else', async () => {
  const directory = copied();
  const file = eventFile(directory);
  const whole = readFileSync(file);
  for (let length = whole.length; length > 0; length -= 7) {
    truncateSync(file, length);
    const run = await readTensorboardRun(platform, directory, 'logs/plain');
    const values = run?.series[0]?.values ?? [];
    expect([2.5, 0.1, Number.NaN].slice(0, values.length)).toEqual(values);
  }
});

test('damage ends the reading, and what is too long is passed over', async () => {
  const directory = copied();
  const file = eventFile(directory);
  const small = record(new Uint8Array([1, 2, 3]));
  const large = record(new Uint8Array(5 << 20));
  writeFileSync(file, Buffer.concat([small, large, small]));
  const lengths: number[] = [];
  const reading = await readRecords(platform, file, 0, ({ length }) => lengths.push(length));
  expect(lengths).toEqual([3, 3]);
  expect(reading?.rest).toBe(false);
  appendFileSync(file, Buffer.alloc(40));
  const later = await readRecords(platform, file, reading?.taken ?? 0, () => lengths.push(0));
  expect(later).toEqual({ taken: reading?.taken, rest: true });
  expect(lengths).toEqual([3, 3]);
});

test('bytes of any kind do no harm', async () => {
  const directory = copied();
  const file = eventFile(directory);
  const bytes = fc.uint8Array({ maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(bytes, async (noise) => {
      writeFileSync(file, Buffer.concat([record(noise), Buffer.from(noise)]));
      await readTensorboardRun(platform, directory, 'logs/plain');
    }),
    { numRuns: Number(process.env.CAIRN_PROPERTY_RUNS ?? 30) },
  );
});
