import picomatch from 'picomatch';

/** Whether a path (relative, forward slashes) is meant. */
export type Matcher = (path: string) => boolean;

export interface GlobOptions {
  /** `Platform.system`; where file systems ignore case (Windows, macOS), globs do. */
  readonly system?: string;
}

const special = /[\\*?[\]{}()!+@|]/g;

/** The path that a glob without wildcards names, its escapes taken away; `null` with wildcards. */
export function literalOf(glob: string): string | null {
  if (glob.startsWith('!') || /(?<!\\)(?:\\\\)*[*?[\]{}()]/.test(glob)) return null;
  return clean(glob.replace(/\\(.)/g, '$1'));
}

/** A glob that names exactly this path. */
export function escapeGlob(path: string): string {
  return path.replace(special, '\\$&');
}

function clean(glob: string): string {
  return glob.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
}

const ascii = /^[\0-\x7f]*$/;
/** Nearly all paths are ASCII, and of 100,000 only a look at that is cheap. */
const composed = (text: string) => (ascii.test(text) ? text : text.normalize('NFC'));

/**
 * Whether a path matches one of the globs and none of those with `!` before it (which may stand
 * alone: everything else, then). `*` and `?` stay within a part of a path, `**` does not, `[…]`
 * and `{a,b}` choose; names that begin with a dot match like all others. A glob without wildcards
 * also means everything below it, and so does one that ends in `/`. Composed and decomposed
 * letters are the same.
 */
export function matcher(globs: readonly string[], options: GlobOptions = {}): Matcher {
  // Compiled with the first path: many a matcher never gets one.
  let matches: Matcher | null = null;
  return (path) => {
    matches ??= compile(globs, options);
    return matches(path);
  };
}

function compile(globs: readonly string[], options: GlobOptions): Matcher {
  const wanted = globs.filter((glob) => !glob.startsWith('!'));
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  const wants = anyOf(wanted.length === 0 && unwanted.length > 0 ? ['**'] : wanted, options);
  const refuses = anyOf(unwanted, options);
  if (globs.length === 0) return () => false;
  return (path) => {
    const name = composed(path);
    return wants(name) && !refuses(name);
  };
}

function anyOf(globs: readonly string[], options: GlobOptions): Matcher {
  const matchers = globs.map((glob) => one(glob, options));
  const [only] = matchers;
  if (only !== undefined && matchers.length === 1) return only;
  return (path) => matchers.some((matches) => matches(path));
}

function one(glob: string, { system = '' }: GlobOptions): Matcher {
  const ignoresCase = /^(?:win32|darwin)/.test(system);
  const literal = literalOf(glob);
  if (literal !== null) {
    const fold = (text: string) => (ignoresCase ? text.toLowerCase() : text);
    const name = fold(composed(literal));
    const inside = `${name}/`;
    return (path) => {
      const folded = fold(path);
      return folded.startsWith(name) && (folded === name || folded.startsWith(inside));
    };
  }
  const pattern = glob.endsWith('/') ? `${clean(glob)}/**` : clean(glob);
  return picomatch(composed(pattern), { dot: true, nocase: ignoresCase, noextglob: true });
}

/** Where the files lie that a glob can match. */
export interface GlobReach {
  /** The directory that holds them all, `''` for the top; the file itself for a literal glob. */
  readonly base: string;
  /** Whether something below this directory (parts from the base on) can match. */
  enters(parts: readonly string[]): boolean;
}

/** How far the files of a glob can be apart, so that a walk looks nowhere else. */
export function reachOf(glob: string, options: GlobOptions = {}): GlobReach {
  const parts = clean(glob).split('/');
  const wild = parts.findIndex((part) => literalOf(part) === null);
  const base = wild < 0 ? parts : parts.slice(0, wild);
  const rest = parts.slice(base.length);
  const level = rest.findIndex((part) => part.includes('**') || !isWhole(part));
  const deep = glob.endsWith('/') || rest.length === 0 || level >= 0;
  const levels = (deep ? rest.slice(0, Math.max(level, 0)) : rest.slice(0, -1)).map((part) =>
    one(part, options),
  );
  return {
    base: base.map((part) => literalOf(part) ?? part).join('/'),
    enters: (entered) =>
      (deep || entered.length <= levels.length) &&
      levels.every(
        (matches, index) => matches(composed(entered[index] ?? '')) || index >= entered.length,
      ),
  };
}

/** Whether braces and brackets of a glob's part close in it: `{a/b,c}` reaches over two levels. */
function isWhole(part: string): boolean {
  const count = (pattern: RegExp) => part.match(pattern)?.length ?? 0;
  return count(/\{/g) === count(/\}/g) && count(/\(/g) === count(/\)/g);
}
