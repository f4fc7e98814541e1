import { Failure } from './failure';

const modelPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const reservedLabels = /^(?:[vb]\d+(?:\.\d+)?|latest|current|previous|best|last-good)$/i;

function whyNotAName(name: string): string | null {
  if (!modelPattern.test(name)) {
    return 'a name has 1 to 64 letters, digits, dots, dashes or underscores and begins with a letter or digit';
  }
  if (name.includes('..')) return 'a name holds no ".."';
  if (name.endsWith('.')) return 'a name does not end in "."';
  if (/\.lock$/i.test(name)) return 'a name does not end in ".lock"';
  return null;
}

/** Whether the text may name a model (also as a part of a Git ref). */
export function isModelName(name: string): boolean {
  return whyNotAName(name) === null;
}

/** @throws Failure `name-invalid` */
export function requireModelName(name: string): string {
  const why = whyNotAName(name);
  if (why !== null) throw new Failure('name-invalid', { what: 'model', name, why });
  return name;
}

/** A label or stage: a name that no other form of reference looks like. @throws Failure `name-invalid` */
export function requireLabel(name: string, what: 'label' | 'stage' = 'label'): string {
  const why =
    whyNotAName(name) ??
    (reservedLabels.test(name) ? 'it means something else in a reference' : null);
  if (why !== null) throw new Failure('name-invalid', { what, name, why });
  return name;
}

/** The nearest valid model name to any text (a folder's name, say); `model` when nothing is left. */
export function modelNameFrom(text: string): string {
  const name = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64)
    .replace(/(?:\.lock)+$/i, '')
    .replace(/[-._]+$/, '');
  return isModelName(name) ? name : 'model';
}
