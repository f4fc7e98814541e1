import { Failure } from './failure';

export type Comparison = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~';

/** A word of an expression; `start` and `end` are offsets in its text. */
export interface FilterToken {
  readonly kind: 'word' | 'quoted' | 'comparison' | 'bracket';
  /** As meant: quoted ones without their quotes, `==` as `=`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

// A quoted text, a comparison, a list, a bracket, or a word: everything up to white space, a
// comparison or a bracket; brackets that close again belong to the word, as in `mAP50-95(B)`.
const tokenPattern =
  /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(==|!=|>=|<=|=|>|<|~)|([()])|(\[[^\]]*\]|(?:[^\s=!<>~"'()]|(?<=[^\s()])\([^\s()]*\))+))/y;

/** A usage failure about a condition. */
export function wrongFilter(what: string): Failure<'usage'> {
  return new Failure('usage', { what });
}

/** The words of an expression. @throws Failure `usage` where a text cannot be cut into words */
export function filterTokens(text: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  const pattern = new RegExp(tokenPattern);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const found = pattern.exec(text);
    if (found === null) {
      throw wrongFilter(`the condition cannot be read from "${text.slice(at).trim()}"`);
    }
    tokens.push(tokenOf(found));
  }
  return tokens;
}

function tokenOf(found: RegExpExecArray): FilterToken {
  const [whole, double, single, comparison, bracket, word] = found;
  const end = found.index + whole.length;
  const start = end - whole.trimStart().length;
  const quoted = double ?? single;
  if (quoted !== undefined) {
    return { kind: 'quoted', text: quoted.replace(/\\(.)/gs, '$1'), start, end };
  }
  if (comparison !== undefined) {
    return { kind: 'comparison', text: comparison === '==' ? '=' : comparison, start, end };
  }
  if (bracket !== undefined) return { kind: 'bracket', text: bracket, start, end };
  return { kind: 'word', text: word ?? '', start, end };
}

/** A name or value as it stands in an expression: in quotes where it would be read otherwise. */
export function filterWord(text: string): string {
  const plain = /^[^\s=!<>~"'()[\]]+$/.test(text) && !/^(?:and|or|not)$/i.test(text);
  return plain ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
