import * as vscode from 'vscode';
import { numberTitle, versionLabel } from '../../core/labels';
import type { LineVersion } from '../../core/pastValues';
import { referenceTo } from '../../core/version';
import type { Desk } from '../desk';
import { versionUri } from '../files/versionFiles';
import type { ProjectSession } from '../project/session';
import { versionDescription } from '../tree/versionFigures';
import { enclosingBlock } from './enclosingBlock';
import { cellsAround, fileOf } from './inlineSource';

/**
 * The versions that changed the selected lines (or the function around the cursor), to choose one
 * and see what it changed there.
 */
export async function showLineVersions(desk: Desk): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const file = editor === undefined ? null : fileOf(editor.document);
  const session = file === null ? null : desk.projects.holding(file);
  if (editor === undefined || file === null || session === null) {
    await tell(desk, 'Open a file of a model, and select the lines.');
    return;
  }
  const { document } = editor;
  const cells = cellsAround(document);
  const lines = linesOf(editor);
  const history = await session.project.lineHistory({
    path: session.recordPath(file) ?? '',
    texts: cells.map((cell) => cell.getText()),
    text: cells.indexOf(document),
    ...lines,
  });
  if (history === null || history.versions.length === 0) {
    const which = lines.from === lines.to ? 'this line' : 'these lines';
    await tell(desk, `No version changed ${which}.`);
    return;
  }
  const now = desk.platform.clock.now().getTime();
  const chosen = await desk.prompts().pick(
    { id: 'lines.version', title: titleOf(lines) },
    history.versions.map((version) => ({
      value: version,
      label: versionLabel(version.record),
      description: versionDescription(version.record, version.previous, history.primary, now),
    })),
  );
  if (chosen !== undefined) await openAt(session, chosen);
}

function titleOf({ from, to }: { from: number; to: number }): string {
  return `Versions that changed ${from === to ? `line ${from}` : `lines ${from}–${to}`}`;
}

async function tell(desk: Desk, message: string): Promise<void> {
  await desk.prompts().tell({ id: 'lines.none', kind: 'information', message, actions: [] });
}

/** Of the selection, or of the function or class around the cursor; from 1, both included. */
function linesOf({ document, selection }: vscode.TextEditor): { from: number; to: number } {
  if (!selection.isEmpty) {
    // A selection that ends before the first character of a line does not hold that line.
    const open = selection.end.character === 0 && selection.end.line > selection.start.line;
    return { from: selection.start.line + 1, to: selection.end.line + (open ? 0 : 1) };
  }
  const texts = document.getText().split(/\r?\n/);
  const { from, to } = enclosingBlock(texts, selection.active.line);
  return { from: from + 1, to: to + 1 };
}

/** What the version changed, at the lines. */
async function openAt(session: ProjectSession, version: LineVersion): Promise<void> {
  const { record, previous, path, pathBefore, from, count } = version;
  const last = Math.max(from, from + count - 1);
  const selection = new vscode.Range(from - 1, 0, last - 1, 0);
  const after = versionUri(session.fileUri(path), referenceTo(record, true));
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (previous === null || pathBefore === null) {
    await vscode.commands.executeCommand('vscode.open', after, { selection });
    return;
  }
  const before = versionUri(session.fileUri(pathBefore), referenceTo(previous, true));
  const title = `${name} (${numberTitle(previous)} ↔ ${numberTitle(record)})`;
  await vscode.commands.executeCommand('vscode.diff', before, after, title, { selection });
}
