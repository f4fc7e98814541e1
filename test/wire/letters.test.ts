import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareReaders, readCompareState } from '../../src/wire/comparePanel';
import { parseHostLetter, parseRequest } from '../../src/wire/letters';
import { metricsReaders } from '../../src/wire/metricsPanel';
import {
  readRollbackState,
  rollbackEventReaders,
  rollbackReaders,
} from '../../src/wire/rollbackPanel';

const request = (name: string, ask: unknown) => ({ kind: 'request', id: 1, name, ask });

test('a known request comes through as it is', () => {
  const letter = request('load', { sides: ['digits@v1.1', null] });
  expect(parseRequest(compareReaders, letter)).toEqual(letter);
});

test.each([
  ['an unknown name', request('delete', {})],
  ['a name of Object', request('constructor', {})],
  ['no id', { kind: 'request', name: 'load', ask: { sides: [] } }],
  ['another kind', { ...request('load', { sides: [] }), kind: 'answer' }],
  ['a wrong type', request('load', { sides: [3] })],
  ['a key too many', request('load', { sides: [], extra: 1 })],
  ['a key too few', request('openFile', { from: 'a', to: null })],
  ['too many sides', request('load', { sides: Array(9).fill('digits@v1') })],
  ['a text that is too long', request('rollBack', { reference: 'x'.repeat(20_000) })],
])('%s is refused', (_, letter) => {
  expect(parseRequest(compareReaders, letter)).toBeNull();
});

test('parts and counts have their bounds', () => {
  const only = (parts: unknown) => parseRequest(rollbackReaders, request('load', { only: parts }));
  expect(only(['code', 'data'])).not.toBeNull();
  expect(only(['everything'])).toBeNull();
  const curves = (width: unknown) => {
    const range = { axis: null, from: null, to: null };
    return parseRequest(
      metricsReaders,
      request('curves', { references: ['digits@v1'], series: 'loss', ...range, width }),
    );
  };
  expect(curves(200)).not.toBeNull();
  for (const width of [-1, 1.5, '200', Number.NaN, 2 ** 53]) expect(curves(width)).toBeNull();
});

test('anything at all is read or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      for (const readers of [compareReaders, metricsReaders, rollbackReaders]) {
        parseRequest(readers as typeof compareReaders, value);
      }
      parseHostLetter(rollbackEventReaders, value);
      readCompareState(value);
      readRollbackState(value);
    }),
  );
});

test('a panel knows answers, refusals and its own events apart', () => {
  const answer = { kind: 'answer', id: 4, answer: [1] };
  const refusal = { kind: 'refusal', id: 4, message: 'No.' };
  const progress = { kind: 'event', name: 'progress', event: { text: 'Storing', fraction: 0.5 } };
  for (const letter of [answer, refusal, progress]) {
    expect(parseHostLetter(rollbackEventReaders, letter)).toEqual(letter);
  }
  const wrong = { ...progress, event: { text: 'Storing', fraction: 'half' } };
  expect(parseHostLetter(rollbackEventReaders, wrong)).toBeNull();
  expect(parseHostLetter(rollbackEventReaders, { ...progress, name: 'other' })).toBeNull();
});
