import { describe, expect, it } from 'vitest';
import { nearestOf } from '../../src/core/nearest';
import type { ArtifactRecord, DatasetRecord } from '../../src/core/version';
import {
  compareArtifacts,
  compareDatasets,
  compareEnvironments,
} from '../../src/core/versionComparison';

const file = (path: string, digit: string): ArtifactRecord => ({
  path,
  role: 'weights',
  format: 'safetensors',
  size: 1,
  sha256: digit.repeat(64),
});

describe('comparing model files', () => {
  const statuses = (from: ArtifactRecord[], to: ArtifactRecord[]) =>
    compareArtifacts(from, to).map(({ path, status, from: a, to: b }) => [
      path,
      status,
      a?.path ?? null,
      b?.path ?? null,
    ]);

  it('leaves equal ones out and names the others', () => {
    expect(
      statuses(
        [file('a.pt', '1'), file('b.pt', '2'), file('c.pt', '3')],
        [file('a.pt', '1'), file('b.pt', '9'), file('d.json', '4')],
      ),
    ).toEqual([
      ['b.pt', 'modified', 'b.pt', 'b.pt'],
      ['c.pt', 'deleted', 'c.pt', null],
      ['d.json', 'added', null, 'd.json'],
    ]);
  });

  it('pairs members of one series', () => {
    expect(statuses([file('epoch_3.pt', '1')], [file('epoch_9.pt', '2')])).toEqual([
      ['epoch_9.pt', 'modified', 'epoch_3.pt', 'epoch_9.pt'],
    ]);
    expect(statuses([file('epoch_3.pt', '1')], [file('epoch_9.pt', '1')])).toEqual([
      ['epoch_9.pt', 'renamed', 'epoch_3.pt', 'epoch_9.pt'],
    ]);
  });
});

describe('comparing data and environments', () => {
  const dataset = (path: string, kind: 'sha256' | 'listing', value: string): DatasetRecord => ({
    ...{ name: path, path, size: 1, files: 1 },
    digest: { kind, value },
  });

  it('never takes digests of different kinds for equal', () => {
    expect(compareDatasets([dataset('d', 'sha256', 'x')], [dataset('d', 'listing', 'x')])).toEqual([
      { path: 'd', status: 'modified', from: 'sha256:x', to: 'listing:x' },
    ]);
    expect(compareDatasets([dataset('d', 'sha256', 'x')], [dataset('d', 'sha256', 'x')])).toEqual(
      [],
    );
    expect(compareDatasets([dataset('d', 'sha256', 'x')], [])).toMatchObject([
      { status: 'deleted' },
    ]);
  });

  it('lists packages that came, went or changed', () => {
    const from = { python: '3.11', platform: 'linux-x64', packages: { torch: '2.1', old: '1' } };
    const to = { platform: 'linux-x64', packages: { torch: '2.2', new: '1' } };
    expect(compareEnvironments(from, to)).toEqual([
      { key: 'new', from: null, to: '1', status: 'added' },
      { key: 'old', from: '1', to: null, status: 'deleted' },
      { key: 'python', from: '3.11', to: null, status: 'deleted' },
      { key: 'torch', from: '2.1', to: '2.2', status: 'modified' },
    ]);
  });
});

describe('the nearest known word', () => {
  it('is found for what was mistyped', () => {
    const known = ['parameters', 'metrics', 'curves'];
    expect(nearestOf('parmeters', known)).toBe('parameters');
    expect(nearestOf('METRIC', known)).toBe('metrics');
    expect(nearestOf('something else', known)).toBeNull();
    expect(nearestOf('x'.repeat(100), known)).toBeNull();
    expect(nearestOf('x', [])).toBeNull();
  });
});
