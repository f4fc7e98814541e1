import { expect, test } from 'vitest';
import { rollbackParts } from '../../src/core/plan';
import {
  firstRows,
  hindrance,
  parameterWords,
  toggled,
} from '../../webview-ui/src/rollback/planWords';
import { rollbackView } from './panels/exampleRollback';

test('a click on a box takes a part out or in, in the order of the boxes', () => {
  const { parts } = rollbackView(rollbackParts);
  expect(toggled(parts, rollbackParts, 'code')).toEqual(['parameters', 'artifacts', 'data']);
  expect(toggled(parts, ['data', 'parameters'], 'code')).toEqual(['code', 'parameters', 'data']);
});

test('the button says why it cannot be pressed', () => {
  const view = rollbackView(rollbackParts);
  expect(hindrance(view, rollbackParts)).toBeNull();
  expect(hindrance(view, [])).toMatch(/at least one part/);
  expect(hindrance(rollbackView(['data']), ['data'])).toBe('Nothing to do for the chosen parts.');
  const nothing = view.parts.map((part) => ({ ...part, available: false }));
  expect(hindrance({ ...view, empty: true, parts: nothing }, rollbackParts)).toMatch(/v3 holds/);
  expect(hindrance({ ...view, refused: 'A merge is under way.' }, [])).toBe(
    'A merge is under way.',
  );
});

test('what becomes of a parameter is told in words', () => {
  expect(parameterWords({ key: 'a', from: null, to: '1' })).toBe('is added');
  expect(parameterWords({ key: 'a', from: '1', to: null })).toBe('is taken away');
  expect(parameterWords({ key: 'a', from: '1', to: '2' })).toBe('is set back');
});

test('a long list is cut and the rest counted', () => {
  const rows = Array.from({ length: 250 }, (_, index) => index);
  expect(firstRows(rows).shown).toHaveLength(200);
  expect(firstRows(rows).more).toBe(50);
  expect(firstRows([1]).more).toBe(0);
});
