import { Failure } from './failure';
import { canonicalJson } from './operation';

export type Comparison = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~';

/** What a version itself has, as against its metrics and parameters. */
export type VersionField = 'number' | 'label' | 'description' | 'creator' | 'createdAt';

/**
 * What a key means. `any` is the metric of that name and, in versions without such a metric, the
 * parameter.
 */
export type FilterKey =
  | { readonly kind: 'field'; readonly field: VersionField }
  | { readonly kind: 'metric' | 'parameter' | 'any'; readonly name: string };

/** The right side of a comparison. */
export interface FilterValue {
  /** As written, without quotes; a list in canonical JSON. */
  readonly text: string;
  /** `null` when it is no number or was quoted. `NaN` and `Infinity` are numbers. */
  readonly number: number | null;
}

export interface FilterClause {
  readonly key: FilterKey;
  readonly comparison: Comparison;
  readonly value: FilterValue;
}

/** All of the clauses hold; an empty filter lets everything through. */
export interface Filter {
  readonly clauses: readonly FilterClause[];
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'comparison';
  readonly text: string;
}

const fields: Readonly<Record<string, VersionField>> = {
  number: 'number',
  label: 'label',
  description: 'description',
  creator: 'creator',
  created: 'createdAt',
  createdat: 'createdAt',
};

/** Longer than any person writes; a bound on what is parsed. */
const maximumLength = 10_000;

// A quoted text, a comparison, a list, or a word: everything up to white space or a comparison.
const tokenPattern =
  /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(==|!=|>=|<=|=|>|<|~)|(\[[^\]]*\]|[^\s=!<>~"']+))/y;

const numberPattern = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|infinity|inf|nan)$/i;

function wrong(what: string): Failure<'usage'> {
  return new Failure('usage', { what });
}

/** The words of an expression. @throws Failure `usage` */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const found = pattern.exec(text);
    if (found === null) throw wrong(`the condition cannot be read from "${text.slice(at).trim()}"`);
    tokens.push(tokenOf(found));
  }
  return tokens;
}

function tokenOf(found: RegExpExecArray): Token {
  const [, double, single, comparison, word] = found;
  const quoted = double ?? single;
  if (quoted !== undefined) return { kind: 'quoted', text: quoted.replace(/\\(.)/gs, '$1') };
  if (comparison !== undefined) {
    return { kind: 'comparison', text: comparison === '==' ? '=' : comparison };
  }
  return { kind: 'word', text: word ?? '' };
}

/** `metric:x`, `parameter:x`, a field of the version, or any name. */
export function parseFilterKey(text: string): FilterKey {
  const scoped = /^(metric|parameter):(.+)$/s.exec(text);
  if (scoped !== null) {
    return { kind: scoped[1] as 'metric' | 'parameter', name: scoped[2] as string };
  }
  const field = fields[text.toLowerCase()];
  return field === undefined ? { kind: 'any', name: text } : { kind: 'field', field };
}

function keyOf(token: Token): FilterKey {
  if (token.kind === 'comparison') throw wrong(`the condition has no name before "${token.text}"`);
  if (token.text === '') throw wrong('the condition has an empty name');
  return token.kind === 'quoted' && !token.text.includes(':')
    ? { kind: 'any', name: token.text }
    : parseFilterKey(token.text);
}

function numberIn(text: string): number | null {
  if (!numberPattern.test(text)) return null;
  if (/nan$/i.test(text)) return Number.NaN;
  if (/inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}

function rightSide(token: Token): FilterValue {
  if (token.kind === 'quoted') return { text: token.text, number: null };
  if (!token.text.startsWith('[')) return { text: token.text, number: numberIn(token.text) };
  try {
    return { text: canonicalJson(JSON.parse(token.text)), number: null };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw wrong(`the list ${token.text} is not JSON`);
  }
}

function checked(clause: FilterClause, written: string): FilterClause {
  const { key, comparison, value } = clause;
  if (key.kind === 'field' && key.field === 'number') {
    if (value.number === null || Number.isNaN(value.number)) {
      throw wrong(`"${written}" compares the version's number with something else`);
    }
    if (comparison === '~') throw wrong('"~" looks for a text in a text, and "number" is a number');
  }
  if (key.kind === 'metric') {
    if (value.number === null) throw wrong(`"${written}" compares a metric with a text`);
    if (comparison === '~') throw wrong('"~" looks for a text in a text, and a metric is a number');
  }
  return clause;
}

function clauseOf([left, middle, right]: readonly (Token | undefined)[]): FilterClause {
  if (left === undefined) throw wrong('the condition ends with "and"');
  const key = keyOf(left);
  if (middle === undefined) throw wrong(`the condition "${left.text}" compares nothing`);
  if (middle.kind !== 'comparison') {
    throw wrong(`"${middle.text}" stands where a comparison should (= != > >= < <= ~)`);
  }
  const written = `${left.text} ${middle.text}`;
  if (right === undefined) throw wrong(`the condition "${written}" has no value`);
  if (right.kind === 'comparison') throw wrong(`"${written}" is followed by "${right.text}"`);
  const comparison = middle.text as Comparison;
  return checked({ key, comparison, value: rightSide(right) }, `${written} ${right.text}`);
}

/**
 * Reads `val_accuracy > 0.9 and lr <= 0.001 and optimizer = adam`. Clauses are joined by `and`.
 * A key is a metric's or parameter's name (`metric:x` and `parameter:x` say which), or `number`,
 * `label`, `description`, `creator`, `created`; names with white space or comparison signs stand
 * in quotes. A quoted value is a text, never a number. `~` means "contains", ignoring case.
 * @throws Failure `usage` with what is wrong
 */
export function parseFilter(text: string): Filter {
  if (text.length > maximumLength) {
    throw wrong(`the condition has ${text.length} characters, more than ${maximumLength}`);
  }
  const tokens = tokensOf(text);
  if (tokens.length === 0) throw wrong('the condition is empty');
  const clauses: FilterClause[] = [];
  for (let at = 0; ; at += 4) {
    clauses.push(clauseOf(tokens.slice(at, at + 3)));
    const join = tokens[at + 3];
    if (join === undefined) return { clauses };
    if (join.kind !== 'word' || join.text.toLowerCase() !== 'and') {
      throw wrong(`"${join.text}" stands where only "and" may join two conditions`);
    }
  }
}
