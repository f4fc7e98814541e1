import { type MetricsRow, maximumCurves } from '../../../src/wire/metricsPanel';

/** Versions that are chosen when nobody has chosen yet. */
const chosenAtFirst = 3;

/** The current version, the best one, and then the newest: what a person wants to see first. */
export function firstChoice(rows: readonly MetricsRow[]): string[] {
  const withCurves = rows.filter(({ series }) => series.length > 0);
  const ranked = (withCurves.length === 0 ? rows : withCurves)
    .map((row, index) => ({ row, index }))
    .sort((a, b) => weight(b.row) - weight(a.row) || a.index - b.index);
  return ranked.slice(0, chosenAtFirst).map(({ row }) => row.reference);
}

function weight({ current, best }: MetricsRow): number {
  return Number(current) + Number(best);
}

/** The chosen versions that are among these rows, in the order in which they were chosen. */
export function stillThere(rows: readonly MetricsRow[], chosen: readonly string[]): string[] {
  const there = new Set(rows.map(({ reference }) => reference));
  return chosen.filter((reference) => there.has(reference));
}

export function withChosen(
  chosen: readonly string[],
  reference: string,
  wanted: boolean,
): string[] {
  const others = chosen.filter((one) => one !== reference);
  return wanted ? [...others, reference] : others;
}

/** The chosen versions whose curves are drawn. */
export function drawn(chosen: readonly string[]): readonly string[] {
  return chosen.slice(0, maximumCurves);
}

/** The chosen versions in the order of their numbers: the oldest is the base of a comparison. */
export function toCompare(rows: readonly MetricsRow[], chosen: readonly string[]): string[] {
  return rows
    .filter(({ reference }) => chosen.includes(reference))
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0))
    .map(({ reference }) => reference);
}

/**
 * A place in the palette for each version: one that was drawn already keeps its own, so that no
 * line changes its colour because another one went.
 */
export function placesOf(
  before: ReadonlyMap<string, number>,
  references: readonly string[],
): Map<string, number> {
  const kept = references.flatMap((reference) => {
    const place = before.get(reference);
    return place === undefined ? [] : [[reference, place] as const];
  });
  const places = new Map(kept);
  const taken = new Set(places.values());
  for (const reference of references) {
    if (places.has(reference)) continue;
    let place = 0;
    while (taken.has(place)) place++;
    taken.add(place);
    places.set(reference, place);
  }
  return places;
}
