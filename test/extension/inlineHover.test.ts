import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ParameterDetail, ValueRow } from '../../src/core/pastValues';
import { enclosingBlock } from '../../src/extension/inline/enclosingBlock';
import { entryTitle, isOfOtherScript, runLine } from '../../src/extension/inline/entryTitle';
import {
  commandAddress,
  hoverText,
  useTitle,
  versionsText,
} from '../../src/extension/inline/hoverText';
import {
  pictureAddress,
  pictureColours,
  valuePicture,
} from '../../src/extension/inline/valuePicture';
import { overview, record } from './records';

function row(value: ValueRow['value'], metric: number | null, ...numbers: number[]): ValueRow {
  const versions = numbers.map((number) => `digits@v${number}.1`);
  return { value, written: String(value), versions, metric, at: versions[0] ?? '', others: [] };
}

function detail(rows: readonly ValueRow[], rest: Partial<ParameterDetail> = {}): ParameterDetail {
  return {
    ...{ model: 'digits', metric: 'val_accuracy', better: 'higher', current: 'digits@v7.1' },
    ...{ path: 'cfg.lr', text: 0, start: 0, end: 5, value: 0.001 },
    rows,
    points: rows.flatMap(({ value, metric }) =>
      metric === null ? [] : [[value, metric] as const],
    ),
    ...rest,
  };
}

const links = (one: ValueRow) => ({
  compare: one.value === 0.001 ? null : 'command:a',
  rollBack: 'command:b',
  use: one.value === 0.001 ? null : 'command:c',
});

test('a table of every value, its versions, its metric and what else changed', () => {
  const rows = [
    row(0.001, 0.951, 7),
    { ...row(0.01, 0.942, 6, 5, 4, 2), others: ['BATCH', 'a|b.py', ...'cdefghi'] },
    row('a|`b', null, 1),
  ];
  expect(
    hoverText(detail(rows), links, null)
      .replaceAll(/[\u00a0\u202f]/g, ' ')
      .split('\n'),
  ).toEqual([
    '**cfg.lr** in 3 values, best first',
    '',
    '| Value | Versions | val_accuracy | Changed with it |  |',
    '| --- | --- | --- | --- | --- |',
    '| **`0.001`** (here) | **v7** (current) | 0.951 |  | [Roll Back](command:b) |',
    '| `0.01` | v6–v4, v2 | 0.942 | +9: BATCH, a\\|b.py, c, d, e, f, g, h and 1 more | [Use this value](command:c) · [Compare](command:a) · [Roll Back](command:b) |',
    '| ``a\\|`b`` | v1 |  |  | [Use this value](command:c) · [Compare](command:a) · [Roll Back](command:b) |',
  ]);
});

test('many values are cut, and the rest is counted', () => {
  const rows = Array.from({ length: 12 }, (_, index) => row(index, index / 10, index + 1));
  expect(hoverText(detail(rows), links, 'data:x')).toContain('… and 4 more values');
});

test('runs of versions are put together, the current one stands out', () => {
  const all = [9, 8, 7, 6, 4].map((number) => `digits@v${number}.2`);
  expect(versionsText(all, null)).toBe('v9–v6, v4');
  expect(versionsText(all, 'digits@v8.2')).toBe('v9, **v8**\u00a0(current), v7, v6, v4');
});

test('addresses of commands hold whatever is given, in Markdown too', () => {
  const address = commandAddress('cairn.x', { literal: '(1, "a") [b]' }, ['digits@v1.1']);
  expect(address).toMatch(/^command:cairn\.x\?[^\s()[\]]+$/);
  const query = decodeURIComponent(address.slice(address.indexOf('?') + 1));
  expect(JSON.parse(query)).toEqual([{ literal: '(1, "a") [b]' }, ['digits@v1.1']]);
});

test('an action says where its value comes from', () => {
  expect(useTitle(row(0.01, 0.942, 6), 'val_accuracy')).toBe(
    'Use this value: 0.01 (v6, val_accuracy 0.942)',
  );
  expect(useTitle(row('adam', null, 6), 'val_accuracy')).toBe('Use this value: adam (v6)');
});

test('the picture is well-formed, whatever the values and names are', () => {
  const value = fc.oneof(fc.double(), fc.string({ unit: 'binary' }), fc.constant(null));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, fc.double())),
      fc.string({ unit: 'binary' }),
      (points, path) => {
        const made = valuePicture(detail([], { points, path }), pictureColours.dark);
        if (made === null) return;
        expect(made).not.toMatch(/NaN|Infinity"|undefined/);
        expect(made.match(/<circle/g)?.length ?? 0).toBeLessThanOrEqual(points.length);
        // Every sign that means something in XML is one of ours.
        expect(made.replace(/<\/?(?:svg|title|path|circle|g|text)\b[^<>]*>/g, '')).not.toMatch(
          /[<>]/,
        );
        expect(pictureAddress(made)).toMatch(/^data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+$/);
      },
    ),
  );
});

test('one value alone makes no picture, a wide span a logarithmic axis', () => {
  expect(valuePicture(detail([row(1, 0.5, 1)]), pictureColours.light)).toBeNull();
  const wide = valuePicture(detail([row(1e-4, 0.5, 1), row(1, 0.9, 2)]), pictureColours.light);
  expect(wide).toContain('lr (log)');
});

test.each([
  ['in a function', 4, { from: 2, to: 5 }],
  ['on its decorator-less head', 3, { from: 2, to: 5 }],
  ['in a method of a class', 9, { from: 8, to: 9 }],
  ['on a class', 7, { from: 7, to: 9 }],
  ['at the top', 0, { from: 0, to: 0 }],
  ['after everything', 11, { from: 11, to: 11 }],
])('the block around a line %s', (_, line, expected) => {
  const lines = [
    ...['LR = 1', '', '@cached', 'def train(lr=1,', '    n=2):', '    return lr', ''],
    ...['class Net:', '    def forward(self):', '        pass', '', 'train(LR)'],
  ];
  expect(enclosingBlock(lines, line)).toEqual(expected);
});

test('the line over a training says what is current and how many changes there are', () => {
  const model = overview({ current: null, currentRecord: null });
  expect(entryTitle(model, null, undefined)).toBe('No version yet');
  const parent = record({ number: 6, metrics: { val_accuracy: 0.943 } });
  const current = record({ number: 7, metrics: { val_accuracy: 0.951 } });
  const shown = overview({ current: 'digits@v7.1', currentRecord: current });
  const none = { code: [], parameters: [], artifacts: [], data: [], metrics: [] };
  const figures = 'v7 · val_accuracy 0.951 ▲ 0.008 better';
  expect(entryTitle(shown, parent, { changes: none })).toBe(`${figures} · no working changes`);
  const changes = { ...none, code: [{ path: 'a.py', status: 'modified' as const }] };
  expect(entryTitle(shown, parent, { changes })).toBe(`${figures} · 1 working change`);
});

test('a run that goes on is held against the current version at the same step', () => {
  const model = overview({ current: 'digits@v7.1' });
  const curves = [
    { name: 'val_accuracy', axis: 'epoch' as const, steps: [1, 2], values: [0.5, 0.9] },
  ];
  const line = (step: number | null, value: number) =>
    runLine({ step, metrics: { val_accuracy: value } }, model, curves);
  expect(line(2, 0.92)).toBe('step 2 · val_accuracy 0.92 ▲ 0.02 better than v7 at this step');
  expect(line(1, 0.4)).toBe('step 1 · val_accuracy 0.4 ▼ 0.1 worse than v7 at this step');
  expect(line(2, 0.9)).toBe('step 2 · val_accuracy 0.9, the same as v7 at this step');
  expect(line(3, 0.9)).toBe('step 3 · val_accuracy 0.9');
  expect(runLine({ step: null, metrics: {} }, model, curves)).toBe('training');
});

test.each([
  [['python', 'train.py', '--lr', '1'], 'src/train.py', false],
  [['python', '/home/ada/src/train.py'], 'src/train.py', false],
  [['python', 'other.py'], 'src/train.py', true],
  [['make'], 'src/train.py', false],
])('the command %j is of another script than %s: %s', (command, path, expected) => {
  expect(isOfOtherScript(command, path)).toBe(expected);
});
