interface Schema {
  $ref?: string;
  type?: string | string[];
  anyOf?: Schema[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  required?: string[];
  maxProperties?: number;
  items?: Schema;
  maxItems?: number;
  minimum?: number;
  maxLength?: number;
  pattern?: string;
  definitions?: Record<string, Schema>;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Whether a value is valid: of JSON Schema, draft 7, the keywords that our schema uses. */
export function isValid(top: Schema, value: unknown, schema: Schema = top): boolean {
  const valid = (inner: Schema, item: unknown) => isValid(top, item, inner);
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/definitions/', '');
    return valid(top.definitions![name]!, value);
  }
  const types = schema.type === undefined ? null : [schema.type].flat();
  if (types !== null && !types.includes(typeOf(value))) return false;
  if (schema.anyOf !== undefined && !schema.anyOf.some((inner) => valid(inner, value)))
    return false;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  if (typeof value === 'number') return value >= (schema.minimum ?? value);
  if (typeof value === 'string') {
    const fits = [...value].length <= (schema.maxLength ?? Number.POSITIVE_INFINITY);
    return fits && new RegExp(schema.pattern ?? '', 'u').test(value);
  }
  if (Array.isArray(value)) {
    const fits = value.length <= (schema.maxItems ?? Number.POSITIVE_INFINITY);
    return fits && value.every((item) => valid(schema.items ?? {}, item));
  }
  if (typeof value !== 'object' || value === null) return true;
  const keys = Object.keys(value);
  return (
    (schema.required ?? []).every((key) => keys.includes(key)) &&
    keys.length <= (schema.maxProperties ?? Number.POSITIVE_INFINITY) &&
    keys.every((key) => valid(schema.propertyNames ?? {}, key)) &&
    Object.entries(value).every(([key, item]) => {
      const inner = schema.properties?.[key] ?? schema.additionalProperties ?? true;
      return typeof inner === 'boolean' ? inner : valid(inner, item);
    })
  );
}
