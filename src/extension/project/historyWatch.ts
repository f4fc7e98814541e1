import * as vscode from 'vscode';

/** How often the history is looked at while a view is open, for where watching fails. */
const pollMilliseconds = 1_000;

/**
 * Calls `look` when the history may have changed, by whoever: when its files change, when the
 * window gets the focus, and every second while something of it is on the screen.
 */
export function watchHistory(
  home: string,
  isSeen: () => boolean,
  look: () => void,
): vscode.Disposable {
  const pattern = new vscode.RelativePattern(vscode.Uri.file(home), 'history.db*');
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  const poll = setInterval(() => {
    if (isSeen()) look();
  }, pollMilliseconds);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(look),
    watcher.onDidCreate(look),
    watcher.onDidDelete(look),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) look();
    }),
    { dispose: () => clearInterval(poll) },
  );
}
