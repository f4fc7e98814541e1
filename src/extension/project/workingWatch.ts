import * as vscode from 'vscode';

/** Between the first event on the disk and looking: several come together. */
const settleMilliseconds = 150;

/**
 * Calls `touched` for every file of the worktree that changed, and `changed` soon after files of the worktree changed, at most once in the time that looking
 * at them takes (`pause`), so that training which writes all the time does not keep Git busy.
 */
export function watchWorkingFiles(
  root: string,
  pause: () => number,
  heard: { readonly touched: (uri: vscode.Uri) => void; readonly changed: () => void },
): vscode.Disposable {
  const base = vscode.Uri.file(root);
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(base, '**'));
  let settling: NodeJS.Timeout | null = null;
  const touched = (uri: vscode.Uri) => {
    const { path } = uri;
    if (path === `${base.path}/.git` || path.startsWith(`${base.path}/.git/`)) return;
    heard.touched(uri);
    if (settling !== null) return;
    settling = setTimeout(
      () => {
        settling = null;
        heard.changed();
      },
      Math.max(settleMilliseconds, pause()),
    );
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(touched),
    watcher.onDidCreate(touched),
    watcher.onDidDelete(touched),
    {
      dispose: () => {
        if (settling !== null) clearTimeout(settling);
      },
    },
  );
}
