import { describe, expect, test } from 'vitest';
import { isFailure } from '../../src/core/failure';
import { logRoot } from '../../src/core/operation';
import type { HistoryWriter } from '../../src/history';
import { anna, bert, digestOf, draft, record } from './sampleRecords';
import { addRecords, newHistory, write } from './samples';

const mark = { at: '2026-11-21T12:00:00.000Z', by: bert, reason: 'wrong data' };

describe('what else is kept', () => {
  test('the current version of each worktree', async () => {
    const history = await newHistory();
    await addRecords(history, record(), record({ revision: 2 }), record({ model: 'Letters' }));
    await write(history, (writer) => {
      writer.setCurrent('main', 'digits', 'digits@v1.1');
      writer.setCurrent('main', 'letters', 'letters@v1');
      writer.setCurrent('other', 'digits', 'digits@v1.2');
    });
    expect(history.current('main')).toEqual([
      { model: 'digits', version: 'digits@v1.1' },
      { model: 'Letters', version: 'Letters@v1.1' },
    ]);
    await write(history, (writer) => {
      writer.setWithdrawn('digits@v1', mark);
      writer.setCurrent('main', 'Letters', null);
      writer.setCurrent('main', 'unknown', null);
    });
    expect(history.current('main')).toEqual([{ model: 'digits', version: 'digits@v1.1' }]);
    expect(history.current('other')).toEqual([{ model: 'digits', version: 'digits@v1.2' }]);
    expect(history.current('none')).toEqual([]);
    await expect(
      write(history, (writer) => writer.setCurrent('main', 'digits', 'letters@v1')),
    ).rejects.toThrow('letters@v1 is no version of digits');
  });

  test('refs and files that are to change', async () => {
    const history = await newHistory();
    const pending = { ref: 'refs/heads/cairn/digits', from: null, to: 'b'.repeat(40) };
    const intent = { kind: 'rollback', worktree: 'main', payload: { steps: [{ path: 'a' }] } };
    const ids = await write(history, (writer) => ({
      pending: writer.addPendingRef(pending),
      intent: writer.addIntent(intent),
    }));
    expect(history.pendingRefs()).toEqual([{ id: ids.pending, ...pending }]);
    expect(history.intents()).toEqual([{ id: ids.intent, ...intent }]);
    await write(history, (writer) => {
      writer.clearPendingRef(ids.pending);
      writer.clearIntent(ids.intent);
    });
    expect(history.pendingRefs()).toEqual([]);
    expect(history.intents()).toEqual([]);
  });

  test('what is known of files, to the nanosecond and with inodes of 64 bits', async () => {
    const history = await newHistory();
    const file = {
      worktree: 'main',
      path: 'models/a b.bin',
      size: 2 ** 40,
      modified: 1_795_255_200_123_456_789n,
      changed: -5n,
      inode: 2n ** 64n - 3n,
      sha256: digestOf('a'),
      readAt: 1_795_255_200_999_999_999n,
    };
    await write(history, (writer) => writer.rememberFile(file));
    expect(history.knownFile('main', file.path)).toEqual(file);
    const later = { ...file, size: 3, inode: 4n, sha256: digestOf('b') };
    await write(history, (writer) => writer.rememberFile(later));
    expect(history.knownFile('main', file.path)).toEqual(later);
    expect(history.knownFile('other', file.path)).toBeNull();
  });

  test('who holds an artifact, curves included', async () => {
    const history = await newHistory();
    const [file] = record().files;
    const curves = { sha256: digestOf('curves'), size: 10, series: ['loss'] };
    await addRecords(
      history,
      record({ curves }),
      record({ revision: 2, curves, files: [] }),
      record({ number: 2, files: [file!, { ...file!, path: 'copy' }] }),
      record({ kind: 'backup', files: [file!], model: 'another' }),
    );
    expect(history.holdersOf(file!.sha256)).toEqual(['another@b1', 'digits@v1.1', 'digits@v2.1']);
    expect(history.holdersOf(curves.sha256)).toEqual(['digits@v1.1', 'digits@v1.2']);
    expect(history.holdersOf(digestOf('nothing'))).toEqual([]);
    await write(history, (writer) => {
      writer.setWithdrawn('digits@v1.1', mark);
      writer.setWithdrawn('another@b1', mark);
    });
    expect(history.holdersOf(file!.sha256)).toEqual(['digits@v2.1']);
  });

  test('the curves of each revision, equal ones once', async () => {
    const history = await newHistory();
    const curves = [
      { name: 'loss', axis: 'epoch', steps: [1, 2, 3], values: [0.5, 'NaN', 0.25] },
    ] as const;
    await write(history, (writer) => {
      writer.addRecord({ record: record(), curves });
      writer.addRecord({ record: record({ revision: 2 }), curves });
      writer.addRecord({ record: record({ revision: 3 }), curves: [] });
    });
    expect(history.curves('digits', 1, 1)).toEqual(curves);
    expect(history.curves('digits', 1, 2)).toEqual(curves);
    expect(history.curves('digits', 1, 3)).toEqual([]);
    expect(history.curves('digits', 2, 1)).toEqual([]);
    expect(history.check()).toEqual([]);
  });
});

describe('the log', () => {
  test('is a chain, newest first', async () => {
    const history = await newHistory();
    expect(history.logHead()).toBe(logRoot);
    const entries = await write(history, (writer) =>
      [1, 2, 3].map((number) =>
        writer.appendOperation(draft({ detail: { number, nested: { b: 1, a: [true] } } })),
      ),
    );
    expect(entries.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(entries[0]?.previous).toBe(logRoot);
    expect(entries[2]?.previous).toBe(entries[1]?.sha256);
    expect(history.logHead()).toBe(entries[2]?.sha256);
    expect(history.operations({})).toEqual(entries.toReversed());
    expect(history.operations({ limit: 1, offset: 1 })).toEqual([entries[1]]);
    expect(history.operations({ before: 3, limit: 1 })).toEqual([entries[1]]);
    expect(history.operation(2)).toEqual(entries[1]);
    expect(history.operation(9)).toBeNull();
    // Of exactly this text, so that no later change of the code makes old logs look forged.
    const text =
      '{"at":"2026-11-21T10:00:00.000Z","by":{"email":"anna@example.org","name":"Anna"},' +
      '"detail":{"nested":{"a":[true],"b":1},"number":1},"id":1,"kind":"commit",' +
      `"previous":"${logRoot}","reason":"","version":"digits@v1.1"}`;
    expect(entries[0]?.sha256).toBe(digestOf(text));
  });
});

describe('a transaction', () => {
  test('is undone with everything when its work throws', async () => {
    const history = await newHistory();
    await addRecords(history, record());
    const failed = write(history, (writer) => {
      writer.addRecord({ record: record({ number: 2 }), curves: [] });
      writer.appendOperation(draft());
      expect(history.versions({}).total).toBe(2);
      throw new Error('no more');
    });
    await expect(failed).rejects.toThrow('no more');
    expect(history.versions({}).total).toBe(1);
    expect(history.operations({})).toEqual([]);
  });

  test('needs the lock, is not nested, and waits for nothing', async () => {
    const history = await newHistory();
    expect(() => history.transaction(() => 1)).toThrow('needs the lock');
    await expect(write(history, () => history.transaction(() => 1))).rejects.toThrow(
      'a transaction is open already',
    );
    await expect(write(history, async (writer) => writer.addModel('digits'))).rejects.toThrow(
      'cannot wait',
    );
    expect(history.models()).toEqual([]);
    expect(await write(history, () => 1)).toBe(1);
  });

  test('lends its writer only while it runs', async () => {
    const history = await newHistory();
    const kept: HistoryWriter[] = [];
    await write(history, (writer) => {
      kept.push(writer);
    });
    expect(() => kept[0]?.addModel('digits')).toThrow('revoked');
    expect(history.models()).toEqual([]);
  });

  test('can empty everything and fill it again, and the log still only grows', async () => {
    const history = await newHistory();
    await write(history, (writer) => {
      writer.addRecord({ record: record(), curves: [] });
      writer.appendOperation(draft());
      writer.setCurrent('main', 'digits', 'digits@v1.1');
      writer.addPendingRef({ ref: 'r', from: null, to: null });
    });
    await write(history, (writer) => {
      writer.clear();
      expect(history.models()).toEqual([]);
      expect(history.current('main')).toEqual([]);
      writer.addRecord({ record: record({ creator: anna }), curves: [] });
      writer.appendOperation(draft({ kind: 'rebuild' }));
    });
    expect(history.operations({}).map(({ id, kind, previous }) => [id, kind, previous])).toEqual([
      [1, 'rebuild', logRoot],
    ]);
    expect(history.versions({}).total).toBe(1);
    expect(history.pendingRefs()).toEqual([]);
    expect(history.check({ full: true })).toEqual([]);
  });
});

test('a failure of SQLite is a failure of ours', async () => {
  const history = await newHistory();
  history.close();
  expect(() => history.models()).toThrow('not open');
  try {
    history.models();
  } catch (error) {
    expect(isFailure(error)).toBe(false);
  }
});
