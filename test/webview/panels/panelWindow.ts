import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { webviewPage } from '../../../src/extension/panels/webviewPage';
import { type Contract, type LetterReaders, parseRequest } from '../../../src/wire/letters';
import { openBrowser } from '../../host/browser.mjs';
import { barriersIn, barriersInThemes, focusedIn } from './inPanel';
import themes from './themes.json';

export type Theme = keyof typeof themes;
const themeNames = Object.keys(themes) as Theme[];

/** For each request of a panel what the extension would answer; throwing refuses it. */
export type Answers<C extends Contract> = {
  readonly [K in keyof C]: (ask: C[K]['ask']) => C[K]['answer'] | Promise<C[K]['answer']>;
};

export interface PanelOptions<C extends Contract> {
  readonly panel: 'compare' | 'metrics' | 'model' | 'rollback';
  readonly state: object;
  readonly readers: LetterReaders<C>;
  readonly answers: Answers<C>;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

const origin = 'http://panel.test';
const root = path.resolve(import.meta.dirname, '../../..');
const screenshots = path.join(root, 'test', 'e2e', 'screenshots');

/** What VS Code puts before a webview's own styles, as far as it matters here. */
const defaultStyles = `@layer vscode-default {
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body { background-color: var(--vscode-editor-background); color: var(--vscode-editor-foreground);
    font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight);
    font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
}`;

/** What VS Code gives to a webview, with the state kept as it is when a panel is hidden. */
const vscodeApi = `
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (letter) => globalThis.toExtension(letter),
    getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
    setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
  });
  addEventListener('securitypolicyviolation', (event) =>
    globalThis.toTest(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
`;

let browser: Promise<Browser> | undefined;

/** Ends the browser that the windows of a test file share. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

/** One panel in a browser, in the page that the extension makes, with the test as the extension. */
export class PanelWindow<C extends Contract> {
  /** Every request that the panel sent, in their order. */
  readonly asked: { readonly name: keyof C & string; readonly ask: unknown }[] = [];
  /** What must not happen: errors, blocked resources, letters that nobody understands. */
  readonly troubles: string[] = [];
  private theme: Theme = 'dark';

  private constructor(
    readonly page: Page,
    private readonly options: PanelOptions<C>,
  ) {
    this.theme = options.theme ?? 'dark';
  }

  static async open<C extends Contract>(options: PanelOptions<C>): Promise<PanelWindow<C>> {
    browser ??= openBrowser();
    const { width = 1000, height = 760 } = options;
    const context = await (await browser).newContext({ viewport: { width, height } });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const window = new PanelWindow(page, options);
    await window.prepare();
    await page.goto(origin);
    return window;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** What the extension says unasked. */
  async tell(name: string, event: object = {}): Promise<void> {
    await this.send({ kind: 'event', name, event });
  }

  /** What was asked under this name. */
  asks<K extends keyof C & string>(name: K): C[K]['ask'][] {
    return this.asked.filter((one) => one.name === name).map(({ ask }) => ask as C[K]['ask']);
  }

  focused(): Promise<string> {
    return focusedIn(this.page);
  }

  async useTheme(theme: Theme): Promise<void> {
    this.theme = theme;
    const { variables, bodyClass, kind } = themes[theme];
    await this.page.evaluate(
      `(([variables, bodyClass, kind]) => {
        document.documentElement.removeAttribute('style');
        for (const [name, value] of Object.entries(variables)) {
          document.documentElement.style.setProperty(name, value);
        }
        document.body.dataset.vscodeThemeKind = kind;
        document.body.className = bodyClass;
      })(${JSON.stringify([variables, bodyClass, kind])})`,
    );
  }

  /** A picture in test/e2e/screenshots, of the whole page. */
  async picture(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    const file = path.join(screenshots, `${this.options.panel}-${name}.png`);
    await this.page.screenshot({ path: file, fullPage: true });
  }

  /** Looks at the panel in every theme: a picture of each, and what is hard to use or to read. */
  async lookInEveryTheme(name: string): Promise<void> {
    const found = await barriersInThemes(this.page, themeNames, async (theme) => {
      await this.useTheme(theme);
      await this.picture(`${name}-${theme}`);
    });
    this.troubles.push(...found);
  }

  barriers(): Promise<string[]> {
    return barriersIn(this.page);
  }

  private async prepare(): Promise<void> {
    const { page } = this;
    page.on('pageerror', (error) => this.troubles.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.troubles.push(message.text());
      }
    });
    page.on('dialog', (dialog) => {
      this.troubles.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.exposeFunction('toTest', (trouble: string) => {
      this.troubles.push(trouble);
    });
    await page.exposeFunction('toExtension', (letter: unknown) => this.receive(letter));
    await page.addInitScript(vscodeApi);
    await page.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') await route.fulfill({ contentType: 'text/html', body: this.html() });
      else if (pathname === '/favicon.ico') await route.fulfill({ status: 204 });
      else await route.fulfill({ path: path.join(root, 'dist', 'webview', pathname) });
    });
  }

  /** The extension's page as VS Code shows it: with the theme's variables and its own styles. */
  private html(): string {
    const { panel, state } = this.options;
    const { variables, bodyClass, kind } = themes[this.theme];
    const style = Object.entries(variables).map(([name, value]) => `${name}: ${value}`);
    return webviewPage({
      panel,
      title: 'Test',
      script: `${origin}/${panel}.js`,
      style: `${origin}/${panel}.css`,
      source: origin,
      nonce: 'nonce1',
      state,
    })
      .replace('<html ', `<html style="${style.join('; ').replaceAll('"', '&quot;')}" `)
      .replace('<head>', `<head><style>${defaultStyles}</style>`)
      .replace('<body>', `<body class="${bodyClass}" data-vscode-theme-kind="${kind}">`);
  }

  private async receive(letter: unknown): Promise<void> {
    const request = parseRequest(this.options.readers, letter);
    if (request === null) {
      this.troubles.push(`not understood: ${JSON.stringify(letter)}`);
      return;
    }
    const { id, name, ask } = request;
    this.asked.push({ name, ask });
    try {
      await this.send({ kind: 'answer', id, answer: await this.options.answers[name](ask) });
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      await this.send({ kind: 'refusal', id, message });
    }
  }

  private async send(letter: object): Promise<void> {
    await this.page.evaluate(`postMessage(${JSON.stringify(letter)}, '*')`);
  }
}
