/**
 * The function or class around a line, by indentation: from its `def`, `class` or first decorator to
 * its last line; the line alone where there is none. Lines from 0, both included.
 */
export function enclosingBlock(
  lines: readonly string[],
  line: number,
): { readonly from: number; readonly to: number } {
  const own = indentOf(lines, line);
  for (let at = line, inner = own + 1; at >= 0; at--) {
    const text = lines[at] ?? '';
    if (text.trim() === '' || indentation(text) >= inner) continue;
    if (/^\s*(?:async\s+)?(?:def|class)\b/.test(text)) {
      return { from: firstDecorator(lines, at), to: lastLine(lines, at) };
    }
    inner = indentation(text);
    if (inner === 0 && at < line) break;
  }
  return { from: line, to: line };
}

function indentation(text: string): number {
  return text.length - text.trimStart().length;
}

/** Of an empty line, that of the next one with text. */
function indentOf(lines: readonly string[], line: number): number {
  const text = lines.slice(line).find((one) => one.trim() !== '') ?? '';
  return indentation(text);
}

function firstDecorator(lines: readonly string[], definition: number): number {
  let first = definition;
  while (/^\s*@/.test(lines[first - 1] ?? '')) first--;
  return first;
}

function lastLine(lines: readonly string[], definition: number): number {
  const own = indentation(lines[definition] ?? '');
  let last = definition;
  for (let at = definition + 1; at < lines.length; at++) {
    const text = lines[at] ?? '';
    if (text.trim() === '') continue;
    // A closing bracket of the head stands at the head's own indentation.
    if (indentation(text) <= own && !/^\s*[)\]}]/.test(text)) break;
    last = at;
  }
  return last;
}
