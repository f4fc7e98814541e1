import { expect, test } from 'vitest';
import { readCompareState } from '../../src/wire/comparePanel';
import { flag, shape } from '../../src/wire/readers';
import { beginning, keepsake } from '../../webview-ui/src/keeping';

const readOwn = shape({ onlyDifferences: flag });
const initially = { onlyDifferences: true };
const state = (...sides: string[]) => ({ root: '/project', sides, at: null });

function begin(given: object | string | undefined, kept: unknown) {
  const text = typeof given === 'object' ? JSON.stringify(given) : given;
  return beginning(text, kept, readCompareState, readOwn, initially);
}

test('a new panel begins with what the page says', () => {
  expect(begin(state('a@v1', 'a@v2'), undefined)).toEqual({
    state: state('a@v1', 'a@v2'),
    own: initially,
  });
});

test('a panel that was hidden goes on where it was', () => {
  const given = JSON.stringify(state('a@v1', 'a@v2'));
  const kept = keepsake(given, { state: state('a@v1', 'a@v3'), own: { onlyDifferences: false } });
  expect(begin(given, kept)).toEqual({
    state: state('a@v1', 'a@v3'),
    own: { onlyDifferences: false },
  });
});

test('a page that says something new wins, and what only the panel knows stays', () => {
  const before = JSON.stringify(state('a@v1', 'a@v2'));
  const kept = keepsake(before, { state: state('a@v1', 'a@v3'), own: { onlyDifferences: false } });
  expect(begin(state('a@v4', 'a@v5'), kept)).toEqual({
    state: state('a@v4', 'a@v5'),
    own: { onlyDifferences: false },
  });
});

test('what is kept can be read by the extension, which brings the panel back with it', () => {
  const kept = keepsake('{}', { state: state('a@v1', 'a@v3'), own: { onlyDifferences: false } });
  expect(readCompareState(JSON.parse(JSON.stringify(kept)))).toEqual(state('a@v1', 'a@v3'));
});

test('damaged or foreign states are not taken for something to show', () => {
  for (const given of [undefined, '', '{', '[]', '{"root":1}', { root: '/', sides: 'a' }]) {
    expect(begin(given, { own: 3, sides: 4 })).toBeNull();
  }
  const kept = { root: '/project', sides: ['a@v1'], own: { onlyDifferences: 'no' } };
  expect(begin(undefined, kept)).toEqual({ state: state('a@v1'), own: initially });
});
