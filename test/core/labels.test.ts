import { expect, test } from 'vitest';
import { bytesText } from '../../src/core/figures';
import {
  ago,
  counted,
  difference,
  modelOf,
  parameterText,
  shortened,
  shortReference,
} from '../../src/core/labels';

test('bytes are told in decimal units with at most one digit after the point', () => {
  expect([0, 512, 999, 1000, 12_345, 999_499, 999_500, 7.4e9, 1.2e12].map(bytesText)).toEqual([
    '0 B',
    '512 B',
    '999 B',
    '1 kB',
    '12.3 kB',
    '999 kB',
    '1 MB',
    '7.4 GB',
    '1.2 TB',
  ]);
});

test('a difference tells its direction and takes away what binary subtraction added', () => {
  expect(difference(0.951 - 0.943)).toBe('▲ 0.008');
  expect(difference(0.7 - 0.8)).toBe('▼ 0.1');
  expect(difference(0)).toBe('±0');
  expect(difference(0.9805 - 0.96657, 0.9805)).toBe('▲ 0.0139');
  expect(difference(0.00001, 0.98)).toBe('▲ 0.00001');
  expect(difference(-3, 12)).toBe('▼ 3');
});

test('how long ago is told in one unit, and as a date from a month on', () => {
  const now = Date.parse('2026-11-21T10:00:00.000Z');
  const minutes = (count: number) => ago(now - count * 60_000, now);
  expect([0.5, 5, 59, 60, 120, 60 * 24, 60 * 24 * 29].map(minutes)).toEqual([
    'just now',
    '5 min ago',
    '59 min ago',
    '1 h ago',
    '2 h ago',
    '1 d ago',
    '29 d ago',
  ]);
  expect(minutes(60 * 24 * 31)).toBe('2026-10-21');
  expect(ago(now + 5_000, now)).toBe('just now');
});

test('references are shortened for people, labels are not', () => {
  expect(shortReference('digits@v7.2')).toBe('v7');
  expect(shortReference('digits@b1')).toBe('b1');
  expect(shortReference('digits@release.1')).toBe('release.1');
  expect(modelOf('digits@v7.2')).toBe('digits');
  expect(modelOf('v7')).toBe('');
});

test('texts stay on one line and within their length', () => {
  expect(shortened('  a\n b ', 10)).toBe('a b');
  expect(shortened('🙂🙂🙂🙂', 3)).toBe('🙂🙂…');
  expect(counted(1, 'file')).toBe('1 file');
  expect(counted(2, 'entry', 'entries')).toBe('2 entries');
  expect(parameterText(undefined)).toBe('(not there)');
  expect(parameterText([64, 32])).toBe('[64, 32]');
});
