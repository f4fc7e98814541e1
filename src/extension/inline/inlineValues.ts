import * as vscode from 'vscode';
import type { SourceLiteral } from '../../operations';
import type { ModelOverview, ParameterHistory } from '../../operations/project';
import type { Desk } from '../desk';
import { modelOf } from '../labels';
import type { ProjectSession } from '../project/session';
import { inlineText } from './inlineText';

/** After the last keystroke before a line is looked at again. */
const typingMilliseconds = 200;

interface Shown {
  readonly line: number;
  readonly text: string;
}

/**
 * Past values after the lines that set hyperparameters, in Python files that a model's versions
 * took parameters from; nothing in any other file. `cairn.inline.values` turns them off.
 */
export class InlineValues implements vscode.Disposable {
  private readonly style = vscode.window.createTextEditorDecorationType({
    after: {
      color: new vscode.ThemeColor('cairn.inlineValueForeground'),
      margin: '0 0 0 2.5em',
      fontStyle: 'italic',
    },
    // The range is the whole line, so that a line that is typed below takes nothing along.
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  private readonly disposables: vscode.Disposable[];
  private readonly waiting = new Map<vscode.TextDocument, NodeJS.Timeout>();
  private following: vscode.Disposable | null = null;

  constructor(private readonly desk: Desk) {
    this.disposables = [
      this.style,
      vscode.window.onDidChangeVisibleTextEditors(() => this.refresh()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.typed(document)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('cairn.inline.values')) this.refresh();
      }),
      desk.projects.onDidChange(() => this.follow()),
    ];
    this.follow();
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.following?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** What would stand in a document now, by line from 0. */
  async textsFor(document: vscode.TextDocument): Promise<readonly Shown[]> {
    const session = this.sessionFor(document);
    if (session === null) return [];
    const path = session.recordPath(document.uri) ?? '';
    const histories = await session.project.parameterHistory({ path });
    if (histories.length === 0) return [];
    const answer = await this.desk.engine.ask({ kind: 'literals', text: document.getText() });
    return shownTexts(answer as SourceLiteral[], histories, await session.overview());
  }

  private follow(): void {
    this.following?.dispose();
    this.following = vscode.Disposable.from(
      ...this.desk.projects.all.map((session) =>
        session.onDidChange((change) => {
          if (change === 'history') this.refresh();
        }),
      ),
    );
    this.refresh();
  }

  private sessionFor(document: vscode.TextDocument): ProjectSession | null {
    const enabled = vscode.workspace.getConfiguration('cairn').get('inline.values', true);
    return enabled && document.languageId === 'python'
      ? this.desk.projects.holding(document.uri)
      : null;
  }

  private typed(document: vscode.TextDocument): void {
    if (this.sessionFor(document) === null) return;
    clearTimeout(this.waiting.get(document));
    const timer = setTimeout(() => {
      this.waiting.delete(document);
      for (const editor of vscode.window.visibleTextEditors) {
        if (editor.document === document) void this.show(editor);
      }
    }, typingMilliseconds);
    this.waiting.set(document, timer);
  }

  private refresh(): void {
    for (const editor of vscode.window.visibleTextEditors) void this.show(editor);
  }

  private async show(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    if (document.languageId !== 'python') return;
    const { version } = document;
    try {
      const texts = await this.textsFor(document);
      // Typed meanwhile: the next look is on its way.
      if (document.version !== version) return;
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
  { line, text }: Shown,
): vscode.DecorationOptions {
  return {
    range: document.lineAt(line).range,
    renderOptions: { after: { contentText: text } },
  };
}

/** One text a line: of several parameters on it the first that has something to tell. */
function shownTexts(
  literals: readonly SourceLiteral[],
  histories: readonly ParameterHistory[],
  models: readonly ModelOverview[],
): Shown[] {
  const shown = new Map<number, string>();
  for (const history of histories) {
    const literal = literals.findLast(({ name }) => name === history.key);
    const newest = history.values[0]?.versions[0];
    if (literal === undefined || newest === undefined) continue;
    const model = models.find(({ name }) => name === modelOf(newest));
    const metric = model?.primary?.metric ?? null;
    const text = inlineText(history, literal.value, model?.current ?? null, metric);
    if (text !== null && !shown.has(literal.line - 1)) shown.set(literal.line - 1, text);
  }
  return [...shown].map(([line, text]) => ({ line, text }));
}
