import type { Activity } from '../core/progress';
import { referenceTo, type VersionRecord } from '../core/version';
import { needsRecovery } from './interrupted';
import type { Problem, VerifyResult } from './project';
import { backupRef, branchOf, type Rooms } from './rooms';
import { checkArtifacts } from './verifyArtifacts';
import { checkCommits } from './verifyCommits';

/** What to do about each kind of problem. */
const mends = {
  'database-damaged':
    'Run "cairn rebuild" to make the database anew from Git and the artifact store.',
  'log-broken': 'Keep a copy of the repository; compare the log with the version commits in Git.',
  'log-recomputed': 'Compare the log with a clone or backup: a version commit names another log.',
  'record-mismatch': 'Run "cairn rebuild": the record in Git is the one that was published.',
  'artifact-missing':
    'Put the file back and run "cairn commit", which stores it again; "cairn show" names its digest.',
  'artifact-damaged':
    'After "cairn verify --full", "cairn commit" stores a working file with the same bytes again.',
  'commit-missing': "Fetch the model's branch from a clone that has it.",
  'commit-broken': 'Restore the branch from a clone, or run "cairn rebuild".',
  'branch-missing': 'Run "cairn rebuild", or the next commit puts the branch back.',
  'branch-moved': 'Move the branch back to the commit that is named, with "git branch -f".',
  'backup-ref-missing':
    'Run "cairn drop" on the backup, or put the ref back with "git update-ref".',
  unfinished:
    'Run any writing command (or open the folder in VS Code): it finishes what was interrupted.',
} as const;

type ProblemCode = keyof typeof mends;

function problem(code: ProblemCode, what: string, message: string): Problem {
  return { code, message, what, mend: mends[code] };
}

/** Checks database, artifacts, branches and log against each other; `full` reads every byte. */
export async function verify(
  rooms: Rooms,
  request: { full?: boolean },
  activity?: Activity,
): Promise<VerifyResult> {
  const problems: Problem[] = rooms.history
    .check()
    .map(({ code, what }) =>
      problem(code.startsWith('log') ? 'log-broken' : 'database-damaged', what, what),
    );
  const records = [...rooms.history.allRecords()];
  const full = request.full === true;
  const artifacts = await checkArtifacts(rooms, records, full, activity);
  problems.push(
    ...artifacts.problems.map(({ code, sha256, message }) => problem(code, sha256, message)),
  );
  const commits = await checkCommits(rooms, records, activity);
  problems.push(...commits.map(({ code, what, message }) => problem(code, what, message)));
  problems.push(...(await checkRefs(rooms, records)));
  if (needsRecovery(rooms))
    problems.push(
      problem(
        'unfinished',
        'an interrupted operation',
        'An operation was interrupted and is not finished.',
      ),
    );
  const checked = {
    versions: countVersions(records),
    artifacts: artifacts.count,
    bytes: artifacts.bytes,
    operations: countOperations(rooms),
    full,
  };
  return { sound: problems.length === 0, problems, elsewhere: artifacts.elsewhere, checked };
}

/** Revisions of one number are one version. */
function countVersions(records: readonly VersionRecord[]): number {
  const versions = records.filter(({ kind }) => kind === 'version');
  return new Set(versions.map((record) => referenceTo(record))).size;
}

function countOperations(rooms: Rooms): number {
  return rooms.history.operations({ limit: 1 })[0]?.id ?? 0;
}

async function checkRefs(rooms: Rooms, records: readonly VersionRecord[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  const branches = await rooms.repository.refs('refs/heads/cairn/');
  for (const { name } of rooms.history.models()) {
    const last = rooms.history.tip(name);
    const tip = branches.get(branchOf(name)) ?? null;
    if (last === tip) continue;
    const code = tip === null ? 'branch-missing' : 'branch-moved';
    const found = tip === null ? 'is gone' : `is at ${tip}`;
    problems.push(
      problem(
        code,
        branchOf(name),
        `The branch cairn/${name} ${found}; the history left it at ${last ?? 'nothing'}.`,
      ),
    );
  }
  const backups = await rooms.repository.refs('refs/cairn/backups/');
  for (const record of records) {
    if (record.kind !== 'backup' || record.withdrawn !== undefined) continue;
    const ref = backupRef(record.model, record.number);
    if (backups.get(ref) === record.code.commit) continue;
    problems.push(
      problem(
        'backup-ref-missing',
        ref,
        `The ref of the backup ${referenceTo(record)} is not where it was.`,
      ),
    );
  }
  return problems;
}
