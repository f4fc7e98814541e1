import * as vscode from 'vscode';
import type { Desk } from '../desk';

/** An earlier value that is to take a literal's place. */
export interface ValueUse {
  /** The document's address. */
  readonly uri: string;
  readonly start: number;
  readonly end: number;
  /** What stood there when this was offered. */
  readonly literal: string;
  readonly written: string;
}

/** The edit, unless the text is another one by now. */
export function editOf(document: vscode.TextDocument, use: ValueUse): vscode.WorkspaceEdit | null {
  const range = new vscode.Range(document.positionAt(use.start), document.positionAt(use.end));
  if (document.getText(range) !== use.literal) return null;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, use.written);
  return edit;
}

/** Puts an earlier value where the literal is; the file is not saved. */
export async function useValue(desk: Desk, use: ValueUse): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(use.uri, true));
  const edit = editOf(document, use);
  if (edit !== null) return vscode.workspace.applyEdit(edit);
  await desk.prompts().tell({
    id: 'useValue.moved',
    kind: 'information',
    message: 'The text changed since the value was offered. Look at the line again.',
    actions: [],
  });
  return false;
}
