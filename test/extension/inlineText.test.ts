import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InlineParameter, PastValue } from '../../src/core/pastValues';
import { inlineText, longestInline } from '../../src/extension/inline/inlineText';

function past(
  value: PastValue['value'],
  version: string,
  rest: Partial<PastValue> = {},
): PastValue {
  return { value, version: `digits@${version}.1`, metric: null, others: 0, ...rest };
}

function parameter(
  value: PastValue['value'],
  values: readonly PastValue[],
  current: { readonly current?: PastValue['value'] } = {},
): InlineParameter {
  return { path: 'LR', text: 0, start: 0, end: 1, value, past: values, ...current };
}

const v7 = { metric: 'val_accuracy', current: 'digits@v7.1' };
const three = [
  past(0.001, 'v7', { metric: 0.951 }),
  past(0.01, 'v6', { metric: 0.942, others: 3 }),
  past(0.1, 'v2', { metric: 0.9 }),
];

test('tells the value it has, and each earlier one with what came of it', () => {
  expect(inlineText(parameter(0.001, three, { current: 0.001 }), v7)).toEqual({
    text: 'v7 0.001 · v6 0.01 → val_accuracy 0.942 (+3) · v2 0.1 → 0.9',
    differs: false,
  });
});

test('says when the value is not the current one', () => {
  expect(inlineText(parameter(0.5, three, { current: 0.001 }), v7)).toEqual({
    text: '≠ v7: 0.001 · v6 0.01 → val_accuracy 0.942 (+3) · v2 0.1 → 0.9',
    differs: true,
  });
});

test('after a rollback, the current value stands first and newer ones behind it', () => {
  const v2 = { ...v7, current: 'digits@v2.1' };
  expect(inlineText(parameter(0.1, three, { current: 0.1 }), v2)?.text).toBe(
    'v2 0.1 · v7 0.001 → val_accuracy 0.951 · v6 0.01 → 0.942 (+3)',
  );
});

test('a parameter that the current version lacks has only its past', () => {
  expect(inlineText(parameter(3, [past(2, 'v1')]), v7)).toEqual({ text: 'v1 2', differs: false });
  expect(inlineText(parameter(3, []), v7)).toBeNull();
});

test('1 and 1.0 are the same value, 1 and "1" are not', () => {
  expect(inlineText(parameter(1.0, [past(1, 'v7')], { current: 1 }), v7)?.differs).toBe(false);
  expect(inlineText(parameter('1', [past(1, 'v7')], { current: 1 }), v7)?.text).toBe('≠ v7: 1');
});

test('never takes more than its room, whatever the values are', () => {
  const value = fc.oneof(fc.double(), fc.string(), fc.array(fc.integer(), { maxLength: 30 }));
  const values = fc.array(value, { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(values, fc.string(), fc.boolean(), (all, metric, edited) => {
      const made = all.map((one, index) =>
        past(one, `v${all.length - index}`, { metric: 0.123456789, others: 2 }),
      );
      const shown = inlineText(
        parameter(edited ? 'another' : (all[0] ?? null), made, { current: all[0] ?? null }),
        { ...v7, metric },
      );
      expect((shown?.text ?? '').length).toBeLessThanOrEqual(longestInline);
      expect(shown?.text ?? '').not.toContain('\n');
    }),
  );
});
