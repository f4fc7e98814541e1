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
