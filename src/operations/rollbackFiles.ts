import { Failure, isFailure } from '../core/failure';
import type { ArtifactStep } from '../core/plan';
import type { Activity } from '../core/progress';
import { type ArtifactRecord, referenceTo, type VersionRecord } from '../core/version';
import type { FileFacts } from '../platform';
import { elsewhere } from './elsewhere';
import type { Ownership } from './ownership';
import { type Draft, heldBy, type RollbackAim } from './rollbackDraft';
import type { RollbackStep } from './rollbackSteps';
import { pathIn, type Rooms } from './rooms';

/** Model files: those of the target, and those that only the current version holds. */
export async function planArtifacts(
  rooms: Rooms,
  { target, ownership }: RollbackAim,
  draft: Draft,
  activity?: Activity,
): Promise<void> {
  const wanted = new Set(target.files.map(({ path }) => path));
  for (const file of target.files) await planFile(rooms, file, target, ownership, draft, activity);
  for (const file of heldBy(rooms, target)?.files ?? []) {
    if (wanted.has(file.path)) continue;
    const facts = await rooms.platform.disk.facts(pathIn(rooms, file.path));
    if (facts === null) continue;
    const other = ownership.otherOwner(file.path);
    if (other !== null) {
      keepOthers(draft, file, other);
    } else if (facts.kind === 'directory') {
      draft.artifacts.push({ path: file.path, action: 'keep', bytes: 0, why: 'not-in-current' });
    } else {
      draft.steps.push({ path: file.path, part: 'artifacts', source: null });
      draft.artifacts.push({ path: file.path, action: 'delete', bytes: facts.size });
    }
  }
}

async function planFile(
  rooms: Rooms,
  file: ArtifactRecord,
  target: VersionRecord,
  ownership: Ownership,
  draft: Draft,
  activity?: Activity,
): Promise<void> {
  const keep = (why: ArtifactStep['why']) =>
    draft.artifacts.push({ path: file.path, action: 'keep', bytes: file.size, why });
  if (await sameOnDisk(rooms, file, activity)) return;
  const other = ownership.otherOwner(file.path);
  if (other !== null) {
    keepOthers(draft, file, other);
  } else if (file.pointer === true) {
    keep('pointer');
  } else {
    await requireStored(rooms, file, target);
    draft.steps.push({ path: file.path, part: 'artifacts', source: artifactSource(file) });
    draft.artifacts.push({ path: file.path, action: 'write', bytes: file.size });
  }
}

function keepOthers(draft: Draft, { path, size }: ArtifactRecord, other: string): void {
  draft.artifacts.push({ path, action: 'keep', bytes: size, why: 'other-model' });
  draft.warnings.push({
    code: 'file-of-other-model',
    path,
    message: `${path} belongs to the model ${other} now and is left as it is.`,
  });
}

/** Whether the path already holds the file's bytes; reads it only when its length fits. */
export async function sameOnDisk(
  rooms: Rooms,
  file: ArtifactRecord,
  activity?: Activity,
): Promise<boolean> {
  const absolute = pathIn(rooms, file.path);
  const standing = await rooms.platform.disk.facts(absolute);
  if (standing === null || file.link === true) return sameLink(rooms, file, standing);
  // A version's file may lie behind a link; a backup says what the path itself was.
  const isLink = standing.kind === 'link' && file.mode === undefined;
  const facts = isLink ? await rooms.platform.disk.followedFacts(absolute) : standing;
  if (facts?.kind !== 'file' || facts.size !== file.size) return false;
  if (file.mode !== undefined && (facts.mode & 0o777) !== (file.mode & 0o777)) return false;
  return (await rooms.memory.digest(file.path, absolute, activity)) === file.sha256;
}

async function sameLink(
  rooms: Rooms,
  { path, sha256 }: ArtifactRecord,
  standing: FileFacts | null,
): Promise<boolean> {
  if (standing?.kind !== 'link') return false;
  const target = await rooms.platform.disk.readLink(pathIn(rooms, path));
  return rooms.platform.hashing.sha256Of(target) === sha256;
}

/** @throws Failure `artifact-missing`, `artifact-damaged` with the versions whose file is whole */
export async function requireStored(
  rooms: Rooms,
  file: ArtifactRecord,
  target: VersionRecord,
): Promise<void> {
  const size = await rooms.store.size(file.sha256);
  if (size === file.size) return;
  const code = size === null ? 'artifact-missing' : 'artifact-damaged';
  throw await lostFile(rooms, target.model, file, code);
}

/** The failure that names the versions of the model whose file at this path is still whole. */
async function lostFile(
  rooms: Rooms,
  model: string,
  { path, sha256 }: Pick<ArtifactRecord, 'path' | 'sha256'>,
  code: 'artifact-missing' | 'artifact-damaged',
): Promise<Failure> {
  const versions: string[] = [];
  for (const record of rooms.history.versions({ model, kind: 'version' }).records) {
    const file = record.files.find((candidate) => candidate.path === path);
    if (file === undefined || file.sha256 === sha256) continue;
    if ((await rooms.store.size(file.sha256)) === file.size) versions.push(referenceTo(record));
  }
  if (code === 'artifact-missing' && elsewhere(rooms).has(sha256)) {
    return new Failure(code, { sha256, path, versions, elsewhere: true });
  }
  return new Failure(code, { sha256, path, versions });
}

/** Damage that shows only when a file is read: what the store throws, told as `requireStored` does. */
export async function namingVersions<T>(
  rooms: Rooms,
  model: string,
  steps: readonly Pick<RollbackStep, 'path' | 'source'>[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFailure(error, 'artifact-missing') && !isFailure(error, 'artifact-damaged')) throw error;
    const { sha256 } = error.data;
    const step = steps.find(
      ({ source }) => source?.kind === 'artifact' && source.sha256 === sha256,
    );
    throw step === undefined
      ? error
      : await lostFile(rooms, model, { path: step.path, sha256 }, error.code);
  }
}

export function artifactSource(file: ArtifactRecord): RollbackStep['source'] {
  const { sha256, size, mode, link } = file;
  return { kind: 'artifact', sha256, size, mode: mode ?? null, link: link === true };
}
