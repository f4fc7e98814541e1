/**
 * The texts of a notebook's code cells, in its order (Jupyter's format 4:
 * https://nbformat.readthedocs.io); none of what is no notebook, or is broken.
 */
export function notebookCells(text: string): string[] {
  const tree = parsed(text);
  const cells = isObject(tree) && Array.isArray(tree['cells']) ? tree['cells'] : [];
  return cells.flatMap((cell: unknown) => {
    if (!isObject(cell) || cell['cell_type'] !== 'code') return [];
    const source = cell['source'];
    if (typeof source === 'string') return [source];
    return Array.isArray(source) ? [source.map(String).join('')] : [];
  });
}

/** A line of a code cell, and the line of the notebook's file that it stands in (from 1). */
export interface NotebookLine {
  readonly text: string;
  readonly line: number;
}

/**
 * The lines of all code cells of a notebook as Jupyter writes it: an item a line, and the keys of all
 * cells equally far in. Empty where it is written otherwise.
 */
export function notebookLines(text: string): NotebookLine[] {
  const lines = text.split('\n');
  const indent = lines.flatMap((line) => /^(\s*)"cell_type":/.exec(line)?.[1] ?? [])[0];
  if (indent === undefined) return [];
  const isKey = (line: string, key: string) => line.startsWith(`${indent}"${key}":`);
  const found: NotebookLine[] = [];
  let isCode = false;
  let inside = false;
  for (const [index, line] of lines.entries()) {
    if (isKey(line, 'cell_type')) isCode = /"code"/.test(line);
    else if (isKey(line, 'source')) inside = isCode && /\[\s*$/.test(line);
    else if (inside && /^\s*\]/.test(line)) inside = false;
    else if (inside) found.push({ text: itemOf(line), line: index + 1 });
  }
  return found;
}

/** The text that an item of a JSON list stands for, without the end of its line. */
function itemOf(line: string): string {
  const item = parsed(line.trim().replace(/,$/, ''));
  return typeof item === 'string' ? item.replace(/\r?\n$/, '') : line;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A notebook that was cut short was committed so: it has no cells that can be told.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/**
 * A cell's text as Python: lines for the notebook's own commands (`%matplotlib inline`,
 * `!pip install`, `?name`) become comments of the same length, so that every offset still holds.
 */
export function withoutMagics(cell: string): string {
  if (/^\s*%%/.test(cell)) {
    // A cell magic hands the whole cell on; only those that run it as Python keep its text.
    if (!/^\s*%%(?:time|timeit|capture|prun)\b/.test(cell)) return '';
  }
  return cell.replace(/^([ \t]*)[%!?]/gm, '$1#');
}
