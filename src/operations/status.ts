import { compareParameters } from '../core/parameters';
import type { Activity } from '../core/progress';
import {
  codeAmong,
  compareArtifacts,
  compareDatasets,
  resultsAmong,
} from '../core/versionComparison';
import { aheadOfTree } from './codeSnapshot';
import { defaultModelName, knownModels, resolveModel } from './models';
import type { ModelStatus } from './project';
import { currentOf, fullReferenceOrNull } from './resolve';
import type { Rooms } from './rooms';
import { workingState } from './workingState';

/** Where each model stands, and how the working files differ from its current version. */
export async function status(
  rooms: Rooms,
  request: { model?: string },
  activity?: Activity,
): Promise<{ models: readonly ModelStatus[] }> {
  const known =
    request.model === undefined
      ? await knownModels(rooms)
      : [await resolveModel(rooms, request.model)];
  const names = known.length === 0 ? [defaultModelName(rooms.repository.root)] : known;
  const models: ModelStatus[] = [];
  for (const name of names) models.push(await statusOf(rooms, name, activity));
  return { models };
}

async function statusOf(rooms: Rooms, model: string, activity?: Activity): Promise<ModelStatus> {
  const current = currentOf(rooms, model);
  aheadOfTree(rooms, current);
  const working = await workingState(rooms, model, activity);
  try {
    const { parameters, files, datasets } = working.record;
    const records = current === null ? [working.record] : [current, working.record];
    const code = await working.codeSince(current);
    return {
      model,
      current: fullReferenceOrNull(current),
      versions: rooms.history.models().find(({ name }) => name === model)?.versions ?? 0,
      changes: {
        code: codeAmong(code, records),
        metrics: resultsAmong(code, records),
        parameters: compareParameters(current?.parameters ?? {}, parameters),
        artifacts: compareArtifacts(current?.files ?? [], files),
        data: compareDatasets(current?.datasets ?? [], datasets),
      },
      uncommitted: working.uncommitted,
      warnings: working.warnings,
    };
  } finally {
    await working.dispose();
  }
}
