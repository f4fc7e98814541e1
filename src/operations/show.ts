import type { CurveSet, VersionRecord, Warning } from '../core/version';
import { resolve } from './resolve';
import type { Rooms } from './rooms';
import type { CommitResult } from './versionRequests';

/** One version, whole; a withdrawn one says so, and so do files that are not in the store. */
export async function show(rooms: Rooms, request: { reference: string }): Promise<CommitResult> {
  const version = await resolve(rooms, request.reference);
  const warnings: Warning[] = [];
  if (version.withdrawn !== undefined) {
    warnings.push({
      code: 'withdrawn',
      message: `This version was withdrawn on ${version.withdrawn.at}.`,
    });
  }
  for (const { path, sha256, pointer } of version.files) {
    if (pointer === true || (await rooms.store.has(sha256))) continue;
    warnings.push({
      code: 'artifact-missing',
      path,
      message: `${path} of this version is not in the store.`,
    });
  }
  return { version, warnings };
}

/** All revisions of a version, oldest first. */
export async function revisions(
  rooms: Rooms,
  request: { reference: string },
): Promise<readonly VersionRecord[]> {
  const record = await resolve(rooms, request.reference);
  return record.kind === 'backup' ? [record] : rooms.history.revisions(record.model, record.number);
}

/** The curves of training that a version keeps. */
export async function curves(rooms: Rooms, request: { reference: string }): Promise<CurveSet> {
  const { model, number, revision, kind } = await resolve(rooms, request.reference);
  return kind === 'backup' ? [] : rooms.history.curves(model, number, revision);
}
