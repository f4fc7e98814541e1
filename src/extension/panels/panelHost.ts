import * as vscode from 'vscode';
import { Cancelled } from '../../core/failure';
import {
  type Contract,
  type Events,
  type LetterReaders,
  parseRequest,
  type ReplyLetter,
} from '../../wire/letters';
import type { Desk } from '../desk';
import { webviewPage } from './webviewPage';

/** For each request of a panel, what answers it. */
export type Answers<C extends Contract> = {
  readonly [K in keyof C]: (ask: C[K]['ask']) => Promise<C[K]['answer']>;
};

export interface PanelParts<C extends Contract> {
  /** The panel's name: that of its script and its type. */
  readonly name: string;
  readonly title: string;
  readonly state: unknown;
  readonly readers: LetterReaders<C>;
  readonly answers: Answers<C>;
}

/** One open panel: its page, the letters it sends, and what it is told. */
export class PanelHost<C extends Contract, E extends Events> implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];
  private over = false;

  constructor(
    private readonly desk: Desk,
    readonly panel: vscode.WebviewPanel,
    private readonly parts: PanelParts<C>,
  ) {
    const { extensionUri } = desk.context;
    const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const icon = (name: string) => vscode.Uri.joinPath(extensionUri, 'media', name);
    panel.iconPath = { light: icon('cairn-light.svg'), dark: icon('cairn-dark.svg') };
    this.disposables.push(
      panel.webview.onDidReceiveMessage((letter) => void this.receive(letter)),
      panel.onDidDispose(() => this.dispose()),
    );
    panel.title = parts.title;
    panel.webview.html = webviewPage({
      panel: parts.name,
      title: parts.title,
      state: parts.state,
      script: panel.webview
        .asWebviewUri(vscode.Uri.joinPath(folder, `${parts.name}.js`))
        .toString(),
      style: panel.webview
        .asWebviewUri(vscode.Uri.joinPath(folder, `${parts.name}.css`))
        .toString(),
      source: panel.webview.cspSource,
      nonce: desk.platform.random.token(16),
    });
  }

  /** Ends with the panel. */
  own(...disposables: vscode.Disposable[]): void {
    this.disposables.push(...disposables);
  }

  tell<K extends keyof E & string>(name: K, event: E[K]): void {
    if (!this.over) void this.panel.webview.postMessage({ kind: 'event', name, event });
  }

  dispose(): void {
    if (this.over) return;
    this.over = true;
    for (const disposable of this.disposables) disposable.dispose();
    this.panel.dispose();
  }

  private async receive(letter: unknown): Promise<void> {
    const request = parseRequest(this.parts.readers, letter);
    if (request === null) {
      this.desk.log.warn(`The ${this.parts.name} panel sent a letter that was not understood.`);
      return;
    }
    const reply = await this.replyTo(request.id, request.name, request.ask);
    if (!this.over) void this.panel.webview.postMessage(reply);
  }

  private async replyTo<K extends keyof C & string>(
    id: number,
    name: K,
    ask: C[K]['ask'],
  ): Promise<ReplyLetter> {
    try {
      return { kind: 'answer', id, answer: await this.parts.answers[name](ask) };
    } catch (thrown) {
      if (thrown instanceof Cancelled) return { kind: 'refusal', id, message: 'Called off.' };
      const { message } = this.desk.reporter.noted(`${this.parts.title}: ${name}`, thrown);
      return { kind: 'refusal', id, message };
    }
  }
}

/** Makes an empty panel beside the editors; its state survives reloads, its page does not linger. */
export function makePanel(name: string, title: string): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(`cairn.${name}`, title, vscode.ViewColumn.Active, {
    enableScripts: true,
    enableFindWidget: true,
  });
}
