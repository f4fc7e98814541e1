import * as vscode from 'vscode';
import type { InlineValues } from '../../core/pastValues';
import type { Desk } from '../desk';
import type { InlineSource } from './inlineSource';

type Told = Pick<InlineValues, 'reading'>;

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
      const told = editor === undefined ? null : await this.told(editor.document);
      if (editor !== vscode.window.activeTextEditor) return;
      this.show(told);
    } catch (thrown) {
      this.desk.reporter.noted('Past values', thrown);
    }
  }

  private async told(document: vscode.TextDocument): Promise<Told | null> {
    // While it is off nothing is asked: the file may have something to tell.
    if (this.source.hidden) return this.source.mayTell(document) ? { reading: null } : null;
    return (await this.source.of(document))?.values ?? null;
  }

  private show(told: Told | null): void {
    const { hidden } = this.source;
    const reading = told?.reading ?? null;
    this.text = told === null ? '' : toggleText(hidden, reading);
    const icon = reading !== null ? 'loading~spin' : hidden ? 'eye-closed' : 'eye';
    this.item.text = `$(${icon}) ${toggleText(hidden, reading)}`;
    const does = hidden ? 'Show' : 'Hide';
    this.item.tooltip = `Cairn: ${does} past values beside code${readingText(reading)}`;
    this.item.accessibilityInformation = { label: `${does} past values beside code` };
    if (told !== null) this.item.show();
    else this.item.hide();
  }
}

function toggleText(hidden: boolean, reading: Told['reading']): string {
  if (hidden) return 'Values off';
  return reading === null ? 'Values' : `Values ${reading.done}/${reading.total}`;
}

function readingText(reading: Told['reading']): string {
  if (reading === null) return '';
  const { done, total } = reading;
  return `\n${done} of ${total} versions are read, the newest first. Older ones are being read; hidden, they are not.`;
}
