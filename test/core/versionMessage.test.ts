import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VersionRecord } from '../../src/core/version';
import { formatVersionMessage, parseVersionMessage } from '../../src/core/versionMessage';

const commit = 'c'.repeat(40);
const logHead = '0f'.repeat(32);

function record(description: string, more: Partial<VersionRecord> = {}): VersionRecord {
  return {
    ...{ format: 1, model: 'digits', number: 3, revision: 1, kind: 'version', label: null },
    createdAt: '2026-11-21T10:00:00.000Z',
    creator: { name: 'A', email: 'a@example.org' },
    description,
    parent: 'digits@v2.1',
    parameters: { lr: 0.001, layers: [64, 32] },
    files: [
      {
        path: 'a.safetensors',
        role: 'weights',
        format: 'safetensors',
        size: 0,
        sha256: 'a'.repeat(64),
      },
    ],
    datasets: [],
    metrics: { loss: 'NaN' },
    environment: { platform: 'linux-x64' },
    code: { commit, head: null, branch: null, dirty: true },
    run: null,
    ...more,
  };
}

describe('the message of a version commit', () => {
  it('begins with what people read', () => {
    const message = formatVersionMessage({ record: record('fix it\nfor good'), logHead });
    expect(message.split('\n', 3)).toEqual(['digits v3: fix it', '', '{']);
    expect(message.endsWith(`\n}\n\nCairn-Log: ${logHead}\n`)).toBe(true);
    expect(message).not.toContain(commit);
  });

  it('comes back, whatever the description says', () => {
    const piece = fc.constantFrom(
      'a',
      '\n',
      '\r\n',
      '{',
      '}',
      '\n\n{\n',
      `\n}\n\nCairn-Log: ${logHead}`,
      '"',
      '\\',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const some = record(pieces.join(''));
        const message = formatVersionMessage({ record: some, logHead });
        expect(parseVersionMessage(message, commit)).toEqual({ record: some, logHead });
      }),
    );
  });

  it('is told from other commits', () => {
    expect(parseVersionMessage('digits v3: by hand\n', commit)).toBeNull();
    expect(parseVersionMessage('', commit)).toBeNull();
  });

  it.each([
    ['another format', { format: 2 }],
    ['no model', { model: 5 }],
    ['a number of 0', { number: 0 }],
    ['a time that is none', { createdAt: 'yesterday' }],
    ['a digest that is none', { files: [{ path: 'a', sha256: 'x', size: 1 }] }],
    ['files that are no list', { files: {} }],
  ])('with %s is refused', (_, wrong) => {
    const broken = { ...record(''), ...wrong } as unknown as VersionRecord;
    const message = formatVersionMessage({ record: broken, logHead });
    expect(() => parseVersionMessage(message, commit)).toThrow(
      expect.objectContaining({
        code: 'record-invalid',
        data: { where: commit, why: expect.any(String) },
      }),
    );
  });

  it('without a digest of the log, or with a torn record, is refused', () => {
    const message = formatVersionMessage({ record: record(''), logHead });
    for (const broken of [
      message.replace(logHead, 'none'),
      message.replace('"model":', '"model'),
    ]) {
      expect(() => parseVersionMessage(broken, commit)).toThrow(
        expect.objectContaining({ code: 'record-invalid' }),
      );
    }
  });
});
