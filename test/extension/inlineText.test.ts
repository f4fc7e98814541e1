import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inlineText, longestInline } from '../../src/extension/inline/inlineText';
import type { ParameterHistory, PastValue } from '../../src/operations';

function past(
  value: PastValue['value'],
  version: string,
  rest: Partial<PastValue> = {},
): PastValue {
  return { value, versions: [`digits@${version}`], metric: null, otherChanges: [], ...rest };
}

function history(
  values: readonly PastValue[],
  current = values[0]?.value ?? null,
): ParameterHistory {
  return { key: 'LR', origin: 'train.py:3', current, values };
}

const two = history([
  past(0.001, 'v7', { metric: 0.951 }),
  past(0.01, 'v6', { metric: 0.942, otherChanges: ['a', 'b', 'c'] }),
]);

test('tells the values it had, what came of the last, and how much else changed', () => {
  expect(inlineText(two, 0.001, 'digits@v7.1', 'val_accuracy')).toBe(
    'v7 0.001 · v6 0.01 → val_accuracy 0.942 (+3)',
  );
});

test('says when the edited value is not the current one', () => {
  const text = inlineText(two, 0.1, 'digits@v7.1', 'val_accuracy');
  expect(text).toBe('≠ v7: 0.001 · v6 0.01 → val_accuracy 0.942 (+3)');
});

test('says nothing of a parameter that never had another value', () => {
  expect(inlineText(history([past(1, 'v1')]), 1, 'digits@v1.1', 'f1')).toBeNull();
  expect(inlineText(history([]), 1, null, null)).toBeNull();
});

test('1 and 1.0 are the same value, 1 and "1" are not', () => {
  expect(inlineText(history([past(1, 'v1')]), 1.0, 'digits@v1.1', null)).toBeNull();
  expect(inlineText(history([past(1, 'v1')]), '1', 'digits@v1.1', null)).toBe('≠ v1: 1');
});

test('never takes more than its room, whatever the values are', () => {
  const value = fc.oneof(fc.double(), fc.string(), fc.array(fc.integer(), { maxLength: 30 }));
  const values = fc.array(value, { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(values, fc.string(), fc.boolean(), (all, metric, edited) => {
      const made = history(
        all.map((one, index) =>
          past(one, `v${all.length - index}`, { metric: 0.123456789, otherChanges: ['x'] }),
        ),
      );
      const text = inlineText(made, edited ? 'another' : (all[0] ?? null), 'digits@v9.1', metric);
      expect((text ?? '').length).toBeLessThanOrEqual(longestInline);
      expect(text ?? '').not.toContain('\n');
    }),
  );
});
