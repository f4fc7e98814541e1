import { Failure, throwIfCancelled } from '../core/failure';
import { canonicalJson } from '../core/operation';
import type { Activity } from '../core/progress';
import type { VersionRecord } from '../core/version';
import { parseVersionMessage, type VersionMessage } from '../core/versionMessage';
import { everyOperation } from './everyOperation';
import { fullReference } from './resolve';
import type { Rooms } from './rooms';

/** What is wrong with a version's commit. */
interface CommitProblem {
  readonly code: 'commit-missing' | 'commit-broken' | 'record-mismatch' | 'log-recomputed';
  /** The version, with its revision. */
  readonly what: string;
  readonly message: string;
}

/**
 * Reads the commit of every record and checks that it holds just that record, and a log's head that
 * this log had: a log that somebody recomputed lacks it. Each commit is read once.
 */
export async function checkCommits(
  rooms: Rooms,
  records: readonly VersionRecord[],
  activity?: Activity,
): Promise<CommitProblem[]> {
  const checked = records.filter(
    ({ kind, withdrawn }) => kind === 'version' || withdrawn === undefined,
  );
  const oids = checked.flatMap(({ code }) => code.commit ?? []);
  const heads = logHeads(rooms);
  const objects = rooms.repository.commitObjects(oids)[Symbol.asyncIterator]();
  const problems: CommitProblem[] = [];
  const broken: CommitProblem[] = [];
  for (const [done, record] of checked.entries()) {
    throwIfCancelled(activity?.signal);
    activity?.progress?.({ phase: 'checking', done, total: checked.length, unit: 'files' });
    const next = record.code.commit === null ? null : await objects.next();
    const message = next?.done === false ? (next.value[1]?.message ?? null) : null;
    const found = problemOf(record, message);
    if ('code' in found) problems.push(found);
    else if (record.withdrawn === undefined && !heads.has(found.logHead)) {
      broken.push(recomputed(record));
    }
  }
  await objects.return?.();
  return [...problems, ...broken];
}

/** The record's message, or why it is none. */
function problemOf(record: VersionRecord, message: string | null): VersionMessage | CommitProblem {
  const what = fullReference(record);
  const commit = record.code.commit ?? '';
  if (message === null) {
    const told = `The commit ${commit} of ${what} is not in the repository.`;
    return { code: 'commit-missing', what, message: told };
  }
  try {
    const said = parseVersionMessage(message, commit);
    if (said !== null && sameRecord(said.record, record)) return said;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const told = `The commit ${commit} of ${what} holds no readable record.`;
    return { code: 'commit-broken', what, message: told };
  }
  const told = `${what} in the database is not what its commit ${commit} says.`;
  return { code: 'record-mismatch', what, message: told };
}

function recomputed(record: VersionRecord): CommitProblem {
  const what = fullReference(record);
  const message = `The commit of ${what} names a log that is not this one.`;
  return { code: 'log-recomputed', what, message };
}

/** Marks of withdrawal come in later commits, so they do not count here. */
function sameRecord(a: VersionRecord, b: VersionRecord): boolean {
  const plain = ({ withdrawn: _, ...rest }: VersionRecord) => canonicalJson(rest);
  return plain(a) === plain(b);
}

/** Every head that the log ever had, with those that were named when it was begun anew. */
function logHeads(rooms: Rooms): Set<string> {
  const heads = new Set<string>();
  for (const { previous, sha256, detail } of everyOperation(rooms.history)) {
    heads.add(previous).add(sha256);
    if (Array.isArray(detail.heads)) for (const head of detail.heads) heads.add(String(head));
  }
  return heads;
}
