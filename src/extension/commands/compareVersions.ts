import { maximumSides, type Side } from '../../core/comparisonReport';
import type { VersionRecord } from '../../core/version';
import { type CompareSection, compareSections } from '../../wire/comparePanel';
import type { Desk } from '../desk';
import { baselineOf, isBaseline } from '../panels/baseline';
import type { ProjectSession } from '../project/session';
import { fullReference } from '../tree/versionDetails';
import { referenceIn, requireVersion, versionChoices } from './subject';

/** What the Compare panel is opened on. */
export interface ComparisonAsked {
  readonly session: ProjectSession;
  /** The first is the base and a version. */
  readonly sides: readonly [string, ...Side[]];
  /** What of it is looked at first. */
  readonly at?: CompareSection | null;
}

/** Two or more versions: those selected in the tree, or those that a person ticks. */
export async function askVersions(
  desk: Desk,
  first: unknown,
  selected: unknown,
): Promise<ComparisonAsked | undefined> {
  const given = (Array.isArray(selected) ? selected : [first])
    .map(referenceIn)
    .filter((reference) => reference !== null);
  const session = given.length > 0 ? desk.projects.active : await desk.projects.require();
  if (session === null || session === undefined) return undefined;
  if (given.length > 1) return ordered(desk, session, given);
  const [base] = given;
  const records = await pickOthers(desk, session, base ?? null);
  if (records === undefined) return undefined;
  const references = records.map(fullReference);
  return ordered(desk, session, base === undefined ? references : [base, ...references]);
}

async function pickOthers(
  desk: Desk,
  session: ProjectSession,
  base: string | null,
): Promise<readonly VersionRecord[] | undefined> {
  const title = base === null ? 'Compare which versions?' : `Compare ${base} with which versions?`;
  const options = { id: 'compare', title, backups: true };
  const choices = await versionChoices(desk, session, options);
  const others = choices.filter(({ value }) => fullReference(value) !== base);
  const records = await desk.prompts().pickMany(options, others);
  const enough = records !== undefined && records.length >= (base === null ? 2 : 1);
  return enough ? records : undefined;
}

/** The baseline is the base, else the oldest: differences read forward in time. */
async function ordered(
  desk: Desk,
  session: ProjectSession,
  references: readonly string[],
): Promise<ComparisonAsked | undefined> {
  const records = await Promise.all(
    references.map(async (reference) => (await session.project.show({ reference })).version),
  );
  const baseline = baselineOf(desk, session, records[0]?.model ?? '');
  const isBase = (record: VersionRecord) => Number(isBaseline(baseline, fullReference(record)));
  records.sort((a, b) => isBase(b) - isBase(a) || (a.createdAt < b.createdAt ? -1 : 1));
  const [base, ...others] = records.slice(0, maximumSides).map(fullReference);
  return base === undefined ? undefined : { session, sides: [base, ...others] };
}

/** A version against the working files. */
export async function askWithWorking(
  desk: Desk,
  argument: unknown,
  section?: unknown,
): Promise<ComparisonAsked | undefined> {
  const options = {
    id: 'compareWithWorking',
    title: 'Compare which version with the working files?',
  };
  const subject = await requireVersion(desk, argument, options);
  if (subject === undefined) return undefined;
  const at = compareSections.find((one) => one === section) ?? null;
  return { session: subject.session, sides: [fullReference(subject.record), null], at };
}

/** A version against the one it came from. */
export async function askWithPrevious(
  desk: Desk,
  argument: unknown,
): Promise<ComparisonAsked | undefined> {
  const subject = await requireVersion(desk, argument, {
    id: 'compareWithPrevious',
    title: 'Compare which version with the one before it?',
    accepts: ({ parent }) => parent !== null,
  });
  if (subject === undefined || subject.record.parent === null) return undefined;
  const { session, record } = subject;
  return { session, sides: [record.parent ?? '', fullReference(record)] };
}
