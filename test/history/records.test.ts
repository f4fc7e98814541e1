import { describe, expect, test } from 'vitest';
import type { HistoryWriter } from '../../src/history';
import { bert, record } from './sampleRecords';
import { addRecords, newHistory, write } from './samples';

const mark = { at: '2026-11-21T12:00:00.000Z', by: bert, reason: 'wrong data' };

describe('records', () => {
  test('come back as they went in, numbers to the last digit', async () => {
    const history = await newHistory();
    const whole = record({
      label: 'first',
      parameters: { lr: 0.1 + 0.2, big: 2 ** 53, 'optimizer.name': 'ädam', list: [1, [2, null]] },
      metrics: { loss: 'NaN', f1: 5e-324, gain: '-Infinity' },
      metricOrigins: { loss: { path: 'metrics.json', stale: true } },
      reason: 'quote " and \u0000 and \u2028',
    });
    await addRecords(history, whole);
    expect(history.find('digits', 'version', 1)).toEqual(whole);
    expect(history.find('DIGITS', 'version', 1, 1)).toEqual(whole);
    expect([...history.allRecords()]).toEqual([whole]);
    expect(history.find('digits', 'version', 2)).toBeNull();
    expect(history.find('digits', 'version', 1, 2)).toBeNull();
    expect(history.find('digits', 'backup', 1)).toBeNull();
  });

  test('that JSON would not keep are refused', async () => {
    const history = await newHistory();
    const bad = record({ parameters: { lr: Number.NaN } });
    await expect(addRecords(history, bad)).rejects.toThrow('record.parameters.lr is NaN');
    expect(history.models()).toEqual([]);
  });

  test('are shown by the latest living revision', async () => {
    const history = await newHistory();
    const [one, two, three] = [1, 2, 3].map((revision) =>
      record({ revision, description: `revision ${revision}`, metrics: { f1: revision } }),
    );
    await addRecords(history, one!, three!, two!);
    expect(history.find('digits', 'version', 1)).toEqual(three);
    expect(history.revisions('digits', 1)).toEqual([one, two, three]);

    await write(history, (writer) => writer.setWithdrawn('digits@v1.3', mark));
    expect(history.find('digits', 'version', 1)).toEqual(two);
    expect(history.find('digits', 'version', 1, 3)).toEqual({ ...three, withdrawn: mark });
    expect(history.versions({}).records).toEqual([two]);

    const changed = await write(history, (writer) => writer.setWithdrawn('Digits@v1', mark));
    expect(changed).toEqual(['digits@v1.1', 'digits@v1.2']);
    expect(history.find('digits', 'version', 1)).toEqual({ ...three, withdrawn: mark });
    expect(history.versions({}).records).toEqual([]);
    expect(history.versions({ withdrawn: true }).total).toBe(1);
    expect(history.model('digits')).toMatchObject({ versions: 0, latest: null, lastAt: null });

    await write(history, (writer) => {
      expect(writer.nextNumber('digits', 'version')).toBe(2);
      expect(writer.setWithdrawn('digits@v1.1', null)).toEqual(['digits@v1.1']);
      expect(writer.setWithdrawn('digits@v1.1', null)).toEqual([]);
    });
    expect(history.find('digits', 'version', 1)).toEqual(one);
    expect(history.check({ full: true })).toEqual([]);
  });

  test('are never entered twice', async () => {
    const history = await newHistory();
    await addRecords(history, record());
    await expect(addRecords(history, record({ description: 'other' }))).rejects.toMatchObject({
      code: 'record-invalid',
      data: { where: 'digits@v1.1' },
    });
    expect(history.find('digits', 'version', 1)?.description).toBe('attempt 1');
  });

  test('name no withdrawn or unknown version by accident', async () => {
    const history = await newHistory();
    await addRecords(history, record());
    const missing = (work: (writer: HistoryWriter) => unknown) =>
      expect(write(history, work)).rejects.toMatchObject({ code: 'no-such-version' });
    await missing((writer) => writer.setWithdrawn('digits@v2', mark));
    await missing((writer) => writer.setWithdrawn('digits@v1.2', mark));
    await missing((writer) => writer.setCurrent('main', 'digits', 'digits@v1.2'));
    await missing((writer) => writer.setCurrent('main', 'digits', 'digits@b1'));
  });

  test('may enter with their mark', async () => {
    const history = await newHistory();
    await addRecords(
      history,
      record({ withdrawn: mark, label: 'a' }),
      record({ number: 2, label: 'a' }),
    );
    expect(history.find('digits', 'version', 1)).toEqual(record({ withdrawn: mark, label: 'a' }));
    expect(history.findByLabel('digits', 'a')?.number).toBe(2);
  });
});

describe('labels', () => {
  test('are unique among the living, and free again after withdrawal', async () => {
    const history = await newHistory();
    await addRecords(history, record({ label: 'a' }));
    await expect(addRecords(history, record({ number: 2, label: 'a' }))).rejects.toMatchObject({
      code: 'label-taken',
      data: { label: 'a', model: 'digits', version: 'digits@v1' },
    });
    expect(history.find('digits', 'version', 2)).toBeNull();
    await write(history, (writer) => {
      writer.setWithdrawn('digits@v1', mark);
      writer.addRecord({ record: record({ number: 2, label: 'a' }), curves: [] });
    });
    expect(history.findByLabel('digits', 'a')?.number).toBe(2);
    expect(history.find('digits', 'version', 1)?.label).toBe('a');
    await expect(
      write(history, (writer) => writer.setWithdrawn('digits@v1', null)),
    ).rejects.toMatchObject({ code: 'label-taken', data: { version: 'digits@v2' } });
  });

  test('belong to the model, keep their case, and are not those of backups', async () => {
    const history = await newHistory();
    await addRecords(
      history,
      record({ label: 'a' }),
      record({ label: 'a', model: 'letters' }),
      record({ label: 'A', number: 2 }),
      record({ label: 'a', kind: 'backup' }),
    );
    expect(history.findByLabel('letters', 'a')?.model).toBe('letters');
    expect(history.findByLabel('digits', 'A')?.number).toBe(2);
    expect(history.findByLabel('digits', 'b')).toBeNull();
  });

  test('may pass through a collision while marks of several revisions change', async () => {
    const history = await newHistory();
    await addRecords(
      history,
      record({ label: 'old' }),
      record({ label: 'new', revision: 2 }),
      record({ label: 'old', number: 2 }),
    );
    const revisions = ['digits@v1.2', 'digits@v1.1'];
    await write(history, (writer) => {
      for (const each of revisions) writer.setWithdrawn(each, mark);
    });
    await write(history, (writer) => {
      for (const each of revisions.reverse()) writer.setWithdrawn(each, null);
    });
    expect(history.findByLabel('digits', 'new')?.number).toBe(1);
    expect(history.check()).toEqual([]);
  });
});

describe('models', () => {
  test('are counted, and are one whatever their case', async () => {
    const history = await newHistory();
    await write(history, (writer) => {
      writer.setPrimary('Letters', { metric: 'loss', better: 'lower' });
      for (const number of [1, 2, 3]) {
        writer.addRecord({ record: record({ number }), curves: [] });
      }
      writer.addRecord({ record: record({ kind: 'backup' }), curves: [] });
      writer.setWithdrawn('digits@v3', mark);
      writer.addModel('digits');
      writer.setTip('digits', 'a'.repeat(40));
    });
    expect(history.models()).toEqual([
      {
        name: 'digits',
        primary: null,
        versions: 2,
        backups: 1,
        latest: 2,
        lastAt: '2026-11-21T10:02:00.000Z',
      },
      {
        name: 'Letters',
        primary: { metric: 'loss', better: 'lower' },
        versions: 0,
        backups: 0,
        latest: null,
        lastAt: null,
      },
    ]);
    expect(history.model('LETTERS')?.name).toBe('Letters');
    expect(history.model('words')).toBeNull();
    expect(history.tip('Digits')).toBe('a'.repeat(40));
    expect(history.tip('Letters')).toBeNull();
    for (const name of ['Digits', 'a..b', '']) {
      await expect(write(history, (writer) => writer.addModel(name))).rejects.toMatchObject({
        code: 'name-invalid',
      });
    }
    await write(history, (writer) => writer.setPrimary('Letters', null));
    expect(history.model('letters')?.primary).toBeNull();
  });

  test('count versions and backups apart', async () => {
    const history = await newHistory();
    await write(history, (writer) => {
      expect(writer.nextNumber('digits', 'version')).toBe(1);
      writer.addRecord({ record: record({ number: 4 }), curves: [] });
      writer.addRecord({ record: record({ number: 7, kind: 'backup' }), curves: [] });
      expect(writer.nextNumber('Digits', 'version')).toBe(5);
      expect(writer.nextNumber('digits', 'backup')).toBe(8);
    });
  });
});
