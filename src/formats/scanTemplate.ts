import { placeAt, type ScanTask } from './scanTask';

/**
 * Chat templates are programs in a small language (Jinja). They are shown and looked at, never
 * rendered. What stands outside the brackets is text and harmless; within them, what leads from a
 * value to Python's internals is looked for in the code and in the texts that names are put together
 * of. https://jinja.palletsprojects.com/en/stable/sandbox/
 */
export function scanTemplate(task: ScanTask, key: string, template: string): void {
  const { code, texts } = templateParts(template);
  if (!reaching.test(code) && !byName.test(code) && !texts.some(hidesName)) return;
  task.findings.add(
    'template-code',
    'dangerous',
    `${key} reaches for Python's internals or other files: a program that renders it without a sandbox runs code of the file's choosing.`,
    placeAt(task),
  );
}

/** Names of Python's internals, and statements that load other templates. */
const reaching =
  /__\w+__|\bself\b\s*\.\s*_|\b(?:globals|builtins|popen|subprocess|eval|exec|getattr|lipsum|mro|os)\b\s*[.([]|\b(?:func|f|gi|cr|ag|tb)_(?:globals|builtins|locals|back|frame|code)\b|\b(?:cycler|joiner|namespace|config|request|url_for|get_flashed_messages)\s*\.|^\s*-?\s*(?:include|extends|import|from)\b/m;

/** Attributes by a name that is computed. */
const byName =
  /\|\s*attr\b|(?<![a-z.])attr\s*\(|\b(?:map|sum|sort|groupby|unique|min|max)\s*\(\s*attribute\s*=\s*(?!"")|\b(?:select|reject)attr\s*\(\s*(?!"")|""\s*(?:\|\s*reverse|\[\s*::\s*-)|"_"\s*[*~+]|[*~+]\s*"_"|\[\s*"_"/;

/** A text that is or becomes a name of Python's internals. */
function hidesName(text: string): boolean {
  return (
    /^__|__$|%c/.test(text) ||
    /\\(?:x[0-9a-fA-F]{2}|u00[0-9a-fA-F]{2}|U000000[0-9a-fA-F]{2}|[0-7]{2,3}|N\{)/.test(text)
  );
}

/**
 * The code within `{{ }}` and `{% %}`, a line each, with `""` in the place of each text literal (a
 * single underscore stays), and the literals. Comments and the text around are left out.
 */
function templateParts(template: string): { code: string; texts: string[] } {
  const texts: string[] = [];
  const lines: string[] = [];
  const opening = /\{\{|\{%|\{#/g;
  for (let found = opening.exec(template); found !== null; found = opening.exec(template)) {
    const close = { '{{': '}}', '{%': '%}', '{#': '#}' }[found[0]] ?? '}}';
    if (close === '#}') {
      const end = template.indexOf(close, opening.lastIndex);
      opening.lastIndex = end < 0 ? template.length : end + 2;
      continue;
    }
    const part = codePart(template, opening.lastIndex, close, texts);
    lines.push(part.code);
    opening.lastIndex = part.end;
  }
  return { code: lines.join('\n'), texts };
}

function codePart(template: string, from: number, close: string, texts: string[]) {
  const literal = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y;
  let code = '';
  let at = from;
  while (at < template.length && !template.startsWith(close, at)) {
    literal.lastIndex = at;
    const text = literal.exec(template)?.[0];
    if (text === undefined) code += template[at++] ?? '';
    else {
      texts.push(text.slice(1, -1));
      code += text.slice(1, -1) === '_' ? '"_"' : '""';
      at += text.length;
    }
  }
  return { code: code.replace(/^[-+]/, ''), end: Math.min(template.length, at + close.length) };
}
