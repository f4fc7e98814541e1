import { compareParameters } from '../core/parameters';
import type { CodeStep, PathAction, RollbackPart, RollbackPlan } from '../core/plan';
import type { Activity } from '../core/progress';
import { referenceTo, type VersionRecord, type Warning } from '../core/version';
import type { Snapshot, TreeEntry } from '../git';
import { gatherDatasets } from './gatherDatasets';
import { workingParameters } from './gatherParameters';
import { isConfiguration, type Ownership } from './ownership';
import { recordOf } from './resolve';
import { type Draft, heldBy, type RollbackAim } from './rollbackDraft';
import { artifactSource, planArtifacts, requireStored, sameOnDisk } from './rollbackFiles';
import { parameterSteps } from './rollbackParameters';
import type { RollbackStep } from './rollbackSteps';
import { pathIn, type Rooms } from './rooms';

/** A plan, and the steps behind it. */
export interface PlannedRollback {
  readonly plan: RollbackPlan;
  readonly steps: readonly RollbackStep[];
  readonly warnings: readonly Warning[];
  readonly ownership: Ownership;
}

/**
 * Works out, path by path, what going back to `target` does. Changes nothing.
 * @throws Failure `artifact-missing` when a model file of the target is not in the store
 */
export async function planRollback(
  rooms: Rooms,
  aim: RollbackAim,
  activity?: Activity,
): Promise<PlannedRollback> {
  const draft: Draft = { code: [], artifacts: [], data: [], steps: [], warnings: [] };
  if (aim.target.kind === 'backup') await planBackup(rooms, aim, draft, activity);
  else await planVersion(rooms, aim, draft, activity);
  const parameters = await parameterChanges(rooms, aim);
  const { code, artifacts, data, steps, warnings } = draft;
  return { plan: { code, artifacts, parameters, data }, steps, warnings, ownership: aim.ownership };
}

/** What becomes of the values. A backup keeps files, and does not say what stood in them. */
async function parameterChanges(
  rooms: Rooms,
  { target, parts }: RollbackAim,
): Promise<RollbackPlan['parameters']> {
  if (target.kind === 'backup' || !(parts.has('parameters') || parts.has('code'))) return [];
  const working = await workingParameters(rooms, target.model, target.files);
  return compareParameters(working.parameters, target.parameters);
}

async function planVersion(
  rooms: Rooms,
  aim: RollbackAim,
  draft: Draft,
  activity?: Activity,
): Promise<void> {
  await planTree(rooms, aim, draft);
  if (aim.parts.has('parameters') && !aim.parts.has('code')) {
    draft.steps.push(...(await parameterSteps(rooms, aim.target, draft.warnings)));
    for (const { path } of draft.steps.filter(({ source }) => source?.kind === 'bytes')) {
      draft.code.push({ path, action: 'write' });
    }
  }
  if (aim.parts.has('artifacts')) await planArtifacts(rooms, aim, draft, activity);
  if (aim.parts.has('data')) await planData(rooms, aim, draft, activity);
}

/** Code, parameter files and the data that Git carries: everything in the version's tree. */
async function planTree(
  rooms: Rooms,
  { target, parts, snapshot, ownership }: RollbackAim,
  draft: Draft,
): Promise<void> {
  if (target.code.commit === null) return;
  const tree = await rooms.repository.treeOf(target.code.commit);
  const wanted = new Map((await snapshot.entries(tree)).map((entry) => [entry.path, entry]));
  const held = await heldPaths(rooms, heldBy(rooms, target), snapshot);
  for (const { path, gone } of await differences(snapshot, tree)) {
    const part = ownership.partOf(path);
    if (part === 'artifacts' || !ownership.isCode(path) || !parts.has(part)) continue;
    if (isConfiguration(path))
      addTreeStep(draft, part, { path, action: 'keep', why: 'configuration' });
    else if (gone) await planRemoval(rooms, draft, part, path, held);
    else planEntry(draft, part, wanted.get(path), tree);
  }
}

async function heldPaths(
  rooms: Rooms,
  holder: VersionRecord | null,
  snapshot: Snapshot,
): Promise<Set<string>> {
  if (holder === null || holder.kind === 'backup' || holder.code.commit === null) return new Set();
  const tree = await rooms.repository.treeOf(holder.code.commit);
  return new Set((await snapshot.entries(tree)).map(({ path }) => path));
}

async function differences(
  snapshot: Snapshot,
  tree: string,
): Promise<{ path: string; gone: boolean }[]> {
  const found: { path: string; gone: boolean }[] = [];
  for (const change of await snapshot.compare(snapshot.tree, tree)) {
    if (change.status === 'renamed' && change.from !== undefined)
      found.push({ path: change.from, gone: true });
    found.push({ path: change.path, gone: change.status === 'deleted' });
  }
  return found;
}

async function planRemoval(
  rooms: Rooms,
  draft: Draft,
  part: RollbackPart,
  path: string,
  held: ReadonlySet<string>,
): Promise<void> {
  const facts = await rooms.platform.disk.facts(pathIn(rooms, path));
  if (facts?.kind === 'directory') {
    addTreeStep(draft, part, { path, action: 'keep', why: 'not-stored' });
    draft.warnings.push(submoduleKept(path, 'was not in that version'));
  } else if (held.has(path)) {
    draft.steps.push({ path, part, source: null });
    addTreeStep(draft, part, { path, action: 'delete' });
  } else {
    addTreeStep(draft, part, { path, action: 'keep', why: 'not-in-current' });
  }
}

function submoduleKept(path: string, what: string): Warning {
  const message = `The submodule ${path} ${what}; it is left as it is.`;
  return { code: 'submodule-kept', path, message };
}

function planEntry(
  draft: Draft,
  part: RollbackPart,
  entry: TreeEntry | undefined,
  tree: string,
): void {
  if (entry === undefined) return;
  if (entry.mode === '160000') {
    addTreeStep(draft, part, { path: entry.path, action: 'keep', why: 'not-stored' });
    draft.warnings.push(
      submoduleKept(entry.path, `was at ${entry.oid.slice(0, 10)} in that version`),
    );
    return;
  }
  draft.steps.push({ path: entry.path, part, source: { kind: 'blob', entry, tree } });
  addTreeStep(draft, part, { path: entry.path, action: 'write' });
}

function addTreeStep(draft: Draft, part: RollbackPart, step: CodeStep): void {
  (part === 'data' ? draft.data : draft.code).push(step);
}

/** Data that Cairn does not hold is only named; what Git carries came with the tree. */
async function planData(
  rooms: Rooms,
  { target }: RollbackAim,
  draft: Draft,
  activity?: Activity,
): Promise<void> {
  const { datasets } = await gatherDatasets(
    rooms,
    target.model,
    { datasets: target.datasets.map(({ path }) => path) },
    activity,
  );
  for (const recorded of target.datasets) {
    const written = draft.data.some(
      ({ path }) => path === recorded.path || path.startsWith(`${recorded.path}/`),
    );
    const now = datasets.find(({ path }) => path === recorded.path);
    if (written || now?.digest.value === recorded.digest.value) continue;
    draft.data.push({ path: recorded.path, action: 'keep', why: 'not-stored' });
    draft.warnings.push({
      code: 'data-differs',
      path: recorded.path,
      message: `${recorded.path} is not as it was in ${referenceTo(target)}; Cairn keeps its digest, not its bytes.`,
    });
  }
}

/** A backup: every file it kept goes back, and what the rollback had created goes away again. */
async function planBackup(
  rooms: Rooms,
  { target, parts, snapshot, ownership }: RollbackAim,
  draft: Draft,
  activity?: Activity,
): Promise<void> {
  for (const file of target.files) {
    const part = ownership.partOf(file.path);
    if (!parts.has(part) || (await sameOnDisk(rooms, file, activity))) continue;
    await requireStored(rooms, file, target);
    draft.steps.push({ path: file.path, part, source: artifactSource(file) });
    addStep(draft, part, file.path, 'write', file.size);
  }
  const held = await heldByCurrent(rooms, target, snapshot);
  for (const path of target.absent ?? []) {
    const part = ownership.partOf(path);
    const facts = await rooms.platform.disk.facts(pathIn(rooms, path));
    if (facts === null || !parts.has(part)) continue;
    if (held.has(path)) draft.steps.push({ path, part, source: null });
    addStep(draft, part, path, held.has(path) ? 'delete' : 'keep', facts.size);
  }
}

async function heldByCurrent(
  rooms: Rooms,
  target: VersionRecord,
  snapshot: Snapshot,
): Promise<Set<string>> {
  const paths = await heldPaths(rooms, heldBy(rooms, target), snapshot);
  const holder = target.replacedBy === undefined ? null : recordOf(rooms, target.replacedBy);
  for (const path of await heldPaths(rooms, holder, snapshot)) paths.add(path);
  for (const record of [heldBy(rooms, target), holder]) {
    for (const file of record?.files ?? []) paths.add(file.path);
  }
  return paths;
}

function addStep(
  draft: Draft,
  part: RollbackPart,
  path: string,
  action: PathAction,
  bytes: number,
): void {
  const why = action === 'keep' ? ({ why: 'not-in-current' } as const) : {};
  if (part === 'artifacts') draft.artifacts.push({ path, action, bytes, ...why });
  else if (part === 'data') draft.data.push({ path, action, ...why });
  else draft.code.push({ path, action, ...why });
}
