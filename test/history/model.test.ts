import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFailure } from '../../src/core/failure';
import { canonicalJson } from '../../src/core/operation';
import { standingsOf } from '../../src/core/primaryMetric';
import {
  type JsonNumber,
  referenceTo,
  type VersionRecord,
  type Withdrawn,
} from '../../src/core/version';
import type { History, HistoryWriter } from '../../src/history';
import { runs } from '../propertyRuns';
import { bert, draft, record } from './sampleRecords';
import { historyIn, temporaryDirectory, write } from './samples';

/** The history as plain lists: what must come out, said as simply as it can be. */
class PlainHistory {
  records: VersionRecord[] = [];
  operations = 0;
  readonly current = new Map<string, string>();

  of(model: string, kind: string, number: number): VersionRecord[] {
    return this.records
      .filter((each) => each.model === model && each.kind === kind && each.number === number)
      .sort((one, other) => one.revision - other.revision);
  }

  shown(model: string, kind: string, number: number): VersionRecord | null {
    const all = this.of(model, kind, number);
    return all.findLast(({ withdrawn }) => withdrawn === undefined) ?? all.at(-1) ?? null;
  }

  heads(): VersionRecord[] {
    const heads = new Map<string, VersionRecord>();
    for (const { model, kind, number } of this.records) {
      heads.set(`${model} ${kind} ${number}`, this.shown(model, kind, number) as VersionRecord);
    }
    return [...heads.values()];
  }

  living(): VersionRecord[] {
    return this.heads().filter(({ withdrawn }) => withdrawn === undefined);
  }

  labelsCollide(): boolean {
    const labels = this.living()
      .filter(({ kind, label }) => kind === 'version' && label !== null)
      .map(({ model, label }) => `${model} ${label}`);
    return new Set(labels).size < labels.length;
  }

  next(model: string, kind: string): number {
    const numbers = this.records
      .filter((each) => each.model === model && each.kind === kind)
      .map(({ number }) => number);
    return Math.max(0, ...numbers) + 1;
  }
}

type Step = (plain: PlainHistory, writer: HistoryWriter) => void;

const mark: Withdrawn = { at: '2026-11-21T12:00:00.000Z', by: bert, reason: 'bad' };
const model = fc.constantFrom('digits', 'letters');
const kind = fc.constantFrom('version', 'version', 'version', 'backup');
const label = fc.constantFrom(null, null, 'a', 'b');
/** Also what texts in databases stumble over: nothing at all, NUL, half a surrogate pair. */
const text = fc.string({ unit: fc.constantFrom('a', 'é', "'", '\u0000', '\n', '\ud800', '😀') });
const content = fc.record({
  description: text,
  label,
  metrics: fc.dictionary(
    fc.constantFrom('f1', 'loss', '__proto__', 'a b'),
    // JSON knows no negative zero.
    fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      fc.constantFrom<JsonNumber>('NaN', 'Infinity', '-Infinity'),
    ),
  ),
  parameters: fc.dictionary(text, fc.oneof(fc.integer(), text, fc.boolean())),
});

const newVersion = fc.tuple(model, kind, content).map(
  ([name, of, rest]): Step =>
    (plain, writer) => {
      const number = writer.nextNumber(name, of as 'version');
      expect(number).toBe(plain.next(name, of));
      const added = record({ ...rest, model: name, kind: of as 'version', number });
      plain.records.push(added);
      writer.addRecord({ record: added, curves: [] });
    },
);

const newRevision = fc.tuple(fc.nat(), content).map(
  ([pick, rest]): Step =>
    (plain, writer) => {
      const versions = plain.records.filter((each) => each.kind === 'version');
      const base = versions[pick % Math.max(1, versions.length)];
      if (base === undefined) return;
      const revision = plain.of(base.model, 'version', base.number).length + 1;
      const added = { ...record(rest), model: base.model, number: base.number, revision };
      plain.records.push(added);
      writer.addRecord({ record: added, curves: [] });
    },
);

const marking = fc.tuple(fc.nat(), fc.boolean(), fc.boolean()).map(
  ([pick, whole, withdraws]): Step =>
    (plain, writer) => {
      const base = plain.records[pick % Math.max(1, plain.records.length)];
      if (base === undefined) return;
      const all = plain.of(base.model, base.kind, base.number);
      const meant = whole ? all : [base];
      const changed = meant.filter((each) => (each.withdrawn === undefined) === withdraws);
      const marked = (each: VersionRecord): VersionRecord => {
        const { withdrawn: _, ...bare } = each;
        return withdraws ? { ...bare, withdrawn: mark } : bare;
      };
      plain.records = plain.records.map((each) => (changed.includes(each) ? marked(each) : each));
      const references = writer.setWithdrawn(referenceTo(base, !whole), withdraws ? mark : null);
      expect(references).toEqual(changed.map((each) => referenceTo(each, true)));
    },
);

const moving = fc.tuple(fc.nat(), fc.boolean()).map(
  ([pick, forgets]): Step =>
    (plain, writer) => {
      const to = plain.records[pick % Math.max(1, plain.records.length)];
      if (to === undefined) return;
      if (forgets) plain.current.delete(to.model);
      else plain.current.set(to.model, referenceTo(to, true));
      writer.setCurrent('main', to.model, forgets ? null : referenceTo(to, true));
    },
);

const logging = fc.constant<Step>((plain, writer) => {
  plain.operations += 1;
  expect(writer.appendOperation(draft()).id).toBe(plain.operations);
});

const stumbling = fc.constant<Step>(() => {
  throw new RangeError('called off');
});

const step = fc.oneof(
  { weight: 6, arbitrary: newVersion },
  { weight: 4, arbitrary: newRevision },
  { weight: 4, arbitrary: marking },
  { weight: 2, arbitrary: moving },
  { weight: 2, arbitrary: logging },
  { weight: 1, arbitrary: stumbling },
);

const sorted = (records: readonly VersionRecord[]) => records.map(canonicalJson).sort();

function compare(history: History, plain: PlainHistory): void {
  expect([...history.allRecords()].map(canonicalJson)).toEqual(plain.records.map(canonicalJson));
  expect(sorted(history.versions({ kind: 'any' }).records)).toEqual(sorted(plain.living()));
  expect(sorted(history.versions({ kind: 'any', withdrawn: true }).records)).toEqual(
    sorted(plain.heads()),
  );
  for (const head of plain.heads()) {
    expect(history.find(head.model, head.kind, head.number)).toEqual(head);
  }
  for (const { name, versions, backups, latest } of history.models()) {
    const own = plain.living().filter((each) => each.model === name);
    const numbers = own.filter((each) => each.kind === 'version').map(({ number }) => number);
    expect({ versions, backups, latest }).toEqual({
      versions: numbers.length,
      backups: own.length - numbers.length,
      latest: numbers.length === 0 ? null : Math.max(...numbers),
    });
    for (const metric of ['f1', '__proto__', 'none', null]) {
      expect(history.standings(name, metric)).toEqual(standingsOf(own, metric));
    }
    for (const text of ['a', 'b']) {
      const labelled = own.find((each) => each.kind === 'version' && each.label === text);
      expect(history.findByLabel(name, text)).toEqual(labelled ?? null);
    }
  }
  expect(new Map(history.current('main').map((row) => [row.model, row.version]))).toEqual(
    plain.current,
  );
  expect(history.operations({}).length).toBe(plain.operations);
}

function copyOf(plain: PlainHistory): PlainHistory {
  const copy = new PlainHistory();
  copy.records = [...plain.records];
  copy.operations = plain.operations;
  for (const [name, version] of plain.current) copy.current.set(name, version);
  return copy;
}

test('whatever is done in whatever order, it is what plain lists would be', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 10 }),
      async (transactions) => {
        const directory = join(await temporaryDirectory(), 'cairn');
        const history = await historyIn(directory);
        let plain = new PlainHistory();
        for (const steps of transactions) {
          const next = copyOf(plain);
          try {
            await write(history, (writer) => {
              for (const each of steps) each(next, writer);
            });
            expect(next.labelsCollide()).toBe(false);
            plain = next;
          } catch (error) {
            if (!(error instanceof RangeError)) {
              if (!isFailure(error, 'label-taken')) throw error;
              expect(next.labelsCollide()).toBe(true);
            }
          }
        }
        compare(history, plain);
        expect(history.check({ full: true })).toEqual([]);
        const reader = await historyIn(directory, { readOnly: true });
        compare(reader, plain);
        reader.close();
        history.close();
      },
    ),
    { numRuns: runs(15) },
  );
});
