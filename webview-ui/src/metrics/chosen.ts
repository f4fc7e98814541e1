import type { TableRow } from '../../../src/core/metricsTable';
import { type MetricsView, maximumCurves } from '../../../src/wire/metricsPanel';

/** Rows that are chosen when nobody has chosen yet. */
const chosenAtFirst = 3;

/** The current version, the best one, and then the newest: what a person wants to see first. */
export function firstChoice({ rows, current, best }: MetricsView): string[] {
  const withCurves = rows.filter(({ curves }) => curves);
  const offered = withCurves.length === 0 ? rows : withCurves;
  const weight = ({ reference }: TableRow) =>
    Number(reference === current) + Number(reference === best);
  const first = offered.filter((row) => weight(row) > 0).sort((a, b) => weight(b) - weight(a));
  const newest = offered.slice(0, chosenAtFirst).filter((row) => weight(row) === 0);
  return [...first, ...newest].slice(0, chosenAtFirst).map(({ reference }) => reference);
}

/** What stays chosen in a new table: a version goes on as its newest revision. */
export function stillThere(rows: readonly TableRow[], chosen: readonly string[]): string[] {
  const there = new Map(rows.map((row) => [versionOf(row.reference), row.reference]));
  return [...new Set(chosen.flatMap((one) => there.get(versionOf(one)) ?? []))];
}

/** `digits@v7` of `digits@v7.2`; a run as it is. */
export function versionOf(reference: string): string {
  return reference.replace(/(@v\d+)\.\d+$/, '$1');
}

export function withChosen(
  chosen: readonly string[],
  reference: string,
  wanted: boolean,
): string[] {
  const others = chosen.filter((one) => one !== reference);
  return wanted ? [...others, reference] : others;
}

/** With one row more or less, or with several more. */
export function withRows(
  chosen: readonly string[],
  references: readonly string[],
  wanted: boolean,
): string[] {
  const [only, ...others] = references;
  if (only !== undefined && others.length === 0) return withChosen(chosen, only, wanted);
  return [...new Set([...chosen, ...references])];
}

/** The starred versions with the star of one put on or taken away. */
export function withStar(starred: readonly string[], reference: string): string[] {
  const version = versionOf(reference);
  const others = starred.filter((one) => one !== version);
  return others.length < starred.length ? others : [...others, version];
}

/** The chosen rows whose curves are drawn. */
export function drawn(chosen: readonly string[]): readonly string[] {
  return chosen.slice(0, maximumCurves);
}

/**
 * The chosen versions in the order of their time: the oldest is the base of a comparison, unless the
 * baseline is among them. One alone is compared with the baseline, or else with the current version.
 */
export function toCompare(view: MetricsView, chosen: readonly string[]): string[] {
  const wanted = new Set(chosen);
  const versions = view.rows.filter((row) => row.number !== null && wanted.has(row.reference));
  const [only] = versions;
  const others = [view.baseline, view.current].filter((one) => one !== only?.reference);
  if (versions.length === 1) {
    const other = others.flatMap(
      (one) => view.rows.find(({ reference }) => reference === one) ?? [],
    );
    versions.push(...other.slice(0, 1));
  }
  const isBase = ({ reference }: TableRow) => Number(reference === view.baseline);
  const time = (a: TableRow, b: TableRow) =>
    a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0;
  return versions
    .sort((a, b) => isBase(b) - isBase(a) || time(a, b))
    .map(({ reference }) => reference);
}

/**
 * A place in the palette for each row: one that was drawn already keeps its own, so that no line
 * changes its colour because another one went.
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
