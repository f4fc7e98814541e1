import { isFailure } from './failure';
import { type FilterToken, filterTokens, filterWord } from './filterTokens';
import { fold } from './fold';

/** What a condition can be about. */
export interface FilterVocabulary {
  readonly metrics: readonly string[];
  readonly parameters: readonly string[];
  /** Values that a parameter has, as texts; empty where they are not worth offering. */
  readonly valuesOf: (parameter: string) => readonly string[];
}

export interface FilterSuggestion {
  /** As it stands in the condition, with quotes where they are needed. */
  readonly text: string;
  /** What it is: `metric`, `parameter`, `value`, … */
  readonly detail: string;
}

/** What may be written at a place: it takes the place of `start` to `end`. */
export interface FilterCompletion {
  readonly start: number;
  readonly end: number;
  readonly suggestions: readonly FilterSuggestion[];
}

type Expected = 'name' | 'comparison' | 'value' | 'join';

const most = 50;

const fieldNames: readonly FilterSuggestion[] = [
  { text: 'number', detail: 'of the version' },
  { text: 'label', detail: 'of the version' },
  { text: 'description', detail: 'of the version' },
  { text: 'creator', detail: 'name or address' },
  { text: 'created', detail: 'as 2026-11-21' },
];
const comparisons: readonly FilterSuggestion[] = [
  { text: '>', detail: 'greater' },
  { text: '>=', detail: 'greater or equal' },
  { text: '<', detail: 'less' },
  { text: '<=', detail: 'less or equal' },
  { text: '=', detail: 'equal' },
  { text: '!=', detail: 'not equal' },
  { text: '~', detail: 'contains' },
];
const joins: readonly FilterSuggestion[] = [
  { text: 'and', detail: 'both hold' },
  { text: 'or', detail: 'one of them holds' },
];

/** What may stand at `caret` (an offset) in a condition, those that begin so first. */
export function filterCompletion(
  text: string,
  caret: number,
  vocabulary: FilterVocabulary,
): FilterCompletion {
  const before = wordsOf(text.slice(0, caret));
  const last = before.at(-1);
  const touched = last !== undefined && last.end === caret && last.kind === 'word' ? last : null;
  const begun = touched === null ? before : before.slice(0, -1);
  const { expected, name } = expectedAfter(begun);
  const start = touched?.start ?? caret;
  const written = touched?.text ?? '';
  const all = suggestionsFor(expected, name, vocabulary);
  return { start, end: endOfWord(text, caret), suggestions: fitting(all, written) };
}

/** The words before the caret; the last may be a quoted one that is still open. */
function wordsOf(text: string): FilterToken[] {
  try {
    return filterTokens(text);
  } catch (thrown) {
    // While it is typed, a text in quotes has no end yet.
    if (!isFailure(thrown, 'usage')) throw thrown;
    const opened = Math.max(text.lastIndexOf('"'), text.lastIndexOf("'"));
    const end = text.length;
    const word = { kind: 'word', text: text.slice(opened + 1), start: opened, end } as const;
    return opened < 0 ? [] : [...wordsOf(text.slice(0, opened)), word];
  }
}

function endOfWord(text: string, caret: number): number {
  const rest = /^[^\s=!<>~"'()]*/.exec(text.slice(caret))?.[0] ?? '';
  return caret + rest.length;
}

/** What comes after these words, and the name whose value it is. */
function expectedAfter(tokens: readonly FilterToken[]): { expected: Expected; name: string } {
  let expected: Expected = 'name';
  let name = '';
  for (const { kind, text } of tokens) {
    const isWord = kind === 'word';
    if (kind === 'bracket') expected = text === '(' ? 'name' : 'join';
    else if (expected === 'name' && !(isWord && /^not$/i.test(text))) {
      name = text;
      expected = 'comparison';
    } else if (expected === 'comparison') expected = 'value';
    else if (expected === 'value') expected = 'join';
    else if (expected === 'join') expected = 'name';
  }
  return { expected, name };
}

function suggestionsFor(
  expected: Expected,
  name: string,
  { metrics, parameters, valuesOf }: FilterVocabulary,
): readonly FilterSuggestion[] {
  if (expected === 'comparison') return comparisons;
  if (expected === 'join') return joins;
  const named = (detail: string) => (text: string) => ({ text: filterWord(text), detail });
  if (expected === 'value') return valuesOf(name.replace(/^parameter:/, '')).map(named('value'));
  const both = new Set(metrics);
  return [
    ...metrics.map(named('metric')),
    ...parameters.filter((parameter) => !both.has(parameter)).map(named('parameter')),
    ...fieldNames,
    { text: 'not', detail: 'turns the next condition round' },
  ];
}

function fitting(all: readonly FilterSuggestion[], written: string): FilterSuggestion[] {
  const wanted = fold(written);
  const plain = ({ text }: FilterSuggestion) => fold(text.replace(/^"|"$/g, ''));
  const found = all.filter((one) => plain(one).includes(wanted) && one.text !== written);
  const rank = (one: FilterSuggestion) => Number(!plain(one).startsWith(wanted));
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, most);
}
