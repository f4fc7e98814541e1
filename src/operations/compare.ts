import type { FileChange, LineCounts, VersionComparison } from '../core/comparison';
import { compareMetrics } from '../core/metricComparison';
import { compareParameters } from '../core/parameters';
import type { Activity } from '../core/progress';
import { type PrimaryMetric, referenceTo, type VersionRecord } from '../core/version';
import {
  codeAmong,
  compareArtifacts,
  compareDatasets,
  compareEnvironments,
} from '../core/versionComparison';
import type { WeightsOptions } from './compareTensors';
import { compareArtifactWeights } from './compareVersionWeights';
import { ownershipOf } from './ownership';
import { primaryOf, resolve } from './resolve';
import type { Rooms } from './rooms';
import { type WorkingState, workingState } from './workingState';

export interface CompareRequest extends WeightsOptions {
  readonly from: string;
  /** Left out: the working files. */
  readonly to?: string;
  /** Also compare the values of the weights. */
  readonly values?: boolean;
  /** Also count the lines of code that were added and removed. */
  readonly lines?: boolean;
}

/** What differs between two versions, or a version and the working files. */
export async function compare(
  rooms: Rooms,
  request: CompareRequest,
  activity?: Activity,
): Promise<VersionComparison> {
  const from = await resolve(rooms, request.from);
  const weighed = async (comparison: VersionComparison, working: boolean) => {
    if (request.values !== true) return comparison;
    const { artifacts } = comparison;
    const weights = await compareArtifactWeights(rooms, artifacts, working, request, activity);
    return { ...comparison, weights };
  };
  if (request.to !== undefined) {
    const to = await resolve(rooms, request.to);
    return await weighed(await compareVersions(rooms, from, to, request.lines === true), false);
  }
  const working = await workingState(rooms, from.model, activity);
  try {
    const compared = await compareWithWorking(rooms, from, working, request.lines === true);
    return await weighed(compared, true);
  } finally {
    await working.dispose();
  }
}

async function compareVersions(
  rooms: Rooms,
  from: VersionRecord,
  to: VersionRecord,
  lines: boolean,
): Promise<VersionComparison> {
  const primary = await primaryOf(rooms, to.model);
  return {
    ...compareRecords(from, to, primary),
    to: referenceTo(to),
    code: { files: await codeBetween(rooms, from, to, lines) },
  };
}

/** A version against what the working files hold now. */
async function compareWithWorking(
  rooms: Rooms,
  from: VersionRecord,
  working: WorkingState,
  lines: boolean,
): Promise<VersionComparison> {
  const primary = await primaryOf(rooms, from.model);
  const changes = codeAmong(await working.codeSince(from), [from, working.record]);
  const files = lines ? withLines(changes, await working.linesSince(from)) : changes;
  return { ...compareRecords(from, working.record, primary), to: 'working files', code: { files } };
}

function compareRecords(
  from: VersionRecord,
  to: VersionRecord,
  primary: PrimaryMetric | null,
): Omit<VersionComparison, 'to' | 'code'> {
  return {
    from: referenceTo(from),
    parameters: compareParameters(from.parameters, to.parameters),
    metrics: compareMetrics(from.metrics, to.metrics, primary),
    artifacts: compareArtifacts(from.files, to.files),
    data: compareDatasets(from.datasets, to.datasets),
    environment: compareEnvironments(from.environment, to.environment),
  };
}

async function codeBetween(
  rooms: Rooms,
  from: VersionRecord,
  to: VersionRecord,
  lines: boolean,
): Promise<FileChange[]> {
  if (from.code.commit === null || to.code.commit === null) return [];
  const { isCode } = await ownershipOf(rooms, to.model, []);
  const { repository } = rooms;
  const [before, after] = [
    await repository.treeOf(from.code.commit),
    await repository.treeOf(to.code.commit),
  ];
  const changes = await repository.compareTrees(before, after);
  const files = codeAmong(changes, [from, to]).filter(({ path }) => isCode(path));
  return lines ? withLines(files, await repository.countLines(before, after)) : files;
}

function withLines(
  files: readonly FileChange[],
  counts: ReadonlyMap<string, LineCounts | null>,
): FileChange[] {
  return files.map((file) => ({ ...file, lines: counts.get(file.path) ?? null }));
}
