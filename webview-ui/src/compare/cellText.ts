import type { ValueCell } from '../../../src/core/comparisonReport';
import { parameterFigure } from '../../../src/core/figures';

/** A cell as it is shown, and the whole value where that is more. */
export interface CellText {
  readonly text: string;
  readonly title: string;
}

const fraction = /^-?\d+\.\d+(?:e[+-]?\d+)?$/i;

/**
 * The cells of a row, numbers with at most six digits that count; with all of them where two
 * different values would look the same. `null` where a side has no value.
 */
export function cellTexts(cells: readonly Pick<ValueCell, 'text'>[]): (CellText | null)[] {
  const shown = cells.map(({ text }) => (text === null ? null : shortened(text)));
  return cells.map(({ text }, index) => {
    const short = shown[index];
    if (text === null || short === null || short === undefined) return null;
    const mistaken = cells.some((other, at) => other.text !== text && shown[at] === short);
    return { text: mistaken ? text : short, title: text };
  });
}

function shortened(text: string): string {
  return fraction.test(text) ? parameterFigure(Number(text)) : text;
}

/** A metric's value with all its digits, where the figure shows fewer. */
export function exactTitle(text: string | null, exact: string | null): string {
  return exact === null || exact === text ? '' : exact;
}
