import * as vscode from 'vscode';
import type { Desk } from '../desk';
import type { InlineSource } from './inlineSource';

/** The status bar's switch for all that is told beside code; there while such a file is open. */
export class InlineToggle implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly disposables: vscode.Disposable[];

  constructor(
    private readonly desk: Desk,
    private readonly source: InlineSource,
  ) {
    this.item = vscode.window.createStatusBarItem(
      'cairn.inline',
      vscode.StatusBarAlignment.Right,
      90,
    );
    this.item.name = 'Cairn: Past Values';
    this.item.command = 'cairn.inline.toggle';
    this.disposables = [
      this.item,
      vscode.window.onDidChangeActiveTextEditor(() => void this.refresh()),
      source.onDidChange(() => void this.refresh()),
    ];
    void this.refresh();
  }

  /** What it says; empty while it is not there. */
  text = '';

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async refresh(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    try {
      const shown = editor !== undefined && (await this.belongs(editor.document));
      if (editor !== vscode.window.activeTextEditor) return;
      this.show(shown);
    } catch (thrown) {
      this.desk.reporter.noted('Past values', thrown);
    }
  }

  private async belongs(document: vscode.TextDocument): Promise<boolean> {
    // While it is off nothing is asked: the file may have something to tell.
    if (this.source.hidden) return this.source.mayTell(document);
    return (await this.source.of(document)) !== null;
  }

  private show(shown: boolean): void {
    const { hidden } = this.source;
    this.text = shown ? `Values ${hidden ? 'off' : 'on'}` : '';
    this.item.text = `$(${hidden ? 'eye-closed' : 'eye'}) ${hidden ? 'Values off' : 'Values'}`;
    const does = hidden ? 'Show' : 'Hide';
    this.item.tooltip = `Cairn: ${does} past values beside code`;
    this.item.accessibilityInformation = { label: `${does} past values beside code` };
    if (shown) this.item.show();
    else this.item.hide();
  }
}
