import type { VersionRecord } from '../../src/core/version';
import type { ModelOverview, ModelStatus } from '../../src/operations';

/** A version as the engine gives it; what a test is about is laid over it. */
export function record(over: Partial<VersionRecord> = {}): VersionRecord {
  return {
    format: 1,
    model: 'digits',
    number: 2,
    revision: 1,
    kind: 'version',
    label: null,
    createdAt: '2026-11-21T08:00:00.000Z',
    creator: { name: 'Ada', email: 'ada@example.org' },
    description: 'lower learning rate',
    parent: 'digits@v1.1',
    parameters: { lr: 0.001, layers: [64, 32] },
    files: [
      {
        path: 'models/digits.safetensors',
        role: 'weights',
        format: 'safetensors',
        size: 12_345,
        sha256: 'ab'.repeat(32),
      },
    ],
    datasets: [
      {
        name: 'digits',
        path: 'data/digits.csv',
        size: 100,
        files: 1,
        digest: { kind: 'sha256', value: 'cd'.repeat(32) },
      },
    ],
    metrics: { val_accuracy: 0.951, val_loss: 0.2 },
    environment: { python: '3.11.7', packages: { numpy: '2.1.0' }, platform: 'linux-x64' },
    code: { commit: 'c'.repeat(40), head: 'd'.repeat(40), branch: 'main', dirty: true },
    run: null,
    primary: { metric: 'val_accuracy', better: 'higher' },
    ...over,
  };
}

export function firstRecord(over: Partial<VersionRecord> = {}): VersionRecord {
  return record({
    number: 1,
    parent: null,
    description: 'first',
    parameters: { lr: 0.01, layers: [64, 32] },
    metrics: { val_accuracy: 0.943, val_loss: 0.25 },
    createdAt: '2026-11-21T07:00:00.000Z',
    ...over,
  });
}

export function overview(over: Partial<ModelOverview> = {}): ModelOverview {
  const currentRecord = record();
  return {
    name: 'digits',
    primary: { metric: 'val_accuracy', better: 'higher' },
    versions: 2,
    next: 3,
    backups: 0,
    current: 'digits@v2.1',
    currentRecord,
    best: 'digits@v2',
    lastGood: 'digits@v2',
    ...over,
  };
}

export function status(changes: Partial<ModelStatus['changes']> = {}): ModelStatus {
  return {
    model: 'digits',
    current: 'digits@v2.1',
    versions: 1,
    changes: { code: [], parameters: [], artifacts: [], data: [], metrics: [], ...changes },
    uncommitted: { files: 0, bytes: 0 },
    warnings: [],
  };
}

export const changedWeights: ModelStatus['changes']['artifacts'] = [
  {
    path: 'models/digits.safetensors',
    status: 'modified',
    from: null,
    to: { path: 'models/digits.safetensors', size: 12_345, sha256: null, format: 'safetensors' },
  },
];
