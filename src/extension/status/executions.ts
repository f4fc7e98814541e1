import * as vscode from 'vscode';

/**
 * Calls `ended` whenever something that may have trained a model is over: a command in a terminal
 * (with shell integration; else the terminal itself), a debug session, a task, a notebook cell.
 */
export function watchExecutions(ended: () => void): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.window.onDidEndTerminalShellExecution(ended),
    vscode.window.onDidCloseTerminal(ended),
    vscode.debug.onDidTerminateDebugSession(ended),
    vscode.tasks.onDidEndTask(ended),
    vscode.workspace.onDidChangeNotebookDocument(({ cellChanges }) => {
      const finished = cellChanges.some(
        ({ executionSummary }) => executionSummary?.timing !== undefined,
      );
      if (finished) ended();
    }),
  );
}
