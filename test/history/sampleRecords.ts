import type { OperationDraft } from '../../src/core/operation';
import type { VersionRecord } from '../../src/core/version';
import { nodePlatform } from '../../src/platform';

export const anna = { name: 'Anna', email: 'anna@example.org' };
export const bert = { name: 'Bert', email: 'bert@example.org' };

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
