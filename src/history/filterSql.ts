import type { Comparison, Filter, FilterClause, FilterValue, VersionField } from '../core/filter';
import { fold } from '../core/fold';
import type { Value } from './databaseFile';

/** A condition on `versions AS v`, with its values in order. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** The number of a metric's or parameter's name; `null` where no version has it. */
export type NameLookup = (name: string) => number | null;

const never: Condition = { sql: '0', values: [] };

/** The SQL function `fold` must be there (see `fold`). */
export function filterCondition(filter: Filter, lookup: NameLookup): Condition {
  if (filter.kind === 'clause') return clauseCondition(filter.clause, lookup);
  if (filter.kind === 'not') {
    const { sql, values } = filterCondition(filter.of, lookup);
    return { sql: `NOT (${sql})`, values };
  }
  const parts = filter.of.map((part) => filterCondition(part, lookup));
  const joined = parts.map(({ sql }) => sql).join(filter.kind === 'all' ? ' AND ' : ' OR ');
  return { sql: `(${joined})`, values: parts.flatMap(({ values }) => values) };
}

function clauseCondition({ key, comparison, value }: FilterClause, lookup: NameLookup): Condition {
  if (key.kind === 'field') return fieldCondition(key.field, comparison, value);
  const name = lookup(key.name);
  if (name === null) return never;
  if (key.kind === 'metric') return among('metrics', name, metricTest(comparison, value));
  const parameter = among('parameters', name, parameterTest(comparison, value));
  if (key.kind === 'parameter') return parameter;
  const metric = among('metrics', name, metricTest(comparison, value));
  return {
    sql: `(${metric.sql} OR (${parameter.sql}
      AND NOT EXISTS (SELECT 1 FROM metrics o WHERE o.version = v.id AND o.name = ?)))`,
    values: [...metric.values, ...parameter.values, name],
  };
}

function among(table: 'metrics' | 'parameters', name: number, test: Condition): Condition {
  return {
    sql: `v.id IN (SELECT version FROM ${table} WHERE name = ? AND ${test.sql})`,
    values: [name, ...test.values],
  };
}

/** NaN is stored as NULL: it equals itself here, and is neither more nor less than anything. */
function metricTest(comparison: Comparison, { number }: FilterValue): Condition {
  if (number === null || comparison === '~') return never;
  const operator = Number.isNaN(number) ? sameness[comparison] : ordering[comparison];
  if (operator === undefined) return never;
  return { sql: `value ${operator} ?`, values: [Number.isNaN(number) ? null : number] };
}

const sameness: Partial<Record<Comparison, string>> = { '=': 'IS', '!=': 'IS NOT' };
const ordering: Partial<Record<Comparison, string>> = {
  '=': '=',
  '!=': 'IS NOT',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
};

/** SQLite holds any number to be less than any text, so the types are kept apart. */
function parameterTest(comparison: Comparison, value: FilterValue): Condition {
  const { text, number } = value;
  if (comparison === '~') {
    return { sql: `typeof(value) = 'text' AND instr(fold(value), ?)`, values: [fold(text)] };
  }
  const comparable: Value[] = number === null || Number.isNaN(number) ? [text] : [number, text];
  if (comparison === '=') {
    return { sql: `value IN (${comparable.map(() => '?').join(', ')})`, values: comparable };
  }
  if (comparison === '!=') {
    return { sql: comparable.map(() => 'value IS NOT ?').join(' AND '), values: comparable };
  }
  const type = comparable.length === 1 ? `typeof(value) = 'text'` : `typeof(value) <> 'text'`;
  return { sql: `${type} AND value ${comparison} ?`, values: comparable.slice(0, 1) };
}

const columns: Readonly<Record<VersionField, readonly string[]>> = {
  number: ['v.number'],
  label: [`ifnull(v.label, '')`],
  description: ['v.description'],
  createdAt: ['v.created_at'],
  creator: ['v.creator_name', 'v.creator_email'],
};

/** A creator is meant by name or address: one of them matches; neither does for `!=`. */
function fieldCondition(
  field: VersionField,
  comparison: Comparison,
  { text, number }: FilterValue,
): Condition {
  const value: Value = field === 'number' ? number : comparison === '~' ? fold(text) : text;
  const tests = columns[field].map((column) =>
    comparison === '~' ? `instr(fold(${column}), ?)` : `${column} ${comparison} ?`,
  );
  const joined = tests.join(comparison === '!=' ? ' AND ' : ' OR ');
  return { sql: `(${joined})`, values: tests.map(() => value) };
}
