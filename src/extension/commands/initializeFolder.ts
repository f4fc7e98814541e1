import * as vscode from 'vscode';
import { Failure, isFailure } from '../../core/failure';
import { bytesText } from '../../core/figures';
import { counted } from '../../core/labels';
import type { FoundModel, InitializeResult } from '../../operations/project';
import { withActivity } from '../activity';
import type { Desk } from '../desk';

/** Makes a folder a project: asks for its models, and for a Git repository where there is none. */
export async function initializeFolder(
  desk: Desk,
  wanted?: (found: FoundModel) => boolean,
): Promise<InitializeResult | null> {
  if (!vscode.workspace.isTrusted) {
    throw new Failure('workspace-untrusted', { verb: 'initializing a project' });
  }
  const folder = await chooseFolder(desk);
  if (folder === undefined) return null;
  const directory = folder.uri.fsPath;
  const git = await needsGit(desk, directory);
  if (git === null) return null;
  const models = await chooseModels(desk, directory, wanted);
  if (models === undefined) return null;
  const options = { git, ...(models === null ? {} : { models }) };
  const result = await withActivity('Initializing the project', (activity) =>
    desk.engine.ask({ kind: 'initialize', directory, options }, activity),
  );
  await desk.projects.find();
  await vscode.commands.executeCommand('cairn.versions.focus');
  const initialized = result as InitializeResult;
  void desk.reporter.attempt('Telling of the project', () => tell(desk, initialized));
  return initialized;
}

async function chooseFolder(desk: Desk): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [first] = folders;
  if (first === undefined) {
    const chosen = await desk.prompts().tell({
      id: 'initialize.noFolder',
      kind: 'information',
      message: 'Open the folder that your model is trained in first.',
      actions: ['Open Folder'],
    });
    if (chosen === 'Open Folder') await vscode.commands.executeCommand('vscode.openFolder');
    return undefined;
  }
  if (folders.length === 1) return first;
  return desk.prompts().pick(
    { id: 'initialize.folder', title: 'Initialize which folder?' },
    folders.map((folder) => ({
      value: folder,
      label: folder.name,
      description: folder.uri.fsPath,
    })),
  );
}

/** Whether a Git repository is to be made; `null` when called off. */
async function needsGit(desk: Desk, directory: string): Promise<boolean | null> {
  if (await desk.projects.hasRepository(directory)) return false;
  const chosen = await desk.prompts().confirm({
    id: 'initialize.git',
    message: 'This folder is not in a Git repository.',
    detail: 'Cairn keeps versions beside Git’s own database. Make a repository here?',
    actions: ['Make a Repository'],
  });
  return chosen === undefined ? null : true;
}

/** Names of the models to write down; `null` leaves it to the engine, `undefined`: called off. */
async function chooseModels(
  desk: Desk,
  directory: string,
  wanted: ((found: FoundModel) => boolean) | undefined,
): Promise<readonly string[] | null | undefined> {
  const found = await discovered(desk, directory);
  const named = wanted === undefined ? [] : found.filter(wanted);
  if (named.length > 0) return named.map(({ name }) => name);
  if (found.length === 0) return null;
  return desk.prompts().pickMany(
    {
      id: 'initialize.models',
      title: 'Which models shall Cairn keep?',
      placeholder: 'What was found in this folder; it is written to cairn.yaml',
    },
    found.map((model) => ({
      value: model.name,
      label: model.name,
      description: `${counted(model.files, 'file')}, ${bytesText(model.bytes)}`,
      detail: model.artifacts.join(', '),
      ticked: model.ticked,
    })),
  );
}

async function discovered(desk: Desk, directory: string): Promise<readonly FoundModel[]> {
  try {
    const answer = await withActivity('Looking for models', (activity) =>
      desk.engine.ask({ kind: 'discover', directory }, activity),
    );
    return (answer as { found: readonly FoundModel[] }).found;
  } catch (thrown) {
    // No repository yet: it is looked through once there is one, and the engine chooses.
    if (isFailure(thrown, 'not-a-repository')) return [];
    throw thrown;
  }
}

async function tell(
  desk: Desk,
  { models, created, versions, warnings }: InitializeResult,
): Promise<void> {
  for (const { message } of warnings) desk.log.warn(message);
  if (!created) {
    vscode.window.setStatusBarMessage('$(check) This is a Cairn project already.', 5_000);
    return;
  }
  const chosen = await desk.prompts().tell({
    id: 'initialize.done',
    kind: 'information',
    message: `Cairn keeps ${models.join(', ')} from now on.${versions === 0 ? '' : ` ${counted(versions, 'version')} came in from Git's branches.`}`,
    actions: [versions === 0 ? 'Commit First Version' : 'Show Versions', 'Open cairn.yaml'],
  });
  if (chosen === 'Commit First Version') await vscode.commands.executeCommand('cairn.commit');
  if (chosen === 'Show Versions') {
    await vscode.commands.executeCommand('cairn.versions.focus');
  }
  if (chosen === 'Open cairn.yaml') await vscode.commands.executeCommand('cairn.openConfiguration');
}
