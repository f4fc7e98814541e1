import * as vscode from 'vscode';
import { isFailure } from '../../core/failure';
import { bytesText, mendedText } from '../../core/figures';
import { numberTitle, shortReference } from '../../core/labels';
import type { CommitRequest, CommitResult } from '../../operations/versionRequests';
import { withActivity } from '../activity';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';
import type { CairnSourceControl } from '../scm/sourceControl';
import { noneText } from '../status/statusText';
import { hasChanges } from '../tree/versionNodes';
import { saveUnsaved } from './unsaved';

/** What a commit was asked with: from a box of Source Control, from a row or a notice, or bare. */
export interface CommitAsked {
  readonly session?: ProjectSession;
  readonly model?: string;
  readonly box?: CairnSourceControl;
}

/** Makes a version of a model from the working files, asking for what is not given. */
export async function commitVersion(desk: Desk, asked: CommitAsked): Promise<CommitResult | null> {
  const session = asked.session ?? (await desk.projects.require());
  if (session === undefined) return null;
  session.requireWritable('committing a version');
  const model = asked.model ?? (await chooseModel(desk, session));
  if (model === undefined) return null;
  const message = await messageFor(desk, model, asked.box);
  if (message === undefined) return null;
  if (!(await saveUnsaved(desk, session, 'Commit'))) return null;
  const result = await commitAsking(desk, session, { model, message });
  if (result === null) return null;
  if (asked.box !== undefined) asked.box.control.inputBox.value = '';
  await session.refresh();
  void desk.reporter.attempt('Telling of the commit', () => tell(desk, session, result));
  return result;
}

/** The only model, the only one with changes, or the one a person picks. */
async function chooseModel(desk: Desk, session: ProjectSession): Promise<string | undefined> {
  const models = await session.overview();
  const [first] = models;
  if (first !== undefined && models.length === 1) return first.name;
  await session.lookAtFiles();
  const changed = session.statuses.filter(hasChanges);
  const [only] = changed;
  if (only !== undefined && changed.length === 1) return only.model;
  const names = new Set(changed.map(({ model }) => model));
  const choices = models.map((model) => ({
    value: model.name,
    label: model.name,
    description: `${model.current === null ? noneText(model) : shortReference(model.current)}${names.has(model.name) ? ' · changed' : ''}`,
  }));
  choices.sort((a, b) => Number(names.has(b.value)) - Number(names.has(a.value)));
  return desk
    .prompts()
    .pick({ id: 'commit.model', title: 'Commit a version of which model?' }, choices);
}

async function messageFor(
  desk: Desk,
  model: string,
  box: CairnSourceControl | undefined,
): Promise<string | undefined> {
  const written = box?.control.inputBox.value.trim() ?? '';
  if (written !== '') return written;
  const message = await desk.prompts().input({
    id: 'commit.message',
    title: `Commit a version of ${model}`,
    prompt: 'What changed in this version?',
    placeholder: 'lower learning rate, more augmentation',
    check: (text) => (text.trim() === '' ? 'A few words, so that it is found again.' : null),
  });
  return message?.trim();
}

/** Commits; a large first version, and one in which nothing changed, are asked about. */
async function commitAsking(
  desk: Desk,
  session: ProjectSession,
  request: CommitRequest,
): Promise<CommitResult | null> {
  try {
    return await withActivity(`Committing a version of ${request.model}`, (activity) =>
      session.project.commit(request, activity),
    );
  } catch (thrown) {
    const answered = await answer(desk, request, thrown);
    return answered === null ? null : commitAsking(desk, session, answered);
  }
}

/** The request to go on with, `null` when called off; what cannot be asked about is thrown on. */
async function answer(
  desk: Desk,
  request: CommitRequest,
  thrown: unknown,
): Promise<CommitRequest | null> {
  if (isFailure(thrown, 'confirmation-needed') && request.confirmed !== true) {
    const { bytes, free } = thrown.data;
    const chosen = await desk.prompts().confirm({
      id: 'commit.large',
      message: `This first version stores ${bytesText(bytes)} of model files.`,
      detail: free === null ? 'Commit it?' : `${bytesText(free)} are free on that disk. Commit it?`,
      actions: ['Commit'],
    });
    return chosen === 'Commit' ? { ...request, confirmed: true } : null;
  }
  if (isFailure(thrown, 'nothing-changed') && request.allowEmpty !== true) {
    const { mended } = thrown.data;
    const told = mended === undefined ? '' : `${mendedText(mended)} `;
    const chosen = await desk.prompts().confirm({
      id: 'commit.empty',
      message: `Nothing of ${thrown.data.model} changed since ${shortReference(thrown.data.version)}.`,
      detail: `${told}A version without a change can be made all the same.`,
      actions: ['Commit Anyway'],
    });
    return chosen === 'Commit Anyway' ? { ...request, allowEmpty: true } : null;
  }
  throw thrown;
}

async function tell(desk: Desk, session: ProjectSession, result: CommitResult): Promise<void> {
  const { version, warnings } = result;
  const title = `${version.model} ${numberTitle(version)}`;
  vscode.window.setStatusBarMessage(`$(check) ${title} committed`, 5_000);
  for (const { message } of warnings) desk.log.warn(`${title}: ${message}`);
  const shortfall = warnings.find(({ code }) => code.startsWith('metric-'));
  const [first] = warnings;
  if (shortfall !== undefined) await offerLastGood(desk, session, version.model, shortfall.message);
  else if (first !== undefined) {
    const more = warnings.length === 1 ? '' : ` And ${warnings.length - 1} more.`;
    const message = `${title} committed. ${first.message}${more}`;
    const notice = {
      id: 'commit.warnings',
      kind: 'warning',
      message,
      actions: ['Show Output'],
    } as const;
    if ((await desk.prompts().tell(notice)) === 'Show Output') desk.log.show();
  }
}

/** A version whose metric is not finite or fell too far: the way back is one click away. */
async function offerLastGood(
  desk: Desk,
  session: ProjectSession,
  model: string,
  message: string,
): Promise<void> {
  const overview = (await session.overview()).find(({ name }) => name === model);
  const good = overview?.lastGood ?? null;
  const action = good === null ? [] : [`Roll Back to ${shortReference(good)}`];
  const actions = [...action, 'Show Output'];
  const chosen = await desk
    .prompts()
    .tell({ id: 'commit.shortfall', kind: 'warning', message, actions });
  if (chosen === 'Show Output') desk.log.show();
  else if (chosen !== undefined && good !== null) {
    await vscode.commands.executeCommand('cairn.rollback', good);
  }
}
