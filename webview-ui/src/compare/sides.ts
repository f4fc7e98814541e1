import { type ComparedSide, maximumSides, type Side } from '../../../src/core/comparisonReport';
import type { CompareView, VersionChoice } from '../../../src/wire/comparePanel';
import type { PickerOption } from '../pickerOption';

/** The value that stands for the working files in a picker. No reference looks like it. */
const workingValue = ' working';

export function pickerValue(side: Side): string {
  return side ?? workingValue;
}

export function sideOf(value: string): Side {
  return value === workingValue ? null : value;
}

/**
 * What the picker of one side offers: the working files (never as the base), all versions, and the
 * side itself where it is not among them.
 */
export function pickerOptions(view: CompareView, index: number): PickerOption[] {
  const own = view.sides[index];
  const known = own === undefined || own.side === null || isOffered(view.choices, own.side);
  return [
    ...(index === 0 ? [] : [{ value: workingValue, text: 'Working files' }]),
    ...(known ? [] : [{ value: pickerValue(own.side), text: sideText(own) }]),
    ...view.choices.map((choice) => ({ value: choice.reference, text: choiceText(choice) })),
  ];
}

function isOffered(choices: readonly VersionChoice[], reference: string): boolean {
  return choices.some((choice) => choice.reference === reference);
}

function choiceText(choice: VersionChoice): string {
  const { title, description, detail, current, baseline } = choice;
  const marks = [...(current ? ['current'] : []), ...(baseline ? ['baseline'] : [])];
  const name = marks.length === 0 ? title : `${title} (${marks.join(', ')})`;
  return joined([name, description, detail]);
}

/** The choices with this version as the only baseline, or with none. */
export function withBaseline(
  choices: readonly VersionChoice[],
  baseline: string | null,
): VersionChoice[] {
  return choices.map((choice) => ({ ...choice, baseline: choice.reference === baseline }));
}

function sideText({ title, description }: ComparedSide): string {
  return joined([title, description]);
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

/** The sides with another one at `index`. */
export function replaced(sides: readonly Side[], index: number, side: Side): Side[] {
  return sides.map((old, at) => (at === index ? side : old));
}

/** The two sides the other way round; `null` where the base would not be a version. */
export function swapped(sides: readonly Side[]): Side[] | null {
  const [base, other] = sides;
  if (sides.length !== 2 || base === undefined || other === undefined || other === null) {
    return null;
  }
  return [other, base];
}

/** One side more: the newest version that is not there yet, else the working files. */
export function withOneMore(view: CompareView, sides: readonly Side[]): Side[] | null {
  if (sides.length >= maximumSides) return null;
  const shown = new Set(view.sides.map(({ side }) => side));
  const free = view.choices.find(({ reference }) => !shown.has(reference));
  if (free !== undefined) return [...sides, free.reference];
  return shown.has(null) ? null : [...sides, null];
}

/** The side at `index` as the base that all others are held against; `null` for working files. */
export function pinned(sides: readonly Side[], index: number): Side[] | null {
  const side = sides[index];
  if (side === null || side === undefined || index === 0) return null;
  return [side, ...sides.filter((_, at) => at !== index)];
}

export function without(sides: readonly Side[], index: number): Side[] {
  return sides.filter((_, at) => at !== index);
}

/** Whether going back to a side makes sense: it is a version and not the current one. */
export function canRollBackTo({ side }: ComparedSide, choices: readonly VersionChoice[]): boolean {
  return side !== null && !choices.some(({ reference, current }) => current && reference === side);
}
