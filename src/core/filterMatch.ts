import type { Comparison, Filter, FilterClause, FilterValue, VersionField } from './filter';
import { fold } from './fold';
import type { ParameterValue } from './parameters';
import { plainParameter } from './plainParameter';

/** What a condition asks of a version or a run. */
export interface FilterSubject {
  /** Its values: a creator has a name and an address, a run no number. */
  field(field: VersionField): readonly (string | number)[];
  /** `undefined` where it has none; NaN is a value. */
  metric(name: string): number | undefined;
  parameter(name: string): ParameterValue | undefined;
}

/**
 * Whether a condition holds, as the database would say of a version: what is not there is neither
 * more nor less than anything nor unequal to it, and NaN equals itself alone.
 */
export function matches(filter: Filter, subject: FilterSubject): boolean {
  switch (filter.kind) {
    case 'clause':
      return clauseHolds(filter.clause, subject);
    case 'not':
      return !matches(filter.of, subject);
    case 'all':
      return filter.of.every((part) => matches(part, subject));
    case 'either':
      return filter.of.some((part) => matches(part, subject));
  }
}

function clauseHolds({ key, comparison, value }: FilterClause, subject: FilterSubject): boolean {
  if (key.kind === 'field') return fieldHolds(subject.field(key.field), comparison, value);
  const metric = key.kind === 'parameter' ? undefined : subject.metric(key.name);
  if (metric !== undefined) return metricHolds(metric, comparison, value.number);
  const parameter = key.kind === 'metric' ? undefined : subject.parameter(key.name);
  return parameter !== undefined && parameterHolds(parameter, comparison, value);
}

function fieldHolds(
  values: readonly (string | number)[],
  comparison: Comparison,
  { text, number }: FilterValue,
): boolean {
  const holds = (one: string | number) =>
    typeof one === 'number' ? ordered(one, comparison, number) : textHolds(one, comparison, text);
  if (values.length === 0) return false;
  return comparison === '!=' ? values.every(holds) : values.some(holds);
}

function metricHolds(metric: number, comparison: Comparison, other: number | null): boolean {
  if (other === null) return false;
  if (Number.isNaN(metric) || Number.isNaN(other)) {
    const both = Number.isNaN(metric) && Number.isNaN(other);
    return comparison === '=' ? both : comparison === '!=' && !both;
  }
  return ordered(metric, comparison, other);
}

/** Numbers are compared with numbers only, texts with what was written. */
function parameterHolds(
  parameter: ParameterValue,
  comparison: Comparison,
  { text, number }: FilterValue,
): boolean {
  if (parameter === null) return comparison === '!=';
  const isNumber = number !== null && !Number.isNaN(number);
  if (typeof parameter === 'number') {
    return isNumber ? ordered(parameter, comparison, number) : comparison === '!=';
  }
  if (isNumber && orders.has(comparison)) return false;
  return textHolds(String(plainParameter(parameter)), comparison, text);
}

const orders: ReadonlySet<Comparison> = new Set(['>', '>=', '<', '<=']);

function textHolds(found: string, comparison: Comparison, other: string): boolean {
  if (comparison === '~') return fold(found).includes(fold(other));
  return ordered(found, comparison, other);
}

function ordered<T extends string | number>(
  found: T,
  comparison: Comparison,
  other: T | null,
): boolean {
  if (other === null) return false;
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
    case '~':
      return false;
  }
}
