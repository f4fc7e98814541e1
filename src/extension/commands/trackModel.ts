import * as vscode from 'vscode';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';
import { initializeFolder } from './initializeFolder';
import { nameFromPath, withModel } from './modelEntry';

const configurationName = 'cairn.yaml';

/** *Track This Model*: puts a model file under version control, making a project where there is none. */
export async function trackModel(desk: Desk, argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : await chooseFile(desk);
  if (uri === undefined) return;
  await desk.projects.find();
  const session = desk.projects.holding(uri) ?? (await initializeAround(desk, uri));
  if (session === null) return;
  session.requireWritable('tracking a model');
  const path = session.recordPath(uri);
  if (path === null) return;
  const files = await session.project.modelFiles();
  const owner = files.find((file) => file.path === path)?.model;
  if (owner === undefined) await addToConfiguration(session, path);
  const model = owner ?? nameFromPath(path, []);
  const message = `${path} belongs to the model ${model}.`;
  void desk.reporter.attempt('Telling of the model', () => tell(desk, message, owner));
}

async function chooseFile(desk: Desk): Promise<vscode.Uri | undefined> {
  const file = await desk.prompts().file({ id: 'track.file', title: 'Track which model file?' });
  return file === undefined ? undefined : vscode.Uri.file(file);
}

/** Makes the file's folder a project that keeps the found model the file belongs to. */
async function initializeAround(desk: Desk, uri: vscode.Uri): Promise<ProjectSession | null> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const relative = folder === undefined ? uri.path : uri.path.slice(folder.uri.path.length + 1);
  const done = await initializeFolder(desk, ({ artifacts }) =>
    artifacts.some((glob) => mayMatch(glob, relative)),
  );
  return done === null ? null : desk.projects.holding(uri);
}

/** Whether a glob without braces matches a path; enough for those that discovery writes. */
function mayMatch(glob: string, path: string): boolean {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**/', '\0')
    .replaceAll('**', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('\0', '(?:.*)');
  return new RegExp(`^${pattern}$`).test(path);
}

async function addToConfiguration(session: ProjectSession, path: string): Promise<void> {
  const uri = session.fileUri(configurationName);
  const names = (await session.overview()).map(({ name }) => name);
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: true });
  await vscode.workspace.applyEdit(edit);
  const document = await vscode.workspace.openTextDocument(uri);
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const change = new vscode.WorkspaceEdit();
  change.replace(uri, whole, withModel(document.getText(), nameFromPath(path, names), path));
  await vscode.workspace.applyEdit(change);
  await document.save();
  await vscode.window.showTextDocument(document);
  await session.refresh();
}

async function tell(desk: Desk, message: string, model: string | undefined): Promise<void> {
  const chosen = await desk.prompts().tell({
    id: 'track.done',
    kind: 'information',
    message,
    actions: ['Commit Version'],
  });
  if (chosen === 'Commit Version') await vscode.commands.executeCommand('cairn.commit', model);
}
