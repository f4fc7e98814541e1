import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { OperationDraft } from '../../src/core/operation';
import type { VersionRecord } from '../../src/core/version';
import { type History, type HistoryWriter, openHistory } from '../../src/history';
import { nodePlatform, type Platform, type WriteSeam } from '../../src/platform';

export const anna = { name: 'Anna', email: 'anna@example.org' };
export const bert = { name: 'Bert', email: 'bert@example.org' };

/** A directory that is gone after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cairn-history-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A history that is closed after the test. */
export async function historyIn(
  directory: string,
  options: { readOnly?: boolean; seam?: WriteSeam; platform?: Platform } = {},
): Promise<History> {
  const platform = options.platform ?? nodePlatform(options.seam ? { seam: options.seam } : {});
  const history = await openHistory(platform, directory, { readOnly: options.readOnly === true });
  let open = true;
  const close = history.close.bind(history);
  history.close = () => {
    if (open) close();
    open = false;
  };
  onTestFinished(() => history.close());
  return history;
}

export async function newHistory(): Promise<History> {
  return historyIn(join(await temporaryDirectory(), 'cairn'));
}

/** One transaction under the lock. */
export async function write<T>(history: History, work: (writer: HistoryWriter) => T): Promise<T> {
  const lock = await history.lock();
  try {
    return history.transaction(work);
  } finally {
    lock.release();
  }
}

export function digestOf(text: string): string {
  return nodePlatform().hashing.sha256Of(text);
}

/** A record with everything that a test does not care about filled in. */
export function record(changes: Partial<VersionRecord> = {}): VersionRecord {
  const number = changes.number ?? 1;
  return {
    format: 1,
    model: 'digits',
    number,
    revision: 1,
    kind: 'version',
    label: null,
    createdAt: `2026-11-21T10:${String(number % 60).padStart(2, '0')}:00.000Z`,
    creator: anna,
    description: `attempt ${number}`,
    parent: null,
    parameters: { lr: 0.001, optimizer: 'adam', layers: [64, 32], amp: true },
    files: [
      {
        path: 'models/digits.safetensors',
        role: 'weights',
        format: 'safetensors',
        size: 12_345,
        sha256: digestOf(`weights ${number}`),
      },
    ],
    datasets: [],
    metrics: { val_accuracy: 0.9 },
    environment: { platform: 'linux-x64' },
    code: { commit: null, head: null, branch: 'main', dirty: false },
    run: null,
    ...changes,
  };
}

export function draft(changes: Partial<OperationDraft> = {}): OperationDraft {
  return {
    kind: 'commit',
    at: '2026-11-21T10:00:00.000Z',
    by: anna,
    reason: '',
    version: 'digits@v1.1',
    detail: {},
    ...changes,
  };
}

/** Adds records without curves, in one transaction. */
export function addRecords(history: History, ...records: VersionRecord[]): Promise<void> {
  return write(history, (writer) => {
    for (const each of records) writer.addRecord({ record: each, curves: [] });
  });
}
