import { canonicalJson } from './operation';
import type { ParameterValue } from './parameters';

/** What stands for a value where values are compared and listed: lists as canonical JSON. */
export function plainParameter(value: ParameterValue): string | number | null {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : canonicalJson(value);
}
