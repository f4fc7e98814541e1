import { Failure } from './failure';
import { isModelName } from './names';

/** Which version of a model is meant. */
export type Selector =
  | { readonly kind: 'version'; readonly number: number; readonly revision: number | null }
  | { readonly kind: 'backup'; readonly number: number }
  | { readonly kind: 'latest' | 'current' | 'previous' | 'best' | 'last-good' }
  /** A label or a stage. */
  | { readonly kind: 'name'; readonly name: string };

export interface Reference {
  /** `null` where it was left out: right in a project of one model. */
  readonly model: string | null;
  readonly selector: Selector;
}

const keywords = new Set(['latest', 'current', 'previous', 'best', 'last-good'] as const);
type Keyword = typeof keywords extends Set<infer K> ? K : never;

/**
 * Reads `MODEL@v3`, `MODEL@v3.2`, `MODEL@b1`, `MODEL@LABEL`, `MODEL@latest`, `@best`, and also
 * `v3` or `b1` alone. `null` when the text cannot be a reference (`./x` never is one).
 */
export function parseReference(text: string): Reference | null {
  const at = text.indexOf('@');
  if (at < 0) {
    const selector = parseSelector(text);
    return selector !== null && selector.kind !== 'name' ? { model: null, selector } : null;
  }
  const model = at === 0 ? null : text.slice(0, at);
  if (model !== null && !isModelName(model)) return null;
  const selector = parseSelector(text.slice(at + 1));
  return selector === null ? null : { model, selector };
}

function parseSelector(text: string): Selector | null {
  const numbered = /^([vb])([1-9]\d{0,8})(?:\.([1-9]\d{0,8}))?$/.exec(text);
  if (numbered !== null) {
    const number = Number(numbered[2]);
    const revision = numbered[3] === undefined ? null : Number(numbered[3]);
    if (numbered[1] === 'v') return { kind: 'version', number, revision };
    return revision === null ? { kind: 'backup', number } : null;
  }
  if (keywords.has(text as Keyword)) return { kind: text as Keyword };
  return isModelName(text) ? { kind: 'name', name: text } : null;
}

/** @throws Failure `reference-invalid` */
export function requireReference(text: string): Reference {
  const reference = parseReference(text);
  if (reference === null) throw new Failure('reference-invalid', { text });
  return reference;
}
