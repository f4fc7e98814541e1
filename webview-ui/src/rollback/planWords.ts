import type { PathAction, RollbackPart } from '../../../src/core/plan';
import type { ParameterRow, PartRow, RollbackView } from '../../../src/wire/rollbackPanel';

/** What happens to a path, in one word. */
export const actionWords: Readonly<Record<PathAction, string>> = {
  write: 'write',
  delete: 'delete',
  keep: 'keep',
};

/** Longer lists are cut: the rest is counted, and code has the diff editor. */
const mostRows = 200;

/** The first rows of a list, and how many more there are. */
export function firstRows<R>(rows: readonly R[]): {
  readonly shown: readonly R[];
  readonly more: number;
} {
  return { shown: rows.slice(0, mostRows), more: Math.max(0, rows.length - mostRows) };
}

/** What becomes of a parameter, as a clause for screen readers and for the eye. */
export function parameterWords({ from, to }: ParameterRow): string {
  if (to === null) return 'is taken away';
  return from === null ? 'is added' : 'is set back';
}

/** The parts that are wanted when one box is clicked, in the order of the boxes. */
export function toggled(
  parts: readonly PartRow[],
  only: readonly RollbackPart[],
  clicked: RollbackPart,
): RollbackPart[] {
  return parts.map(({ part }) => part).filter((part) => only.includes(part) !== (part === clicked));
}

/** Why the button cannot be pressed now; `null` when it can. */
export function hindrance(view: RollbackView, only: readonly RollbackPart[]): string | null {
  if (view.refused !== null) return view.refused;
  if (only.length === 0) return 'Choose at least one part to roll back.';
  if (!view.empty) return null;
  return view.parts.every(({ available }) => !available)
    ? `Nothing to do: the working files are what ${view.title} holds already.`
    : 'Nothing to do for the chosen parts.';
}
