import type { Standing } from '../core/primaryMetric';
import { referenceTo } from '../core/version';
import { knownModels } from './models';
import type { ModelOverview } from './project';
import { currentOf, fullReferenceOrNull, leadersOf, primaryOf } from './resolve';
import type { Rooms } from './rooms';

/** Every model at a glance: what the tree's first level and the status bar show. */
export async function overview(opened: Rooms): Promise<{ models: readonly ModelOverview[] }> {
  // Read once for all of them, and not again for each.
  const configuration = await opened.configuration();
  const rooms = { ...opened, configuration: async () => configuration };
  const models: ModelOverview[] = [];
  for (const name of await knownModels(rooms)) models.push(await overviewOf(rooms, name));
  return { models };
}

async function overviewOf(rooms: Rooms, name: string): Promise<ModelOverview> {
  const row = rooms.history.model(name);
  const primary = await primaryOf(rooms, name);
  const leaders =
    primary === null ? { best: null, lastGood: null } : await leadersOf(rooms, name, primary);
  const current = currentOf(rooms, name);
  return {
    name,
    primary,
    versions: row?.versions ?? 0,
    next: nextNumber(rooms, name),
    backups: row?.backups ?? 0,
    current: fullReferenceOrNull(current),
    currentRecord: current,
    best: shortReference(name, leaders.best),
    lastGood: shortReference(name, leaders.lastGood),
  };
}

function shortReference(model: string, standing: Standing | null): string | null {
  return standing === null ? null : referenceTo({ ...standing, model, kind: 'version' });
}

function nextNumber(rooms: Rooms, model: string): number {
  const { records } = rooms.history.versions({ model, withdrawn: true, limit: 1 });
  return (records[0]?.number ?? 0) + 1;
}
