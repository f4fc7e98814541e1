import * as vscode from 'vscode';
import { counted } from '../../core/labels';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';

type Unsaved = vscode.TextDocument | vscode.NotebookDocument;

/** Editors and notebooks of the project's files that hold what is not on the disk. */
function unsavedIn(session: ProjectSession): Unsaved[] {
  const { textDocuments, notebookDocuments } = vscode.workspace;
  return [...textDocuments, ...notebookDocuments].filter(
    (document) => document.isDirty && session.recordPath(document.uri) !== null,
  );
}

/**
 * Offers to save what is unsaved before a verb reads the working files.
 * @returns `false` when called off
 */
export async function saveUnsaved(
  desk: Desk,
  session: ProjectSession,
  verb: string,
): Promise<boolean> {
  const unsaved = unsavedIn(session);
  if (unsaved.length === 0) return true;
  const saveAll = `Save All & ${verb}`;
  const without = `${verb} Without Them`;
  const chosen = await desk.prompts().confirm({
    id: 'unsaved.save',
    message: `${counted(unsaved.length, 'file has', 'files have')} unsaved changes.`,
    detail: namesOf(session, unsaved),
    actions: [saveAll, without],
  });
  if (chosen === saveAll) return saveEach(unsaved);
  return chosen === without;
}

/**
 * Before files are overwritten: editors of them with unsaved text are saved (then the backup holds
 * it), or their text is put into a new untitled editor, or the whole is called off (`false`).
 */
export async function settleUnsaved(
  desk: Desk,
  session: ProjectSession,
  paths: ReadonlySet<string>,
): Promise<boolean> {
  const unsaved = unsavedIn(session).filter(({ uri }) => paths.has(session.recordPath(uri) ?? ''));
  if (unsaved.length === 0) return true;
  const chosen = await desk.prompts().confirm({
    id: 'unsaved.settle',
    message: `${counted(unsaved.length, 'file')} that will be changed ${unsaved.length === 1 ? 'has' : 'have'} unsaved text.`,
    detail: `${namesOf(session, unsaved)}\n\nSave: the text is saved and goes into the backup. Back Up: the text is kept in a new untitled editor.`,
    actions: ['Save', 'Back Up'],
  });
  if (chosen === 'Save') return saveEach(unsaved);
  if (chosen !== 'Back Up') return false;
  for (const document of unsaved) {
    if ('getText' in document) await keepCopy(document);
    // A notebook has no text of its own: saved, it goes into the backup whole.
    else if (!(await document.save())) return false;
  }
  return true;
}

async function saveEach(documents: readonly Unsaved[]): Promise<boolean> {
  for (const document of documents) {
    // VS Code has told why a file could not be saved.
    if (!(await document.save())) return false;
  }
  return true;
}

async function keepCopy(document: vscode.TextDocument): Promise<void> {
  const content = document.getText();
  await vscode.window.showTextDocument(document, { preview: false });
  await vscode.commands.executeCommand('workbench.action.files.revert');
  const copy = await vscode.workspace.openTextDocument({ content, language: document.languageId });
  await vscode.window.showTextDocument(copy, { preview: false, preserveFocus: true });
}

function namesOf(session: ProjectSession, documents: readonly Unsaved[]): string {
  return documents
    .slice(0, 8)
    .map(({ uri }) => session.recordPath(uri) ?? uri.fsPath)
    .join('\n');
}
