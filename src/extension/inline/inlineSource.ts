import * as vscode from 'vscode';
import {
  type InlineValues,
  longestSource,
  type TextPart,
  type TextsAsked,
} from '../../core/pastValues';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';
import { inlineSettings } from './inlineSettings';

/** A document as the engine is asked about it. */
export interface AskedDocument extends TextsAsked {
  readonly session: ProjectSession;
  /** Which of the texts is the document's. */
  readonly text: number;
}

/** What is told about a document. */
export interface DocumentValues {
  readonly asked: AskedDocument;
  readonly values: InlineValues;
}

interface Kept {
  readonly key: string;
  readonly answer: Promise<DocumentValues | null>;
  settled?: DocumentValues | null;
}

/** Of documents with more lines only what is in sight is asked, in steps of so many lines. */
const longDocument = 1_000;
const stepLines = 200;
const looked = /\.(?:pyw?|ipynb|ya?ml|jsonc?|toml)$/i;
/** While a long past is read, so long after an answer the next one is asked for. */
const againMilliseconds = 2_000;
const hiddenKey = 'cairn.inline.hidden';

/**
 * What the engine says about the documents that editors show. One question for each state of a
 * document, whoever asks; none for files outside a project, and after the first none for files that
 * no version has, until the history changes.
 */
export class InlineSource implements vscode.Disposable {
  private kept = new WeakMap<vscode.TextDocument, Kept>();
  private outside = new Set<string>();
  private generation = 0;
  private following: vscode.Disposable | null = null;
  private again: NodeJS.Timeout | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  /** The history, the projects, the settings or the toggle are other ones. */
  readonly onDidChange = this.changed.event;
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly desk: Desk) {
    this.disposables = [
      this.changed,
      desk.projects.onDidChange(() => this.follow()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('cairn.inline')) this.forget();
      }),
    ];
    this.follow();
  }

  dispose(): void {
    clearTimeout(this.again);
    this.following?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** Switched off for this folder, by the status bar. */
  get hidden(): boolean {
    return this.desk.context.workspaceState.get(hiddenKey, false);
  }

  async toggle(): Promise<void> {
    await this.desk.context.workspaceState.update(hiddenKey, !this.hidden);
    this.forget();
  }

  /** Whether a document may have anything to tell now: cheap, asked at each keystroke. */
  concerns(document: vscode.TextDocument): boolean {
    return !this.hidden && this.mayTell(document);
  }

  /** The same, whether it is switched off or not. */
  mayTell(document: vscode.TextDocument): boolean {
    const file = fileOf(document);
    return (
      looked.test(file.path) &&
      !isNotebookAsText(document) &&
      !this.outside.has(file.toString()) &&
      this.desk.projects.holding(file) !== null &&
      lengthOf(document) <= longestSource
    );
  }

  /** What is told about a document as it is now; `null` where nothing is. */
  of(document: vscode.TextDocument): Promise<DocumentValues | null> {
    if (!this.concerns(document)) return Promise.resolve(null);
    const sight = inSight(document);
    const key = `${this.generation} ${stateOf(document)} ${sight?.start.line} ${sight?.end.line}`;
    const known = this.kept.get(document);
    if (known?.key === key) return known.answer;
    const kept: Kept = { key, answer: this.ask(document, sight) };
    this.kept.set(document, kept);
    kept.answer.then(
      (settled) => {
        kept.settled = settled;
      },
      // Whoever asked tells it; here it must only not be kept.
      () => this.kept.delete(document),
    );
    return kept.answer;
  }

  /** The last answer about a document, which may be one keystroke old. */
  last(document: vscode.TextDocument): DocumentValues | null {
    return this.kept.get(document)?.settled ?? null;
  }

  /** Whether only a part of the document is asked about, which scrolling changes. */
  isPartial(document: vscode.TextDocument): boolean {
    return document.lineCount > longDocument && this.concerns(document);
  }

  /** How the engine is asked about a document; `null` outside of every project. */
  askedOf(document: vscode.TextDocument): AskedDocument | null {
    const file = fileOf(document);
    const session = this.desk.projects.holding(file);
    if (session === null) return null;
    const path = session.recordPath(file) ?? '';
    const cells = cellsAround(document);
    const texts = cells.map((cell) => cell.getText());
    return { session, path, texts, text: cells.indexOf(document) };
  }

  private async ask(
    document: vscode.TextDocument,
    sight: vscode.Range | null,
  ): Promise<DocumentValues | null> {
    const asked = this.askedOf(document);
    if (asked === null || asked.text < 0) return null;
    const { session, path, texts } = asked;
    const { constants } = inlineSettings(document);
    const { generation } = this;
    const values = await session.project.parameterHistory({
      ...{ path, texts, constants },
      ...(sight === null ? {} : { part: partOf(document, asked.text, sight) }),
    });
    if (values === null && generation === this.generation)
      this.outside.add(fileOf(document).toString());
    if (values !== null && values.reading !== null) this.askAgain();
    return values === null ? null : { asked, values };
  }

  /** The newest versions answered: the others are being read. */
  private askAgain(): void {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.forget(), againMilliseconds);
  }

  private follow(): void {
    this.following?.dispose();
    this.following = vscode.Disposable.from(
      ...this.desk.projects.all.map((session) =>
        session.onDidChange((change) => {
          if (change === 'history') this.forget();
        }),
      ),
    );
    this.forget();
  }

  private forget(): void {
    this.generation += 1;
    this.outside = new Set();
    this.changed.fire();
  }
}

/** The file that a document is of: a notebook's for its cells. */
export function fileOf(document: vscode.TextDocument): vscode.Uri {
  return notebookOf(document)?.uri ?? document.uri;
}

/** A notebook's file in a text editor: its text is no code. */
function isNotebookAsText({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === 'file' && uri.path.endsWith('.ipynb');
}

/** Without putting the text together, which of a large file takes long. */
function lengthOf(document: vscode.TextDocument): number {
  return document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
}

function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  return vscode.workspace.notebookDocuments.find((notebook) =>
    notebook.getCells().some((cell) => cell.document === document),
  );
}

/** The document itself, or the code cells of its notebook. */
export function cellsAround(document: vscode.TextDocument): vscode.TextDocument[] {
  const notebook = notebookOf(document);
  if (notebook === undefined) return [document];
  return notebook
    .getCells()
    .filter(({ kind }) => kind === vscode.NotebookCellKind.Code)
    .map((cell) => cell.document);
}

/** What editors show of a long document, with room above and below; `null` for all of it. */
function inSight(document: vscode.TextDocument): vscode.Range | null {
  if (document.lineCount <= longDocument) return null;
  const ranges = vscode.window.visibleTextEditors
    .filter((editor) => editor.document === document)
    .flatMap(({ visibleRanges }) => visibleRanges);
  const [first] = ranges;
  if (first === undefined) return null;
  const { start, end } = ranges.reduce((all, range) => all.union(range), first);
  const from = Math.floor(start.line / stepLines - 0.5) * stepLines;
  const to = Math.ceil(end.line / stepLines + 0.5) * stepLines;
  return document.validateRange(new vscode.Range(Math.max(0, from), 0, to, 0));
}

function partOf(document: vscode.TextDocument, text: number, sight: vscode.Range): TextPart {
  return { text, from: document.offsetAt(sight.start), to: document.offsetAt(sight.end) };
}

function stateOf(document: vscode.TextDocument): string {
  return cellsAround(document)
    .map((cell) => `${cell.uri.fragment} ${cell.version}`)
    .join();
}
