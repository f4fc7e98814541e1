import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CurveSet, VersionRecord } from '../../src/core/version';
import { type History, type HistoryWriter, openHistory } from '../../src/history';
import { nodePlatform, type WriteCall, type WriteSeam } from '../../src/platform';
import { anna, digestOf, draft, record } from './sampleRecords';
import { historyIn, temporaryDirectory, write } from './samples';

type Mode = 'once' | 'from then on';

interface FailingSeam extends WriteSeam {
  readonly calls: WriteCall[];
  /** Nothing is counted and nothing fails before. */
  armed: boolean;
}

/** Fails the Nth call (from 1) and, as a machine that dies, perhaps everything after it. */
function failing(at: number, mode: Mode, error: () => Error): FailingSeam {
  const calls: WriteCall[] = [];
  return {
    calls,
    armed: true,
    before(call) {
      if (!this.armed) return null;
      calls.push(call);
      const fails = mode === 'once' ? calls.length === at : calls.length >= at;
      return fails ? { error: error() } : null;
    },
  };
}

const curves: CurveSet = [{ name: 'loss', axis: 'step', steps: [0, 10], values: [1, 0.5] }];
const file = {
  worktree: 'main',
  path: 'a',
  size: 1,
  modified: 1n,
  changed: 1n,
  inode: 1n,
  sha256: digestOf('a'),
  readAt: 1n,
};

/** Every write there is, on top of two versions. */
function everyWrite(writer: HistoryWriter): void {
  const number = writer.nextNumber('digits', 'version');
  writer.addRecord({ record: record({ number, label: 'fresh' }), curves });
  writer.addRecord({ record: record({ revision: 2, label: null }), curves });
  writer.setWithdrawn('digits@v2', { at: record().createdAt, by: anna, reason: 'bad' });
  writer.addModel('letters');
  writer.setPrimary('digits', { metric: 'val_accuracy', better: 'higher' });
  writer.setTip('digits', 'c'.repeat(40));
  writer.setCurrent('main', 'digits', `digits@v${number}.1`);
  writer.setCurrent('other', 'digits', null);
  writer.addPendingRef({ ref: 'refs/heads/cairn/digits', from: null, to: 'c'.repeat(40) });
  writer.clearPendingRef(1);
  writer.addIntent({ kind: 'rollback', worktree: 'main', payload: [] });
  writer.clearIntent(1);
  writer.rememberFile(file);
  writer.appendOperation(draft());
}

/** Everything anew. */
function rebuild(writer: HistoryWriter): void {
  writer.clear();
  writer.addRecord({ record: record({ description: 'anew' }), curves });
  writer.appendOperation(draft({ kind: 'rebuild' }));
}

function stateOf(history: History): unknown {
  const records: VersionRecord[] = [...history.allRecords()];
  return {
    records,
    curves: records.map(({ number, revision }) => history.curves('digits', number, revision)),
    models: history.models(),
    tip: history.tip('digits'),
    listed: history.versions({ withdrawn: true }),
    operations: history.operations({}),
    current: [history.current('main'), history.current('other')],
    pending: history.pendingRefs(),
    intents: history.intents(),
    file: history.knownFile('main', 'a'),
    label: history.findByLabel('digits', 'fresh'),
    holders: history.holdersOf(record().files[0]!.sha256),
  };
}

async function prepared(): Promise<string> {
  const directory = join(await temporaryDirectory(), 'cairn');
  const history = await historyIn(directory);
  await write(history, (writer) => {
    writer.addRecord({ record: record({ label: 'first' }), curves: [] });
    writer.addRecord({ record: record({ number: 2 }), curves: [] });
    writer.setCurrent('other', 'digits', 'digits@v1.1');
    writer.addPendingRef({ ref: 'refs/heads/cairn/digits', from: null, to: null });
    writer.addIntent({ kind: 'rollback', worktree: 'main', payload: {} });
    writer.appendOperation(draft({ kind: 'init' }));
  });
  history.close();
  return directory;
}

async function soundState(directory: string): Promise<unknown> {
  const history = await historyIn(directory);
  expect(history.check({ full: true })).toEqual([]);
  const state = stateOf(history);
  await write(history, () => undefined);
  history.close();
  return state;
}

describe.each([
  ['every write', everyWrite],
  ['a rebuild', rebuild],
] as const)('a fault in a transaction of %s', (_, work) => {
  test.each<Mode>(['once', 'from then on'])('(%s) leaves what was before', async (mode) => {
    const directory = await prepared();
    const before = await soundState(directory);
    const codes = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'ENOSPC', 'EIO'];
    for (let at = 1; ; at += 1) {
      const code = codes[at % codes.length] as string;
      const seam = failing(at, mode, () => Object.assign(new Error('injected'), { code }));
      seam.armed = false;
      const history = await openHistory(nodePlatform({ seam }), directory);
      seam.armed = true;
      try {
        await write(history, work);
        break;
      } catch (error) {
        expect(error).toMatchObject({
          code: /FULL|ENOSPC/.test(code) ? 'disk-full' : 'disk-failed',
        });
        expect(stateOf(history)).toEqual(before);
      } finally {
        history.close();
      }
      if (at % 5 === 0) expect(await soundState(directory)).toEqual(before);
    }
    expect(await soundState(directory)).not.toEqual(before);
  });
});

test.each<Mode>(['once', 'from then on'])(
  'a fault (%s) while the database is made leaves none or a sound one',
  async (mode) => {
    for (let at = 1; ; at += 1) {
      const directory = join(await temporaryDirectory(), 'cairn');
      const seam = failing(at, mode, () => Object.assign(new Error('injected'), { code: 'EIO' }));
      const opened = await openHistory(nodePlatform({ seam }), directory).catch((error) => error);
      if ('close' in opened) opened.close();
      const history = await historyIn(directory);
      expect(history.check({ full: true })).toEqual([]);
      expect(history.models()).toEqual([]);
      history.close();
      if (seam.calls.length < at) return;
    }
  },
);

test('what a fault throws that is no error of a disk arrives as it is', async () => {
  const directory = await prepared();
  const seam = failing(1, 'from then on', () => new Error('killed'));
  const history = await openHistory(nodePlatform({ seam }), directory).catch((error) => error);
  expect(history).toMatchObject({ message: 'killed' });
});

test('names each write to the seam', async () => {
  const directory = await prepared();
  const seam = failing(Number.POSITIVE_INFINITY, 'once', () => new Error('never'));
  seam.armed = false;
  const history = await historyIn(directory, { seam });
  seam.armed = true;
  await write(history, everyWrite);
  const [first, ...rest] = seam.calls;
  expect(first).toEqual({ kind: 'database.begin', target: 'transaction' });
  expect(rest.pop()).toEqual({ kind: 'database.commit', target: 'transaction' });
  expect(new Set(rest.map(({ kind }) => kind))).toEqual(new Set(['database.write']));
  expect(rest.map(({ target }) => target)).toEqual(
    expect.arrayContaining(['add-version', 'add-record', 'set-withdrawn', 'append-operation']),
  );
});
