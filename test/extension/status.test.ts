import { expect, test } from 'vitest';
import { scmCount, scmRows } from '../../src/extension/scm/scmRows';
import { changedModelFiles, noticeOf, noticeText } from '../../src/extension/status/modelNotice';
import { statusText } from '../../src/extension/status/statusText';
import { operationRow } from '../../src/extension/tree/operationRows';
import { changedWeights, overview, status } from './records';

const file = { model: 'digits', path: 'm.pt', size: 10, modified: 1 };

test('a model file changed when it is new, or its size or time is another', () => {
  expect(changedModelFiles([file], [file]).size).toBe(0);
  expect(changedModelFiles([file], [{ ...file, modified: 2 }]).get('digits')).toEqual(['m.pt']);
  expect(changedModelFiles([], [file]).get('digits')).toEqual(['m.pt']);
  expect(changedModelFiles([file], []).size).toBe(0);
});

test('the status bar says the version, or that training ended', () => {
  expect(statusText([overview()], [])).toBe('digits v2 · 0.951');
  const notice = noticeOf(status({ artifacts: changedWeights }), 'training', 3);
  expect(noticeText(notice!)).toBe('training ended, 1 model file changed: Commit v3');
  expect(statusText([overview()], [notice!])).toBe(noticeText(notice!));
  expect(noticeOf(status(), 'training', 3)).toBeNull();
  expect(statusText([overview({ current: null, currentRecord: null, versions: 0 })], [])).toBe(
    'digits: no version yet',
  );
  expect(statusText([], [])).toBeNull();
});

test('Source Control counts model files only, and has one row for code', () => {
  const rows = scmRows([
    status({
      artifacts: changedWeights,
      parameters: [{ key: 'lr', from: 0.01, to: 0.1, status: 'modified' }],
      code: [
        { path: 'a.py', status: 'modified' },
        { path: 'b.py', status: 'added' },
      ],
    }),
  ]);
  expect(rows.map(({ group, text }) => [group, text])).toEqual([
    ['modelFiles', 'models/digits.safetensors'],
    ['parameters', 'lr  0.01 → 0.1'],
    ['code', '2 changed files'],
  ]);
  expect(scmCount(rows)).toBe(1);
});

test('an operation says what was done to which version, when and by whom', () => {
  const operation = {
    id: 4,
    kind: 'rollback',
    at: '2026-11-21T09:58:00.000Z',
    by: { name: 'Ada', email: 'ada@example.org' },
    reason: 'v5 was worse',
    version: 'digits@v3.1',
    detail: {},
    sha256: 'a',
    previous: 'b',
    undoable: true,
  } as const;
  const row = operationRow(operation, Date.parse('2026-11-21T10:00:00.000Z'), false);
  expect(row.label).toBe('Rolled back to v3');
  expect(row.description).toBe('v5 was worse · 2 min ago · Ada');
  expect(row.context).toBe('operation.undoable');
});
