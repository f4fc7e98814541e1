import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Comparison,
  type Filter,
  type FilterClause,
  parseFilter,
} from '../../src/core/filter';
import { matches } from '../../src/core/filterMatch';
import { fold } from '../../src/core/fold';
import { canonicalJson } from '../../src/core/operation';
import type { ParameterValue } from '../../src/core/parameters';
import { fromJsonNumber, type JsonNumber, type VersionRecord } from '../../src/core/version';
import type { History, VersionQuery } from '../../src/history';
import { anna, bert, record } from './sampleRecords';
import { addRecords, newHistory } from './samples';

function numbers(history: History, query: VersionQuery): number[] {
  return history.versions(query).records.map(({ number }) => number);
}

describe('a condition', () => {
  const metricValue = fc.constantFrom<JsonNumber>(
    0,
    0.5,
    1,
    -2,
    1e-300,
    'NaN',
    'Infinity',
    '-Infinity',
  );
  const parameterValue = fc.constantFrom<ParameterValue>(
    0,
    0.5,
    1,
    '1',
    '0.5',
    'adam',
    'Adam W',
    true,
    null,
    [64, 32],
    'NaN',
  );
  const bag = <T>(value: fc.Arbitrary<T>) =>
    fc.dictionary(fc.constantFrom('x', 'y', 'a b'), value, { maxKeys: 3 });
  const someRecord = fc.record({
    metrics: bag(metricValue),
    parameters: bag(parameterValue),
    label: fc.constantFrom(null, 'x', 'adam'),
    description: fc.constantFrom('', 'adam', 'ADAMANT', '1'),
    creator: fc.constantFrom(anna, bert),
  });
  const key = fc.constantFrom(
    ...['x', 'y', '"a b"', 'metric:x', 'parameter:x', '"parameter:a b"', 'z'],
    ...['label', 'description', 'creator', 'created', 'number'],
  );
  const value = fc.constantFrom(
    ...['0', '0.5', '1', '"1"', 'adam', '"Adam W"', 'true', '[64,32]', 'NaN', 'Infinity', '""'],
    ...['Anna', 'bert@example.org', '2026-11-21T10:02', '2'],
  );
  const comparison = fc.constantFrom('=', '!=', '>', '>=', '<', '<=', '~');
  const clause = fc.tuple(key, comparison, value).map((parts) => parts.join(' '));
  const negated = fc.tuple(fc.constantFrom('', 'not'), clause).map((parts) => parts.join(' '));
  const joiner = fc.constantFrom('and', 'or');
  const condition = fc.oneof(
    negated.map((one) => [one]),
    fc.tuple(negated, joiner, negated),
    fc.tuple(fc.constant('not ('), clause, joiner, clause, fc.constant(')'), joiner, negated),
  );

  test('lets through what the same condition, worked out one by one, lets through', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(someRecord, { minLength: 1, maxLength: 8 }),
        fc.array(condition, { minLength: 40, maxLength: 40 }),
        async (contents, conditions) => {
          const history = await newHistory();
          const records = contents.map((content, index) =>
            record({ ...content, number: index + 1, model: `m${index}` }),
          );
          await addRecords(history, ...records);
          for (const clauses of conditions) {
            const written = clauses.join(' ');
            const where = parsed(written);
            if (where === null) continue;
            const passing = (test: (each: VersionRecord) => boolean) =>
              records
                .filter(test)
                .map(({ number }) => number)
                .sort();
            const expected = passing((each) => satisfies(each, where));
            expect(numbers(history, { where }).sort(), written).toEqual(expected);
            expect(passing((each) => matches(where, subjectOf(each)))).toEqual(expected);
          }
          history.close();
        },
      ),
      { numRuns: 12 },
    );
  });
});

/** A text and the version's number are not compared: the parser says so. */
function parsed(text: string) {
  try {
    return parseFilter(text);
  } catch {
    return null;
  }
}

function satisfies(each: VersionRecord, filter: Filter): boolean {
  if (filter.kind === 'clause') return holds(each, filter.clause);
  if (filter.kind === 'not') return !satisfies(each, filter.of);
  const holding = filter.of.filter((part) => satisfies(each, part)).length;
  return filter.kind === 'all' ? holding === filter.of.length : holding > 0;
}

function subjectOf({ metrics, parameters, ...each }: VersionRecord) {
  return {
    field: (field: 'number' | 'label' | 'description' | 'creator' | 'createdAt') =>
      field === 'creator' ? [each.creator.name, each.creator.email] : [each[field] ?? ''],
    metric: (name: string) =>
      own(metrics, name) ? fromJsonNumber(metrics[name] as JsonNumber) : undefined,
    parameter: (name: string) => (own(parameters, name) ? parameters[name] : undefined),
  };
}

const own = (object: object, name: string) => Object.hasOwn(object, name);

/** What a clause means, written down once more, without a database. */
function holds(each: VersionRecord, { key, comparison, value }: FilterClause): boolean {
  if (key.kind === 'field') {
    if (key.field === 'number') return ordered(each.number, comparison, value.number as number);
    if (key.field !== 'creator') return textual(each[key.field] ?? '', comparison, value.text);
    const both = [each.creator.name, each.creator.email];
    const test = (text: string) => textual(text, comparison, value.text);
    return comparison === '!=' ? both.every(test) : both.some(test);
  }
  const metric = own(each.metrics, key.name) ? each.metrics[key.name] : undefined;
  if (key.kind === 'metric' || (key.kind === 'any' && metric !== undefined)) {
    return metric !== undefined && numeric(fromJsonNumber(metric), comparison, value.number);
  }
  if (!own(each.parameters, key.name)) return false;
  return parametric(each.parameters[key.name] as ParameterValue, comparison, value);
}

function ordered<T>(found: T, comparison: Comparison, other: T): boolean {
  switch (comparison) {
    case '=':
      return found === other;
    case '!=':
      return found !== other;
    case '>':
      return found > other;
    case '>=':
      return found >= other;
    case '<':
      return found < other;
    case '<=':
      return found <= other;
    default:
      return false;
  }
}

function textual(found: string, comparison: Comparison, other: string): boolean {
  return comparison === '~' ? fold(found).includes(fold(other)) : ordered(found, comparison, other);
}

function numeric(found: number, comparison: Comparison, other: number | null): boolean {
  if (other === null) return false;
  if (comparison === '=') return Object.is(found, other);
  if (comparison === '!=') return !Object.is(found, other);
  return ordered(found, comparison, other);
}

function parametric(
  found: ParameterValue,
  comparison: Comparison,
  { text, number }: FilterClause['value'],
): boolean {
  if (found === null) return comparison === '!=';
  if (typeof found === 'number') {
    if (number === null || Number.isNaN(number)) return comparison === '!=';
    return numeric(found, comparison, number);
  }
  const written = typeof found === 'string' ? found : canonicalJson(found);
  const isOrder = ['>', '>=', '<', '<='].includes(comparison);
  if (isOrder && number !== null && !Number.isNaN(number)) return false;
  return textual(written, comparison, text);
}
