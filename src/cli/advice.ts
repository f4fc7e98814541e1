import { type FailureCode, type FailureData, refusesWriting } from '../core/failure';
import { bytesText, mendedText } from '../core/figures';
import { secondsText, timeText } from './text';

/** What the command line says of a failure: one sentence, the next step, the exit code. */
export interface Advice {
  readonly message: string;
  readonly hint: string;
  readonly exit: ExitCode;
}

/**
 * 0 done, 1 bug, 2 usage, 3 no project, 4 not there, 5 refused, 6 damage, 7 locked, 8 a gate failed,
 * 9 something dangerous, 130 cancelled.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 130;

type AdviceMap = { readonly [C in FailureCode]: (data: FailureData[C]) => Advice };

const advise = (exit: ExitCode, message: string, hint: string): Advice => ({ message, hint, exit });

/** Total: a failure without advice does not compile. */
const adviceFor: AdviceMap = {
  usage: ({ what }) =>
    advise(2, `${capital(what)}.`, 'Run "cairn help" to see how the command is used.'),
  'git-missing': () =>
    advise(3, 'Git was not found.', 'Install Git and make sure that "git" is on the PATH.'),
  'git-failed': ({ command, exitCode, stderr }) =>
    advise(
      1,
      `"${command}" ended with ${exitCode ?? 'a signal'}: ${oneLine(stderr)}.`,
      'Run the same Git command by hand to see what is wrong with the repository.',
    ),
  'git-timeout': ({ command, milliseconds }) =>
    advise(
      1,
      `"${command}" did not end within ${secondsText(milliseconds)}.`,
      'Look for a hook or filter that waits, then try again.',
    ),
  'git-dubious-ownership': ({ directory }) =>
    advise(
      3,
      `Git does not trust ${directory}, because another user owns it.`,
      `If you trust it: git config --global --add safe.directory "${directory}"`,
    ),
  'not-a-repository': ({ directory }) =>
    advise(
      3,
      `${directory} is not in a Git repository.`,
      'Run "cairn init --git" to make one here.',
    ),
  'not-a-project': ({ directory }) =>
    advise(3, `${directory} is not a Cairn project yet.`, 'Run "cairn init".'),
  'repository-bare': ({ directory }) =>
    advise(
      3,
      `${directory} is a bare repository without working files.`,
      'Use a clone of it that has working files.',
    ),
  'no-such-model': ({ model, known }) =>
    advise(
      4,
      `There is no model "${model}".`,
      known.length === 0 ? 'Run "cairn init" to find models.' : `Models here: ${known.join(', ')}.`,
    ),
  'no-such-version': ({ reference }) =>
    advise(4, `There is no version "${reference}".`, 'Run "cairn log" to see which there are.'),
  'version-withdrawn': ({ version, at, by, last }) =>
    advise(
      4,
      `${version} was withdrawn ${timeText(at)} by ${by}.`,
      last
        ? 'Run "cairn undo" to bring it back.'
        : `Run "cairn rollback ${version}" and "cairn commit" to make a version of it again.`,
    ),
  'no-such-run': ({ run }) =>
    advise(4, `There is no run "${run}", or several begin so.`, 'List them with "cairn runs".'),
  'no-such-file': ({ path }) =>
    advise(
      4,
      `There is no file ${path}.`,
      'Check the path; it is relative to the folder where the command runs.',
    ),
  'model-ambiguous': ({ known }) =>
    advise(
      2,
      'The project has several models, and none was named.',
      `Name one of: ${known.join(', ')}.`,
    ),
  'no-model-files': ({ model }) =>
    advise(
      4,
      `No model file of "${model}" was found.`,
      'Name one with --file, or set "artifacts" in cairn.yaml.',
    ),
  'primary-metric-missing': ({ model }) =>
    advise(
      2,
      `No primary metric is known for "${model}".`,
      'Set "primary: { metric: …, better: higher }" in cairn.yaml.',
    ),
  'name-invalid': ({ what, name, why }) =>
    advise(2, `"${name}" cannot be the name of a ${what}: ${why}.`, `Choose another ${what} name.`),
  'reference-invalid': ({ text }) =>
    advise(
      2,
      `"${text}" is no reference to a version.`,
      'Write v3, MODEL@v3, @LABEL, @latest, @current, @previous or @best.',
    ),
  'label-taken': ({ label, version }) =>
    advise(
      5,
      `The label "${label}" already belongs to ${version}.`,
      `Use another label, or "cairn update ${version} --reason …" (commit: --update) to add a revision.`,
    ),
  'nothing-changed': ({ version, mended }) =>
    advise(
      5,
      `Nothing has changed since ${version}.${mended === undefined ? '' : ` ${mendedText(mended)}`}`,
      'Use --allow-empty to go on all the same.',
    ),
  'nothing-to-undo': () =>
    advise(5, 'There is nothing to undo.', 'Run "cairn operations" to see what was done.'),
  'undo-blocked': ({ operation, why }) =>
    advise(
      5,
      `Operation ${operation} cannot be undone: ${why}.`,
      'Run "cairn operations" to see the log.',
    ),
  'repository-busy': ({ state }) =>
    advise(
      5,
      `A ${state} is under way in this repository.`,
      `Finish it or call it off (git ${state} --abort), then try again.`,
    ),
  'run-writing': ({ model, run }) =>
    advise(
      5,
      `The run ${run} of ${model} is writing now.`,
      'Wait until the training has ended, or stop it.',
    ),
  'branch-checked-out': ({ branch, worktree }) =>
    advise(
      5,
      `The branch ${branch} is checked out in ${worktree}.`,
      'Go back to your own branch there: git switch -',
    ),
  'branch-name-blocked': ({ branch }) =>
    advise(
      5,
      `A branch named "${branch}" stands in the way of the models' branches ${branch}/….`,
      `Rename it: git branch -m ${branch} ${branch}-old`,
    ),
  'branch-moved': ({ branch, expected, found }) =>
    advise(
      5,
      `${branch} is at ${found ?? 'nothing'} instead of ${expected ?? 'nothing'}: somebody else moved it.`,
      'Run "cairn verify" to see what is there; "cairn rebuild" takes over what the branch holds.',
    ),
  'ref-refused': ({ ref, stderr }) =>
    advise(
      5,
      `Git refused to move ${ref}: ${oneLine(stderr)}.`,
      "Look at the repository's hooks, then try again.",
    ),
  'ref-locked': ({ ref, lock }) =>
    advise(
      7,
      `Another Git process holds ${ref}, by the file ${lock}.`,
      'Try again when it is done. If no Git runs here, one was killed: delete that file.',
    ),
  'filter-failed': ({ path, stderr }) =>
    advise(
      5,
      `A Git filter failed on ${path}: ${oneLine(stderr)}.`,
      'Mend the filter named in .gitattributes, then try again.',
    ),
  'filter-missing': ({ path, filter }) =>
    advise(
      5,
      `${path} needs the Git filter "${filter}", which is not set up here.`,
      filter === 'lfs'
        ? 'Run "git lfs install" and "git lfs pull".'
        : 'Set the filter up with git config, then try again.',
    ),
  'file-changed': ({ path }) =>
    advise(5, `${path} changed while it was read.`, 'Wait until it is written, then try again.'),
  'file-refused': ({ path, verdict, why }) =>
    advise(
      5,
      `${path} is ${verdict}, which cairn.yaml refuses: ${why}`,
      `Run "cairn scan ${path}" to see what is in it, or change "refuse" in cairn.yaml.`,
    ),
  'file-torn': ({ path, why }) =>
    advise(6, `${path} is not whole: ${why}.`, 'Wait until it is written, or save it again.'),
  'path-outside': ({ path, root }) =>
    advise(2, `${path} lies outside the project ${root}.`, 'Name a file inside the repository.'),
  'path-leads-out': ({ path, target }) =>
    advise(
      5,
      `${path} is a symbolic link that leads out of the project, to ${target}.`,
      'Copy the file into the repository, or declare it as a dataset.',
    ),
  'path-occupied': ({ path, by }) =>
    advise(
      5,
      `${path} cannot be written, because ${by.join(', ')} stands there and is in no version.`,
      'Move it away, then try again.',
    ),
  'configuration-invalid': ({ path, problems }) =>
    advise(
      2,
      `${path} is not valid: ${problems.map(problemText).join('; ')}.`,
      `Mend ${path}; docs/formats.md has its keys.`,
    ),
  unreadable: ({ path, why }) =>
    advise(6, `${path} cannot be read: ${why}.`, 'Check the file and its permissions.'),
  'disk-full': ({ path, needed, free }) =>
    advise(
      5,
      `There is too little space at ${path}${spaceText(needed, free)}.`,
      'Free some space, then try again; nothing was changed.',
    ),
  'disk-failed': ({ operation, path, errno }) =>
    refusesWriting({ operation, path, errno })
      ? advise(
          6,
          `${path} may not be written (${errno}).`,
          'Get permission to write there, or copy the project to where you have it.',
        )
      : advise(
          6,
          `${operation === 'database' ? 'Using the database' : capital(operation)} failed for ${path} (${errno}).`,
          'Check the path, its permissions and the disk, then try again.',
        ),
  'artifact-missing': ({ sha256, path, versions, elsewhere }) =>
    advise(
      6,
      elsewhere === true
        ? `${path ?? 'An artifact'} (${sha256.slice(0, 12)}…) never was in the store here: its version came with Git, which carries no model files.`
        : `${path ?? 'An artifact'} (${sha256.slice(0, 12)}…) is not in the store.`,
      elsewhere === true
        ? `Copy the folder "cairn/artifacts" of a Git directory that has it over the one here.${versions.length === 0 ? '' : ` ${stillWhole(versions)}`}`
        : stillWhole(versions),
    ),
  'artifact-damaged': ({ sha256, path, versions }) =>
    advise(
      6,
      `${path ?? 'An artifact'} (${sha256.slice(0, 12)}…) is damaged in the store.`,
      stillWhole(versions),
    ),
  'confirmation-needed': ({ bytes, free }) =>
    advise(
      5,
      `The first version would store ${bytesText(bytes)}${free === null ? '' : ` of the ${bytesText(free)} that are free`}.`,
      'Repeat the command with --yes, or choose files with --file.',
    ),
  'database-newer': ({ path, found, supported }) =>
    advise(
      6,
      `${path} has format ${found}, and this Cairn knows formats up to ${supported}.`,
      'Update Cairn.',
    ),
  'database-damaged': ({ path, why }) =>
    advise(
      6,
      `The database ${path} is damaged: ${why}.`,
      path.endsWith('lock.db')
        ? 'Delete that file: nothing is in it, and it is made anew.'
        : 'Run "cairn rebuild" to make it anew from Git and the artifact store.',
    ),
  'record-invalid': ({ where, why }) =>
    advise(6, `The record in ${where} cannot be read: ${why}.`, 'Run "cairn verify".'),
  'store-shared': ({ directory, projects }) =>
    advise(
      5,
      `${directory} also holds model files of ${projects.join(', ')}.`,
      'Nothing is freed from a store of several projects; give each one a store of its own.',
    ),
  'lock-held': ({ path, waited }) =>
    advise(
      7,
      `Another process holds ${path}; waited ${secondsText(waited)}.`,
      'Wait until it is done, then try again.',
    ),
  'runtime-too-old': ({ found, needed }) =>
    advise(
      2,
      `Cairn needs ${needed} or newer, and this is ${found}.`,
      'Install a newer Node, or use the terminal of VS Code, where Cairn brings its own.',
    ),
  'workspace-untrusted': ({ verb }) =>
    advise(
      5,
      `"${verb}" changes files, and the folder is opened for reading only.`,
      'Trust the folder first.',
    ),
};

/** The advice of one failure. */
export function adviceOf<C extends FailureCode>(code: C, data: FailureData[C]): Advice {
  return adviceFor[code](data);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function oneLine(text: string): string {
  const line = text.trim().split(/\r?\n/).filter(Boolean).join('; ');
  return line === '' ? 'it gave no reason' : line.replace(/\.$/, '').slice(0, 500);
}

function problemText({ line, message }: { line: number | null; message: string }): string {
  return line === null ? message : `line ${line}: ${message}`;
}

function spaceText(needed: number | null, free: number | null): string {
  if (needed === null) return '';
  return `: ${bytesText(needed)} needed, ${free === null ? 'unknown' : bytesText(free)} free`;
}

function stillWhole(versions: readonly string[]): string {
  return versions.length === 0
    ? 'No other version has it; run "cairn verify --full" to see what is whole.'
    : `These versions still have that file: ${versions.join(', ')}.`;
}
