import * as vscode from 'vscode';
import type { Desk } from '../desk';
import { inlineSettings } from './inlineSettings';
import type { DocumentValues, InlineSource } from './inlineSource';
import { type InlineText, inlineText } from './inlineText';

/** After the last keystroke before a line is looked at again. */
const typingMilliseconds = 120;

interface Shown extends InlineText {
  /** From 0. */
  readonly line: number;
}

/**
 * Past values after the lines that set hyperparameters, in files and notebook cells that versions
 * of a model have; nothing in any other. Lines with problems of their own are left alone.
 */
export class InlineValueDecorations implements vscode.Disposable {
  private readonly style = vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 2.5em', fontStyle: 'italic' },
    // The range is the whole line, so that a line that is typed below takes nothing along.
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  private readonly disposables: vscode.Disposable[];
  private readonly waiting = new Map<vscode.TextDocument, NodeJS.Timeout>();
  private readonly decorated = new WeakSet<vscode.TextEditor>();

  constructor(
    private readonly desk: Desk,
    private readonly source: InlineSource,
  ) {
    this.disposables = [
      this.style,
      vscode.window.onDidChangeVisibleTextEditors(() => this.refresh()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.typed(document)),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) =>
        this.scrolled(textEditor),
      ),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => this.diagnosed(uris)),
      source.onDidChange(() => this.refresh()),
    ];
    this.refresh();
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** What stands in a document now, by line from 0. */
  async textsFor(document: vscode.TextDocument): Promise<readonly Shown[]> {
    const { values, differences, linesWithProblems } = inlineSettings(document);
    if (!values && !differences) return [];
    const told = await this.source.of(document);
    if (told === null) return [];
    const shown = shownTexts(document, told);
    const wanted = shown.filter(({ differs }) => (differs ? differences : values));
    if (linesWithProblems) return wanted;
    const problems = linesOfProblems(document);
    return wanted.filter(({ line }) => !problems.has(line));
  }

  private typed(document: vscode.TextDocument): void {
    if (!this.source.concerns(document)) return;
    clearTimeout(this.waiting.get(document));
    const timer = setTimeout(() => {
      this.waiting.delete(document);
      this.showIn((editor) => editor.document === document);
    }, typingMilliseconds);
    this.waiting.set(document, timer);
  }

  /** Of a long document only what is in sight was asked. */
  private scrolled({ document }: vscode.TextEditor): void {
    if (this.source.isPartial(document)) this.typed(document);
  }

  private diagnosed(uris: readonly vscode.Uri[]): void {
    const named = new Set(uris.map((uri) => uri.toString()));
    this.showIn(
      ({ document }) => named.has(document.uri.toString()) && this.source.last(document) !== null,
    );
  }

  private refresh(): void {
    this.showIn(() => true);
  }

  private showIn(wanted: (editor: vscode.TextEditor) => boolean): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (wanted(editor)) void this.show(editor);
    }
  }

  private async show(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    // Nothing was shown and nothing will be: most editors, of no concern.
    if (!this.source.concerns(document) && !this.decorated.has(editor)) return;
    const { version } = document;
    try {
      const texts = await this.textsFor(document);
      // Typed meanwhile: the next look is on its way.
      if (document.version !== version || document.isClosed) return;
      this.decorated.add(editor);
      editor.setDecorations(
        this.style,
        texts.map((shown) => decoration(document, shown)),
      );
    } catch (thrown) {
      this.desk.reporter.noted('Past values', thrown);
    }
  }
}

function decoration(
  document: vscode.TextDocument,
  { line, text, differs }: Shown,
): vscode.DecorationOptions {
  const colour = differs ? 'cairn.inlineDifferenceForeground' : 'cairn.inlineValueForeground';
  return {
    range: document.lineAt(line).range,
    renderOptions: { after: { contentText: text, color: new vscode.ThemeColor(colour) } },
  };
}

/** One text a line: of several parameters on it one that differs, else the first. */
function shownTexts(document: vscode.TextDocument, { asked, values }: DocumentValues): Shown[] {
  const shown = new Map<number, Shown>();
  for (const parameter of values.parameters) {
    if (parameter.text !== asked.text) continue;
    const { line } = document.positionAt(parameter.end);
    const before = shown.get(line);
    const text = inlineText(parameter, values);
    if (text === null || (before !== undefined && (before.differs || !text.differs))) continue;
    shown.set(line, { line, ...text });
  }
  return [...shown.values()];
}

/** Lines on which something else is told already; hints tell nothing there. */
function linesOfProblems(document: vscode.TextDocument): Set<number> {
  const lines = new Set<number>();
  for (const { range, severity } of vscode.languages.getDiagnostics(document.uri)) {
    if (severity === vscode.DiagnosticSeverity.Hint) continue;
    lines.add(range.start.line).add(range.end.line);
  }
  return lines;
}
