import { type Comparison, type FilterToken, filterTokens, wrongFilter } from './filterTokens';
import { canonicalJson } from './operation';

export type { Comparison } from './filterTokens';

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

/** A condition: one comparison, or several that are joined. */
export type Filter =
  | { readonly kind: 'clause'; readonly clause: FilterClause }
  | { readonly kind: 'all' | 'either'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter };

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

/** More brackets within each other, or more comparisons, than any person writes. */
const maximumDepth = 50;
const maximumClauses = 200;

const numberPattern = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|infinity|inf|nan)$/i;

/** `metric:x`, `parameter:x`, a field of the version, or any name. */
export function parseFilterKey(text: string): FilterKey {
  const scoped = /^(metric|parameter):(.+)$/s.exec(text);
  if (scoped !== null) {
    return { kind: scoped[1] as 'metric' | 'parameter', name: scoped[2] as string };
  }
  const field = fields[text.toLowerCase()];
  return field === undefined ? { kind: 'any', name: text } : { kind: 'field', field };
}

function keyOf(token: FilterToken): FilterKey {
  if (token.kind === 'comparison' || token.kind === 'bracket')
    throw wrongFilter(`the condition has no name before "${token.text}"`);
  if (token.text === '') throw wrongFilter('the condition has an empty name');
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

function rightSide(token: FilterToken): FilterValue {
  if (token.kind === 'quoted') return { text: token.text, number: null };
  if (!token.text.startsWith('[')) return { text: token.text, number: numberIn(token.text) };
  try {
    return { text: canonicalJson(JSON.parse(token.text)), number: null };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw wrongFilter(`the list ${token.text} is not JSON`);
  }
}

function checked(clause: FilterClause, written: string): FilterClause {
  const { key, comparison, value } = clause;
  if (key.kind === 'field' && key.field === 'number') {
    if (value.number === null || Number.isNaN(value.number)) {
      throw wrongFilter(`"${written}" compares the version's number with something else`);
    }
    if (comparison === '~')
      throw wrongFilter('"~" looks for a text in a text, and "number" is a number');
  }
  if (key.kind === 'metric') {
    if (value.number === null) throw wrongFilter(`"${written}" compares a metric with a text`);
    if (comparison === '~')
      throw wrongFilter('"~" looks for a text in a text, and a metric is a number');
  }
  return clause;
}

function clauseOf(
  left: FilterToken | undefined,
  middle: FilterToken | undefined,
  right: FilterToken | undefined,
): FilterClause {
  if (left === undefined) throw wrongFilter('the condition is empty');
  const key = keyOf(left);
  if (middle === undefined) throw wrongFilter(`the condition "${left.text}" compares nothing`);
  if (middle.kind !== 'comparison') {
    throw wrongFilter(`"${middle.text}" stands where a comparison should (= != > >= < <= ~)`);
  }
  const written = `${left.text} ${middle.text}`;
  if (right === undefined) throw wrongFilter(`the condition "${written}" has no value`);
  if (right.kind === 'comparison' || right.kind === 'bracket') {
    throw wrongFilter(`"${written}" is followed by "${right.text}"`);
  }
  const comparison = middle.text as Comparison;
  return checked({ key, comparison, value: rightSide(right) }, `${written} ${right.text}`);
}

/** Goes over the words once: `or` joins what `and` joined, `not` binds closest. */
class FilterParser {
  private at = 0;
  private depth = 0;
  private clauses = 0;

  constructor(private readonly tokens: readonly FilterToken[]) {}

  whole(): Filter {
    const filter = this.either();
    const rest = this.tokens[this.at];
    if (rest === undefined) return filter;
    if (rest.text === ')') throw wrongFilter('a ")" closes no "("');
    throw wrongFilter(`"${rest.text}" stands where only "and" or "or" may join two conditions`);
  }

  private either(): Filter {
    return this.joined('either', 'or', () => this.joined('all', 'and', () => this.operand()));
  }

  private joined(kind: 'all' | 'either', word: 'and' | 'or', part: () => Filter): Filter {
    const parts = [part()];
    while (this.isWord(word)) {
      this.at++;
      if (this.at >= this.tokens.length) throw wrongFilter(`the condition ends with "${word}"`);
      parts.push(part());
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind, of: parts };
  }

  private operand(): Filter {
    const token = this.tokens[this.at];
    const next = this.tokens[this.at + 1];
    if (this.isWord('not') && next !== undefined && next.kind !== 'comparison') {
      this.at++;
      return { kind: 'not', of: this.deeper(() => this.operand()) };
    }
    if (token?.text === '(' && token.kind === 'bracket') {
      this.at++;
      return this.deeper(() => this.bracketed());
    }
    if (++this.clauses > maximumClauses) {
      throw wrongFilter(`the condition has more than ${maximumClauses} comparisons`);
    }
    const clause = clauseOf(token, this.tokens[this.at + 1], this.tokens[this.at + 2]);
    this.at += 3;
    return { kind: 'clause', clause };
  }

  private bracketed(): Filter {
    const inside = this.either();
    if (this.tokens[this.at]?.text !== ')') throw wrongFilter('a "(" is not closed');
    this.at++;
    return inside;
  }

  private deeper(work: () => Filter): Filter {
    if (++this.depth > maximumDepth) {
      throw wrongFilter(`the condition has more than ${maximumDepth} levels`);
    }
    const inside = work();
    this.depth--;
    return inside;
  }

  private isWord(word: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'word' && token.text.toLowerCase() === word;
  }
}

/**
 * Reads `val_accuracy > 0.9 and (lr <= 0.001 or not optimizer = adam)`. `not` binds closest, then
 * `and`, then `or`. A key is a metric's or parameter's name (`metric:x` and `parameter:x` say which),
 * or `number`, `label`, `description`, `creator`, `created`; names with white space, comparison
 * signs or open brackets stand in quotes. A quoted value is a text, never a number. `~` means
 * "contains", ignoring case.
 * @throws Failure `usage` with what is wrong
 */
export function parseFilter(text: string): Filter {
  if (text.length > maximumLength) {
    throw wrongFilter(`the condition has ${text.length} characters, more than ${maximumLength}`);
  }
  return new FilterParser(filterTokens(text)).whole();
}

/** Every comparison in a condition, in their order. */
export function filterClauses(filter: Filter): FilterClause[] {
  if (filter.kind === 'clause') return [filter.clause];
  return filter.kind === 'not' ? filterClauses(filter.of) : filter.of.flatMap(filterClauses);
}

/** What a person wrote into a search box: nothing, words to look for, or a condition. */
export type Search =
  | { readonly kind: 'everything' }
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'condition'; readonly text: string };

/** A text with a comparison sign in it is a condition. */
export function searchOf(typed: string): Search {
  const text = typed.trim();
  if (text === '') return { kind: 'everything' };
  return { kind: /[<>=~]/.test(text) ? 'condition' : 'words', text };
}
