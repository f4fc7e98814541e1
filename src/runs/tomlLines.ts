const key = String.raw`(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')`;
const dotted = String.raw`${key}(?:\s*\.\s*${key})*`;
const tablePattern = new RegExp(String.raw`^\s*(\[\[?)\s*(${dotted})\s*\]`);
const keyPattern = new RegExp(String.raw`^\s*(${dotted})\s*=`);

/**
 * Where the keys of a TOML document stand: line (from 1) by path. The parser does not tell; this
 * goes by the lines' beginnings, and what it misses only has no line. Arrays of tables count up.
 */
export function tomlLines(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  const counts = new Map<string, number>();
  let table = '';
  let inText = false;
  for (const [index, line] of text.split('\n').entries()) {
    const begunInText = inText;
    // Every second delimiter of a multi-line text ends it.
    if ((line.match(/"""|'''/g) ?? []).length % 2 === 1) inText = !inText;
    if (begunInText) continue;
    const header = tablePattern.exec(line);
    if (header !== null) {
      const name = partsOf(header[2] ?? '').join('.');
      if (header[1] === '[[') counts.set(name, (counts.get(name) ?? -1) + 1);
      table = withIndexes(partsOf(header[2] ?? ''), counts);
      continue;
    }
    const name = keyPattern.exec(line)?.[1];
    if (name === undefined) continue;
    const path = [table, ...partsOf(name)].filter((part) => part !== '').join('.');
    if (!lines.has(path)) lines.set(path, index + 1);
  }
  return lines;
}

function partsOf(name: string): string[] {
  const parts = name.match(new RegExp(key, 'g')) ?? [];
  return parts.map((part) => (/^["']/.test(part) ? part.slice(1, -1) : part));
}

function withIndexes(parts: readonly string[], counts: ReadonlyMap<string, number>): string {
  const path: string[] = [];
  for (const [index, part] of parts.entries()) {
    path.push(part);
    const count = counts.get(parts.slice(0, index + 1).join('.'));
    if (count !== undefined) path.push(String(count));
  }
  return path.join('.');
}
