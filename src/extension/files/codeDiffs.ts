import * as vscode from 'vscode';
import type { FileChange } from '../../core/comparison';
import type { Side } from '../../core/comparisonReport';
import { shortReference } from '../../core/labels';
import type { RollbackPlan } from '../../core/plan';
import type { ProjectSession } from '../project/session';
import { versionUri } from './versionFiles';

/** A code file on both sides; `undefined` where it is not there. */
type DiffEntry = [vscode.Uri, vscode.Uri | undefined, vscode.Uri | undefined];

/**
 * Opens all code that differs between a version and another (or the working files) in VS Code's
 * multi-diff editor.
 */
export async function openCodeDiff(session: ProjectSession, from: string, to: Side): Promise<void> {
  if (to === null) session.requireTrust('comparing with the working files');
  const request = to === null ? { from } : { from, to };
  const { code } = await session.project.compare(request);
  if (code.files.length === 0) {
    vscode.window.setStatusBarMessage('$(check) The code is the same.', 4_000);
    return;
  }
  const [base, other] = await Promise.all([pinned(session, from), pinned(session, to)]);
  const title = `${sideTitle(base)} ↔ ${sideTitle(other)}: Code`;
  await openChanges(
    title,
    code.files.map((change) => entryOf(session, base, other, change)),
  );
}

/** Opens one code file of a comparison: as a diff, or alone where one side has it not. */
export async function openFileDiff(
  session: ProjectSession,
  from: Side,
  to: Side,
  change: FileChange,
): Promise<void> {
  const [base, other] = await Promise.all([pinned(session, from), pinned(session, to)]);
  const [uri, before, after] = entryOf(session, base, other, change);
  const name = change.path.slice(change.path.lastIndexOf('/') + 1);
  if (from !== null && before !== undefined && after !== undefined) {
    const title = `${name} (${sideTitle(base)} ↔ ${sideTitle(other)})`;
    await vscode.commands.executeCommand('vscode.diff', before, after, title);
    return;
  }
  // Alone it would look like the working file: the title says which version it is of.
  const side = after === undefined ? base : other;
  const label = side === null ? undefined : `${name} (${sideTitle(side)})`;
  await vscode.commands.executeCommand('vscode.open', after ?? before ?? uri, {}, label);
}

/** Opens what a rollback would make of the code: the working files against the version. */
export async function openRollbackDiff(
  session: ProjectSession,
  reference: string,
  plan: RollbackPlan,
): Promise<void> {
  const target = await pinned(session, reference);
  const entries = await Promise.all(
    plan.code
      .filter(({ action }) => action !== 'keep')
      .map(async ({ path, action }): Promise<DiffEntry> => {
        const working = session.fileUri(path);
        const here = await exists(working);
        const after = action === 'delete' ? undefined : addressOf(session, target, path);
        return [working, here ? working : undefined, after];
      }),
  );
  if (entries.length === 0) {
    vscode.window.setStatusBarMessage('$(check) The code stays as it is.', 4_000);
    return;
  }
  await openChanges(`Roll Back to ${sideTitle(target)}: Code`, entries);
}

async function openChanges(title: string, entries: readonly DiffEntry[]): Promise<void> {
  await vscode.commands.executeCommand('vscode.changes', title, entries);
}

function entryOf(
  session: ProjectSession,
  from: Side,
  to: Side,
  { path, status, from: old }: FileChange,
): DiffEntry {
  const before = status === 'added' ? undefined : addressOf(session, from, old ?? path);
  const after = status === 'deleted' ? undefined : addressOf(session, to, path);
  return [session.fileUri(path), before, after];
}

function addressOf(session: ProjectSession, side: Side, path: string): vscode.Uri {
  const file = session.fileUri(path);
  return side === null ? file : versionUri(file, side);
}

/** With its revision, so that an editor left open goes on showing what it showed. */
async function pinned(session: ProjectSession, side: Side): Promise<Side> {
  if (side === null || /@(?:v\d+\.\d+|b\d+)$/.test(side)) return side;
  const { version } = await session.project.show({ reference: side });
  const { model, kind, number, revision } = version;
  return kind === 'backup' ? `${model}@b${number}` : `${model}@v${number}.${revision}`;
}

function sideTitle(side: Side): string {
  return side === null ? 'Working files' : shortReference(side);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (thrown) {
    // VS Code's own way to say that there is no file; anything else is told.
    if (thrown instanceof vscode.FileSystemError && thrown.code === 'FileNotFound') return false;
    throw thrown;
  }
}
