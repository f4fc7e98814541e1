import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nodePlatform } from '../../src/platform';
import { scratchDirectory } from '../platform/scratch';
import { record } from './sampleRecords';
import { addRecords, historyIn, newHistory, temporaryDirectory, write } from './samples';

const root = join(import.meta.dirname, '../..');
const directory = scratchDirectory('lock');
let bundled: Promise<string> | null = null;

/** The other process's program, built once; the packages that it needs lie beside it. */
function program(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  const outfile = join(directory, 'program.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./otherProcess.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
  });
  return outfile;
}

async function otherProcess(...parameters: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [await program(), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function ready(child: ChildProcess): Promise<void> {
  const said = once(child.stdout!, 'data');
  await Promise.race([said, once(child, 'exit').then(() => Promise.reject(new Error('ended')))]);
}

async function directoryWithHistory(): Promise<string> {
  const directory = join(await temporaryDirectory(), 'cairn');
  const history = await historyIn(directory);
  await addRecords(history, record());
  history.close();
  return directory;
}

describe('the lock', () => {
  test('keeps a second writer out, in the same process too', async () => {
    const directory = await directoryWithHistory();
    const [one, other] = [await historyIn(directory), await historyIn(directory)];
    const lock = await one.lock();
    for (const history of [one, other]) {
      await expect(history.lock({ milliseconds: 0 })).rejects.toMatchObject({
        code: 'lock-held',
        data: { path: join(directory, 'lock.db'), waited: expect.any(Number) },
      });
    }
    const waiting = other.lock();
    lock.release();
    const second = await waiting;
    lock.release();
    await expect(one.lock({ milliseconds: 0 })).rejects.toMatchObject({ code: 'lock-held' });
    second.release();
    second.release();
    (await one.lock({ milliseconds: 0 })).release();
  });

  test('is released when its history is closed', async () => {
    const directory = await directoryWithHistory();
    const [one, other] = [await historyIn(directory), await historyIn(directory)];
    const lock = await one.lock();
    one.close();
    const second = await other.lock({ milliseconds: 0 });
    lock.release();
    second.release();
  });

  test('is waited for without blocking, until the caller calls it off or time is up', async () => {
    const directory = await directoryWithHistory();
    const [one, other] = [await historyIn(directory), await historyIn(directory)];
    await one.lock();
    const caller = new AbortController();
    const waiting = other.lock({ signal: caller.signal });
    setTimeout(() => caller.abort(), 20);
    await expect(waiting).rejects.toMatchObject({ name: 'Cancelled' });

    // A clock of the test's own: minutes of waiting take none.
    let now = 0;
    const pauses: number[] = [];
    const clock = {
      now: () => new Date(0),
      elapsed: () => now,
      sleep: (milliseconds: number) => {
        pauses.push(milliseconds);
        now += milliseconds;
        return Promise.resolve();
      },
    };
    const patient = await historyIn(directory, { platform: nodePlatform({ clock }) });
    await expect(patient.lock()).rejects.toMatchObject({ data: { waited: 15_000 } });
    expect(Math.max(...pauses)).toBeLessThanOrEqual(150);
    expect(pauses.length).toBeGreaterThan(15_000 / 150);
    expect(new Set(pauses.slice(10, 30)).size).toBeGreaterThan(5);
  });

  test('of another process holds, lets readers read, and dies with it', async () => {
    const directory = await directoryWithHistory();
    const child = await otherProcess('hold', directory);
    await ready(child);
    const history = await historyIn(directory);
    expect(history.versions({}).total).toBe(1);
    await expect(history.lock({ milliseconds: 50 })).rejects.toMatchObject({ code: 'lock-held' });
    const waiting = history.lock();
    child.kill('SIGKILL');
    (await waiting).release();
  });

  test('of a process that dies in a transaction leaves what was before', async () => {
    const directory = await directoryWithHistory();
    const child = await otherProcess('write', directory);
    await ready(child);
    const history = await historyIn(directory);
    expect(history.versions({}).total).toBe(1);
    child.kill('SIGKILL');
    await write(history, (writer) => {
      expect(writer.nextNumber('digits', 'version')).toBe(2);
      writer.addRecord({ record: record({ number: 2 }), curves: [] });
    });
    expect(history.versions({}).total).toBe(2);
    expect(history.check({ full: true })).toEqual([]);
  });

  test('gives every writer of several processes numbers of its own', async () => {
    const directory = await directoryWithHistory();
    const children = await Promise.all([1, 2].map(() => otherProcess('count', directory, '15')));
    const history = await historyIn(directory);
    const before = history.dataVersion();
    const ends = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(ends.map(([code]) => code)).toEqual([0, 0]);
    expect(history.dataVersion()).not.toBe(before);
    expect(history.versions({}).records.map(({ number }) => number)).toEqual(
      Array.from({ length: 31 }, (_, index) => 31 - index),
    );
    expect(history.check()).toEqual([]);
  });
});

test('own commits do not look like those of others', async () => {
  const history = await newHistory();
  const before = history.dataVersion();
  await addRecords(history, record());
  expect(history.dataVersion()).toBe(before);
});
