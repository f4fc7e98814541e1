import { versionLabel } from '../../core/labels';
import type { VersionRecord } from '../../core/version';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';
import { fullReference } from '../tree/versionDetails';
import { versionDescription } from '../tree/versionFigures';

/** Most versions that a quick pick offers; older ones are in the tree. */
const mostOffered = 1_000;

/** A version that a command was run on, and where it is. */
export interface Subject {
  readonly session: ProjectSession;
  readonly record: VersionRecord;
}

/** What a command was given: a row of the tree, a reference, or nothing (then a person picks). */
export function referenceIn(argument: unknown): string | null {
  if (typeof argument === 'string') return argument;
  const record = recordIn(argument);
  return record === null ? null : fullReference(record);
}

function recordIn(argument: unknown): VersionRecord | null {
  if (typeof argument !== 'object' || argument === null) return null;
  if ('kind' in argument && argument.kind === 'section' && 'of' in argument) {
    return recordIn(argument.of);
  }
  // Rows of the Versions tree are made by us alone; other things have no such member.
  return 'record' in argument ? (argument.record as VersionRecord) : null;
}

/** Which versions a pick offers. */
export interface PickOptions {
  readonly id: string;
  readonly title: string;
  readonly placeholder?: string;
  readonly backups?: boolean;
  readonly accepts?: (record: VersionRecord) => boolean;
}

/**
 * The version that a command works on: the one it was given, else the one that a person picks.
 * `undefined` when called off. @throws Failure `not-a-project`, `no-such-version`
 */
export async function requireVersion(
  desk: Desk,
  argument: unknown,
  options: PickOptions,
): Promise<Subject | undefined> {
  const reference = referenceIn(argument);
  const session = reference === null ? await desk.projects.require() : await rowProject(desk);
  if (session === undefined) return undefined;
  if (reference !== null) {
    return { session, record: (await session.project.show({ reference })).version };
  }
  const record = await pickVersion(desk, session, options);
  return record === undefined ? undefined : { session, record };
}

/** Rows of a tree are the shown project's. */
function rowProject(desk: Desk): Promise<ProjectSession | undefined> {
  const { active } = desk.projects;
  return active === null ? desk.projects.require() : Promise.resolve(active);
}

async function pickVersion(
  desk: Desk,
  session: ProjectSession,
  options: PickOptions,
): Promise<VersionRecord | undefined> {
  return desk.prompts().pick(options, await versionChoices(desk, session, options));
}

/** Versions (and backups at the end) with their metrics, newest first, by model. */
export async function versionChoices(desk: Desk, session: ProjectSession, options: PickOptions) {
  const { project } = session;
  const models = await session.overview();
  const now = desk.platform.clock.now().getTime();
  const lists = await Promise.all(
    models.map(async (model) => {
      const request = { model: model.name, limit: mostOffered };
      const { versions } = await project.log(request);
      const backups =
        options.backups === true ? await project.log({ ...request, backups: true }) : null;
      const records = [...versions, ...(backups?.versions ?? [])];
      return records
        .filter((record) => options.accepts?.(record) ?? true)
        .map((record, index) => ({
          value: record,
          label: `${icon(record, model.current)} ${versionLabel(record)}`,
          description: versionDescription(record, null, model.primary, now),
          ...headingOf(record, index, models.length > 1, versions.length),
        }));
    }),
  );
  return lists.flat();
}

function icon(record: VersionRecord, current: string | null): string {
  if (record.kind === 'backup') return '$(history)';
  return fullReference(record) === current ? '$(circle-large-filled)' : '$(circle-large-outline)';
}

function headingOf(record: VersionRecord, index: number, several: boolean, versions: number) {
  if (record.kind === 'backup' && index === versions) {
    return { heading: several ? `${record.model}: backups` : 'Backups' };
  }
  return several && index === 0 ? { heading: record.model } : {};
}
