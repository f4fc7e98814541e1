import { Failure } from '../core/failure';
import { best, lastGood, type Standing } from '../core/primaryMetric';
import { type Reference, requireReference } from '../core/reference';
import { type PrimaryMetric, referenceTo, type VersionRecord } from '../core/version';
import { configurationOf, resolveModel } from './models';
import type { Rooms } from './rooms';

/**
 * The record that a reference means. Withdrawn versions are found by number only.
 * @throws Failure `reference-invalid`, `no-such-model`, `no-such-version`, `primary-metric-missing`
 */
export async function resolve(rooms: Rooms, text: string): Promise<VersionRecord> {
  const reference = requireReference(text);
  const model = await resolveModel(rooms, reference.model);
  const record = await find(rooms, model, reference);
  if (record === null) throw new Failure('no-such-version', { reference: text });
  return record;
}

async function find(
  rooms: Rooms,
  model: string,
  { selector }: Reference,
): Promise<VersionRecord | null> {
  const { history } = rooms;
  switch (selector.kind) {
    case 'version':
      return history.find(model, 'version', selector.number, selector.revision ?? undefined);
    case 'backup':
      return history.find(model, 'backup', selector.number);
    case 'name':
      return history.findByLabel(model, selector.name);
    case 'latest':
      return latestOf(rooms, model);
    case 'current':
      return currentOf(rooms, model);
    case 'previous':
      return previousOf(rooms, model);
    case 'best':
      return standingVersion(
        rooms,
        model,
        (await leadersOf(rooms, model, await requirePrimary(rooms, model))).best,
      );
    case 'last-good': {
      const primary = await requirePrimary(rooms, model);
      return standingVersion(rooms, model, (await leadersOf(rooms, model, primary)).lastGood);
    }
  }
}

/** The newest version that was not withdrawn. */
export function latestOf(rooms: Rooms, model: string): VersionRecord | null {
  const page = rooms.history.versions({ model, kind: 'version', limit: 1 });
  return page.records[0] ?? null;
}

/** The versions that `@best` and `@last-good` mean. */
export async function leadersOf(
  rooms: Rooms,
  model: string,
  primary: PrimaryMetric,
): Promise<{ best: Standing | null; lastGood: Standing | null }> {
  const { maxDrop } = await configurationOf(rooms, model);
  const standings = rooms.history.standings(model, primary.metric);
  return { best: best(standings, primary), lastGood: lastGood(standings, primary, maxDrop) };
}

function standingVersion(
  rooms: Rooms,
  model: string,
  standing: Standing | null,
): VersionRecord | null {
  return standing === null ? null : rooms.history.find(model, 'version', standing.number);
}

/** The version that this worktree's files came from; `null` before the first. */
export function currentOf(rooms: Rooms, model: string): VersionRecord | null {
  const row = rooms.history
    .current(rooms.repository.worktree)
    .find((current) => current.model.toLowerCase() === model.toLowerCase());
  return row === undefined ? null : recordOf(rooms, row.version);
}

/** The version that the next one follows: the current one, else the newest; `null` for the first. */
export function versionBefore(rooms: Rooms, model: string): VersionRecord | null {
  return currentOf(rooms, model) ?? latestOf(rooms, model);
}

function previousOf(rooms: Rooms, model: string): VersionRecord | null {
  const parent = currentOf(rooms, model)?.parent;
  return parent === null || parent === undefined ? null : recordOf(rooms, parent);
}

/** The record behind a full reference (`digits@v3.1`); `null` when it is not there. */
export function recordOf(rooms: Rooms, full: string): VersionRecord | null {
  const { model, selector } = requireReference(full);
  if (model === null) return null;
  if (selector.kind === 'backup') return rooms.history.find(model, 'backup', selector.number);
  if (selector.kind !== 'version') return null;
  return rooms.history.find(model, 'version', selector.number, selector.revision ?? undefined);
}

/** The metric that a model is judged by: declared, else the one chosen at its first commit. */
export async function primaryOf(rooms: Rooms, model: string): Promise<PrimaryMetric | null> {
  const { primary } = await configurationOf(rooms, model);
  return primary ?? rooms.history.model(model)?.primary ?? null;
}

async function requirePrimary(rooms: Rooms, model: string): Promise<PrimaryMetric> {
  const primary = await primaryOf(rooms, model);
  if (primary === null) throw new Failure('primary-metric-missing', { model });
  return primary;
}

/** The full reference with the revision, as records and the log keep it. */
export function fullReference(record: VersionRecord): string {
  return referenceTo(record, true);
}

/** The same, or `null` for no record. */
export function fullReferenceOrNull(record: VersionRecord | null): string | null {
  return record === null ? null : fullReference(record);
}
