import { type Failure, type FailureCode, type FailureData, refusesWriting } from '../core/failure';
import { bytesText, mendedText } from '../core/figures';
import { shortened, shortReference } from '../core/labels';

/** A button of a message: the title a person reads and the command that it runs. */
export interface Button {
  readonly title: string;
  readonly command: string;
  readonly arguments?: readonly unknown[];
}

/** What a person reads when something was refused or broke, and what they can do next. */
export interface Advice {
  readonly message: string;
  /** At most two; *Show Output* is always there. */
  readonly buttons: readonly Button[];
}

type AdviceMap = { readonly [C in FailureCode]: (data: FailureData[C]) => Advice };

/** The next step for a failure. The map is total: a code without advice does not compile. */
export function adviceFor(failure: Failure): Advice {
  // The map's entry for a code takes that code's data; the type of a union cannot say so.
  const advise = advices[failure.code] as (data: FailureData[FailureCode]) => Advice;
  return advise(failure.data);
}

function say(message: string, ...buttons: Button[]): Advice {
  return { message, buttons };
}

const initialize: Button = { title: 'Initialize Project', command: 'cairn.initialize' };
const verify: Button = { title: 'Verify', command: 'cairn.verify' };
const configuration: Button = { title: 'Open cairn.yaml', command: 'cairn.openConfiguration' };
const undo: Button = { title: 'Undo', command: 'cairn.undo' };
const trust: Button = { title: 'Manage Trust', command: 'workbench.trust.manage' };
const openGitDownload: Button = {
  title: 'Get Git',
  command: 'vscode.open',
  arguments: ['https://git-scm.com/downloads'],
};
const sourceControl: Button = { title: 'Open Source Control', command: 'workbench.view.scm' };
const terminal: Button = { title: 'Open Terminal', command: 'workbench.action.terminal.new' };

const advices: AdviceMap = {
  usage: ({ what }) => say(`That cannot be done: ${what}.`),
  'git-missing': () =>
    say('Git was not found. Install it, then reload this window.', openGitDownload),
  'git-failed': ({ command, stderr }) =>
    say(
      `Git failed (${shortened(command, 60)}): ${shortened(stderr, 160) || 'it gave no reason'}.`,
    ),
  'git-timeout': ({ command, milliseconds }) =>
    say(
      `Git did not finish within ${Math.round(milliseconds / 1000)} s (${shortened(command, 60)}). Try again when the disk is less busy.`,
    ),
  'git-dubious-ownership': ({ directory }) =>
    say(
      `Git does not trust ${directory} because it belongs to another user. Run: git config --global --add safe.directory "${directory}"`,
      terminal,
    ),
  'not-a-repository': ({ directory }) =>
    say(
      `${directory} is not in a Git repository. Cairn keeps versions beside Git's own database.`,
      initialize,
    ),
  'not-a-project': ({ directory }) => say(`${directory} is not a Cairn project yet.`, initialize),
  'repository-bare': ({ directory }) =>
    say(`${directory} is a bare repository without working files. Open a worktree of it.`),
  'no-such-model': ({ model, known }) =>
    say(
      `There is no model "${model}"${known.length === 0 ? '' : `; there is ${known.join(', ')}`}.`,
      configuration,
    ),
  'version-withdrawn': ({ version, at, by, last }) =>
    say(
      `${shortReference(version)} was withdrawn on ${at.slice(0, 10)} by ${by}. ${last ? 'Undo brings it back.' : 'Roll back to it and commit to have it again.'}`,
      ...(last ? [undo] : []),
    ),
  'no-such-version': ({ reference }) =>
    say(`There is no version ${reference}.`, {
      title: 'Show Versions',
      command: 'cairn.versions.focus',
    }),
  'no-such-run': ({ run }) => say(`There is no run "${run}" any more.`),
  'no-such-file': ({ path }) => say(`There is no file ${path}.`),
  'model-ambiguous': ({ known }) => say(`Say which model is meant: ${known.join(', ')}.`),
  'no-model-files': ({ model }) =>
    say(
      `No model file was found for "${model}". Train it first, or name its files under artifacts in cairn.yaml.`,
      configuration,
    ),
  'primary-metric-missing': ({ model }) =>
    say(
      `Which version of "${model}" is best cannot be told: name its primary metric in cairn.yaml.`,
      configuration,
    ),
  'name-invalid': ({ what, name, why }) => say(`"${name}" cannot name a ${what}: ${why}.`),
  'reference-invalid': ({ text }) =>
    say(`"${text}" is no version. Write v3, model@v3, or a label.`),
  'label-taken': ({ label, version }) =>
    say(`The label "${label}" belongs to ${version}. Choose another, or update that version.`, {
      title: `Update ${shortReference(version)}`,
      command: 'cairn.update',
      arguments: [version],
    }),
  'nothing-changed': ({ model, version, mended }) => {
    const told = mended === undefined ? '' : ` ${mendedText(mended)}`;
    return say(`Nothing of ${model} changed since ${shortReference(version)}.${told}`);
  },
  'nothing-to-undo': () => say('There is nothing left to undo.'),
  'undo-blocked': ({ operation, why }) => say(`Operation ${operation} cannot be undone: ${why}.`),
  'repository-busy': ({ state }) =>
    say(`A ${state} is under way in this repository. Finish or abort it first.`, sourceControl),
  'run-writing': ({ model, run }) =>
    say(`Training of ${model} (${run}) is writing now. Wait for its end, or stop it.`),
  'branch-checked-out': ({ branch, worktree }) =>
    say(
      `The branch ${branch} is checked out in ${worktree}. Go back to your own branch there with: git switch -`,
      terminal,
    ),
  'branch-name-blocked': ({ branch }) =>
    say(
      `A branch called "${branch}" takes the place of Cairn's branches. Rename it with: git branch -m ${branch} <another name>`,
      terminal,
    ),
  'branch-moved': ({ branch }) =>
    say(`The branch ${branch} was moved by something else. Verify tells what happened.`, verify),
  'ref-refused': ({ ref, stderr }) =>
    say(`Git refused to move ${ref}: ${shortened(stderr, 160)}. Look at its hooks.`),
  'ref-locked': ({ ref, lock }) =>
    say(
      `Another Git process holds ${ref}. Try again when it is done; if none runs, one was killed: delete ${lock}.`,
    ),
  'filter-failed': ({ path, stderr }) =>
    say(`Git's filter for ${path} failed: ${shortened(stderr, 160)}. Nothing was changed.`),
  'filter-missing': ({ path, filter }) =>
    say(`${path} needs the Git filter "${filter}", which is not installed. Nothing was changed.`),
  'file-changed': ({ path }) =>
    say(`${path} changed while it was read. Try again once nothing writes to it.`),
  'file-refused': ({ path, verdict, why }) =>
    say(`${path} is ${verdict}, which cairn.yaml refuses. ${why}`),
  'file-torn': ({ path, why }) =>
    say(`${path} is not whole (${why}). Wait until it is written, or save it anew.`),
  'path-outside': ({ path, root }) => say(`${path} lies outside the project ${root}.`),
  'path-leads-out': ({ path, target }) =>
    say(
      `${path} is a symbolic link that leads out of the project, to ${target}. It is not followed.`,
    ),
  'path-occupied': ({ path, by }) =>
    say(
      `${path} cannot be written: ${shortened(by.join(', '), 120)} is in its place. Move that away first.`,
    ),
  'configuration-invalid': ({ path, problems }) => {
    const [first] = problems;
    const line = first?.line ?? null;
    const where = line === null ? '' : `, line ${line}`;
    return say(`${path}${where}: ${first?.message ?? 'it cannot be read'}.`, configuration);
  },
  unreadable: ({ path, why }) => say(`${path} cannot be read: ${why}.`),
  'disk-full': ({ path, needed, free }) =>
    say(
      `There is no room for ${path}${needed === null ? '' : `: ${bytesText(needed)} are needed`}${free === null ? '' : `, ${bytesText(free)} are free`}. Nothing was lost.`,
    ),
  'disk-failed': ({ operation, path, errno }) =>
    refusesWriting({ operation, path, errno })
      ? say(`${path} cannot be written (${errno}). Copy the project to where you may write.`)
      : say(
          `The disk refused (${operation} ${path}: ${errno}). Look at permissions and free space.`,
        ),
  'artifact-missing': ({ path, versions, elsewhere }) =>
    elsewhere === true
      ? say(
          `${path ?? 'A model file'} is not on this machine: Git brought the version, and carries no model files. Copy "cairn/artifacts" from a Git directory that has it.`,
        )
      : say(`${path ?? 'A model file'} is missing in the store. ${stillWhole(versions)}`, verify),
  'artifact-damaged': ({ path, versions }) =>
    say(
      `The stored bytes of ${path ?? 'a model file'} are damaged and were not used. ${stillWhole(versions)}`,
      verify,
    ),
  'confirmation-needed': ({ bytes, free }) =>
    say(
      `This first version would store ${bytesText(bytes)}${free === null ? '' : ` (${bytesText(free)} free)`}. Commit again and say yes.`,
    ),
  'database-newer': ({ found, supported }) =>
    say(
      `This history was written by a newer Cairn (format ${found}, this one reads ${supported}). Update the extension.`,
      { title: 'Show Extensions', command: 'workbench.view.extensions' },
    ),
  'database-damaged': ({ path, why }) =>
    say(
      path.endsWith('lock.db')
        ? `The lock ${path} is damaged (${why}). Delete that file: nothing is in it, and it is made anew.`
        : `The history ${path} is damaged (${why}). Run "cairn rebuild" in a terminal: it is made anew from Git.`,
      terminal,
    ),
  'record-invalid': ({ where, why }) => say(`A record cannot be read (${where}: ${why}).`, verify),
  'store-shared': ({ directory, projects }) =>
    say(
      `${directory} also holds model files of ${projects.join(', ')}, so nothing is freed from it.`,
    ),
  'lock-held': ({ waited }) =>
    say(
      `Another Cairn is writing to this project; it was waited for ${Math.round(waited / 1000)} s. Try again when it is done.`,
    ),
  'runtime-too-old': ({ found, needed }) =>
    say(`This needs Node ${needed}, found ${found}. Update VS Code.`),
  'workspace-untrusted': ({ verb }) =>
    say(`This folder is not trusted, so Cairn only reads here: ${verb} is off.`, trust),
};

function stillWhole(versions: readonly string[]): string {
  if (versions.length === 0) return 'No other version has that file.';
  return `It is whole in ${versions.map(shortReference).join(', ')}.`;
}
