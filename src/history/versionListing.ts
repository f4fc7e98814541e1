import { parseFilterKey } from '../core/filter';
import { fold } from '../core/fold';
import type { Value } from './databaseFile';
import { type Condition, filterCondition, type NameLookup } from './filterSql';
import type { VersionQuery } from './history';

/** A query in SQL: `rows` for the page, `count` for all that match. */
export interface Listing {
  /** Rows of `version` (id) and `shown` (revision), in order. */
  readonly rows: Condition;
  /** One row, `total`. */
  readonly count: Condition;
}

interface Order {
  readonly join: Condition;
  readonly terms: readonly string[];
}

const nothing: Condition = { sql: '', values: [] };

/**
 * Compiles a query. `names` gives the ids of all metric and parameter names that contain a folded
 * text. The SQL function `fold` must be there.
 */
export function listing(
  query: VersionQuery,
  lookup: NameLookup,
  names: (folded: string) => readonly number[],
): Listing {
  const conditions = [
    ...scopeConditions(query),
    ...(query.where === undefined ? [] : [filterCondition(query.where, lookup)]),
    ...wordsOf(query.text ?? '').map((word) => wordCondition(word, names(word))),
  ];
  const where = conditions.map(({ sql }) => sql).join('\n  AND ');
  const values = conditions.flatMap((condition) => condition.values);
  const order = orderOf(query, lookup);
  return {
    rows: {
      sql: `SELECT v.id AS version, v.shown AS shown FROM versions v ${order.join.sql}
        WHERE ${where} ORDER BY ${order.terms.join(', ')} LIMIT ? OFFSET ?`,
      // SQLite takes a negative limit for none.
      values: [...order.join.values, ...values, query.limit ?? -1, query.offset ?? 0],
    },
    count: { sql: `SELECT count(*) AS total FROM versions v WHERE ${where}`, values },
  };
}

function scopeConditions({ model, kind = 'version', withdrawn }: VersionQuery): Condition[] {
  const kinds = kind === 'any' ? ['version', 'backup'] : [kind];
  const marks: Value[] = withdrawn === true ? [0, 1] : [0];
  return [
    ...(model === undefined
      ? []
      : [{ sql: 'v.model = (SELECT id FROM models WHERE name = ?)', values: [model] }]),
    oneOf('v.kind', kinds),
    oneOf('v.withdrawn', marks),
  ];
}

function oneOf(column: string, values: readonly Value[]): Condition {
  if (values.length === 1) return { sql: `${column} = ?`, values };
  return { sql: `${column} IN (${values.map(() => '?').join(', ')})`, values };
}

function wordsOf(text: string): string[] {
  return fold(text)
    .split(/\s+/)
    .filter((word) => word !== '');
}

const searched = `fold(
  CASE v.kind WHEN 'version' THEN 'v' ELSE 'b' END || v.number || char(10) || ifnull(v.label, '')
  || char(10) || v.creator_name || char(10) || v.creator_email || char(10) || v.description)`;

function wordCondition(word: string, names: readonly number[]): Condition {
  const tests: Condition[] = [{ sql: `instr(${searched}, ?)`, values: [word] }];
  if (names.length > 0) {
    const ids = JSON.stringify(names);
    for (const table of ['metrics', 'parameters']) {
      const sql = `v.id IN (SELECT version FROM ${table}
        WHERE name IN (SELECT value FROM json_each(?)))`;
      tests.push({ sql, values: [ids] });
    }
  }
  return {
    sql: `(${tests.map(({ sql }) => sql).join(' OR ')})`,
    values: tests.flatMap(({ values }) => values),
  };
}

function newestFirst({ model, kind = 'version' }: VersionQuery): string[] {
  return model !== undefined && kind !== 'any'
    ? ['v.number DESC']
    : ['v.created_at DESC', 'v.id DESC'];
}

const fieldTerms = {
  number: ['v.number'],
  createdAt: ['v.created_at'],
  label: ['v.label'],
  description: ['v.description COLLATE NOCASE'],
  creator: ['v.creator_name COLLATE NOCASE', 'v.creator_email COLLATE NOCASE'],
};

const metricJoin = 'LEFT JOIN metrics m ON m.version = v.id AND m.name = ?';
const parameterJoin = 'LEFT JOIN parameters p ON p.version = v.id AND p.name = ?';

/** A metric that does not belong to the weights is not ranked; NaN is NULL already. */
const ranked = 'CASE WHEN m.stale THEN NULL ELSE m.value END';

const valueTerms = {
  metric: { joins: [metricJoin], value: ranked },
  parameter: { joins: [parameterJoin], value: 'p.value' },
  any: {
    joins: [metricJoin, parameterJoin],
    value: `CASE WHEN m.version IS NULL THEN p.value ELSE ${ranked} END`,
  },
};

function orderOf(query: VersionQuery, lookup: NameLookup): Order {
  const newest = newestFirst(query);
  if (query.sort === undefined) return { join: nothing, terms: newest };
  const direction = query.sort.order === 'ascending' ? 'ASC NULLS LAST' : 'DESC NULLS LAST';
  const key = parseFilterKey(query.sort.key);
  if (key.kind === 'field') {
    const terms = fieldTerms[key.field].map((term) => `${term} ${direction}`);
    return { join: nothing, terms: [...terms, ...newest] };
  }
  const name = lookup(key.name);
  if (name === null) return { join: nothing, terms: newest };
  const { joins, value } = valueTerms[key.kind];
  return {
    join: { sql: joins.join(' '), values: joins.map(() => name) },
    terms: [`(${value}) COLLATE NOCASE ${direction}`, ...newest],
  };
}
