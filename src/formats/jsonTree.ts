/** JSON that a file holds, as far as anything is known of it. */

/** The parsed text; `null` for a text that is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A text that is no JSON tells nothing; anything else is a bug.
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a path of keys leads to; `undefined` where it leads nowhere. */
export function at(tree: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, key) => (isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined),
    tree,
  );
}

export function listAt(tree: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(tree, ...path);
  return Array.isArray(found) ? found : [];
}
