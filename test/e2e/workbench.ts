import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type BrowserContext,
  errors,
  type FrameLocator,
  type Locator,
  type Page,
} from 'playwright-core';
import { expect, inject } from 'vitest';
import { openBrowser } from '../host/browser.mjs';
import { quietSettings, startServer } from '../host/server.mjs';
import { barriersInThemes, focusedIn } from '../webview/panels/inPanel';

/** The colour themes in which every view is looked at, by the word that ends a picture's name. */
const themes = {
  dark: { scheme: 'dark', contrast: false, kind: 'vscode-dark', workbenchClass: 'vs-dark' },
  light: { scheme: 'light', contrast: false, kind: 'vscode-light', workbenchClass: 'vs' },
  'high-contrast': {
    scheme: 'dark',
    contrast: true,
    kind: 'vscode-high-contrast',
    workbenchClass: 'hc-black',
  },
  'high-contrast-light': {
    scheme: 'light',
    contrast: true,
    kind: 'vscode-high-contrast-light',
    workbenchClass: 'hc-light',
  },
} as const;
export type Theme = keyof typeof themes;

/** One visible row of a tree. */
export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** 1 for a root. */
  readonly level: number;
  /** Absent for a leaf. */
  readonly expanded?: boolean;
}

export interface WorkbenchOptions {
  /** The folder to open. */
  readonly folder: string;
  readonly settings?: Record<string, unknown>;
  /** Opens the folder in restricted mode, without asking. */
  readonly untrusted?: boolean;
  /** For the server, and so for the extension host and the terminals. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** The colour theme is what the browser asks for: it changes at once and nothing loses the focus. */
const followTheBrowser = {
  'window.autoDetectColorScheme': true,
  'window.autoDetectHighContrast': true,
  'workbench.preferredDarkColorTheme': 'Dark Modern',
  'workbench.preferredLightColorTheme': 'Light Modern',
  'workbench.preferredHighContrastColorTheme': 'Default High Contrast',
  'workbench.preferredHighContrastLightColorTheme': 'Default High Contrast Light',
};

/** In the page: VS Code is told of a wish for high contrast, without the browser's forced colours. */
function letContrastBeWished(): void {
  const query = '(forced-colors: active)';
  const wish = Object.assign(new EventTarget(), { matches: false, media: query });
  const others = window.matchMedia.bind(window);
  window.matchMedia = (asked) => (asked === query ? (wish as MediaQueryList) : others(asked));
  window.addEventListener('contrast-wished', (event) => {
    wish.matches = (event as CustomEvent<boolean>).detail;
    wish.dispatchEvent(new Event('change'));
  });
}

/** In the page: whether what VS Code wrote down of the open editors has each of these texts. */
async function areWrittenDown(texts: readonly string[]): Promise<boolean> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const written: unknown[] = [];
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith('vscode-web-state-db-') !== true) continue;
    const database = await done(indexedDB.open(name));
    const notes = database.transaction('ItemTable').objectStore('ItemTable');
    written.push(await done(notes.get('memento/workbench.parts.editor')));
    database.close();
  }
  return written.some((note) => texts.every((text) => `${note}`.includes(text)));
}

const untrustedSettings = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** Where a window's server is, and how it is stopped when it is the window's own. */
interface Host {
  readonly url: string;
  readonly data: string;
  readonly stop: () => Promise<void>;
}

const SCREENSHOTS = path.join(import.meta.dirname, 'screenshots');

/** The server that all windows share, unless this one needs another. */
async function hostFor({ untrusted, environment }: WorkbenchOptions): Promise<Host> {
  if (untrusted !== true && environment === undefined) {
    return { ...inject('server'), stop: () => Promise.resolve() };
  }
  const home = mkdtempSync(path.join(tmpdir(), 'cairn-window-'));
  const data = path.join(home, 'data');
  const server = await startServer({
    data,
    extensions: inject('extensions'),
    settings: {},
    ...(environment ? { environment } : {}),
    ...(untrusted ? { untrusted } : {}),
  });
  const stop = async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  };
  return { url: server.url, data, stop };
}

/** Whether something can be seen within `limit` milliseconds. */
async function appears(locator: Locator, limit: number): Promise<boolean> {
  try {
    await locator.waitFor({ timeout: limit });
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}

/**
 * A window of VS Code with the packaged extension installed, driven as a person would. Every
 * method waits until what it does can be seen; none of them sleeps. Owns a page, and a server where
 * it asked for one of its own: close it.
 */
export class Workbench {
  /** The windows that are open now, so that a failed test can leave a picture of them. */
  static readonly opened = new Set<Workbench>();
  private static context: Promise<BrowserContext> | null = null;

  private theme: Theme = 'dark';

  private constructor(
    readonly page: Page,
    private readonly host: Host,
    private readonly settings: Record<string, unknown>,
  ) {}

  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const { folder, untrusted } = options;
    const host = await hostFor(options);
    const page = await Workbench.freshPage(host.url);
    page.setDefaultTimeout(30_000);
    await page.addInitScript(letContrastBeWished);
    const workbench = new Workbench(page, host, {
      ...quietSettings,
      ...(untrusted ? untrustedSettings : {}),
      ...followTheBrowser,
      'files.autoSave': 'off',
      'workbench.reduceMotion': 'on',
      'terminal.integrated.gpuAcceleration': 'off',
      ...options.settings,
    });
    Workbench.opened.add(workbench);
    try {
      workbench.writeSettings({});
      await page.goto(`${host.url}/?folder=${encodeURI(folder)}`);
      await workbench.connected();
    } catch (error) {
      await workbench.screenshot('failed-to-open');
      await workbench.close();
      throw error;
    }
    return workbench;
  }

  /** A page that remembers nothing of those before, but for the scripts that it need not load again. */
  private static async freshPage(url: string): Promise<Page> {
    Workbench.context ??= openBrowser().then((browser) =>
      browser.newContext({
        viewport: { width: 1280, height: 800 },
        colorScheme: 'dark',
        permissions: ['clipboard-read', 'clipboard-write'],
      }),
    );
    const page = await (await Workbench.context).newPage();
    const session = await page.context().newCDPSession(page);
    const remembered = 'cookies,local_storage,indexeddb,file_systems,websql';
    const { origin } = new URL(url);
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: remembered });
    await session.detach();
    return page;
  }

  async close(): Promise<void> {
    Workbench.opened.delete(this);
    await this.page.close();
    await this.host.stop();
  }

  /**
   * Loads the window anew, as *Developer: Reload Window* does. In a browser VS Code writes down which
   * editors are open every few seconds, not as the window goes: waits until `kept` is among it.
   */
  async reload(kept: readonly string[] = []): Promise<void> {
    const written = () => this.page.evaluate(areWrittenDown, kept);
    if (kept.length > 0) await expect.poll(written).toBe(true);
    await this.page.reload();
    await this.connected();
  }

  /** Waits until the window shows what it knows from the server's side. */
  private async connected(): Promise<void> {
    await this.page.locator('[id="status.host"][aria-label=remote]').waitFor();
  }

  // The palette, quick picks and input boxes

  /** Runs a command by its full title, such as `Cairn: Initialize Project`. */
  async command(title: string): Promise<void> {
    const row = this.quickRow(title).first();
    const last = performance.now() + 30_000;
    // The open palette does not learn of commands that arrive while it is open: ask again.
    do {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('F1');
    } while (!(await this.isOffered(title, row)) && performance.now() < last);
    await row.click();
  }

  /** Whether the palette offers a command; a panel that takes the focus just now closes it again. */
  private async isOffered(title: string, row: Locator): Promise<boolean> {
    try {
      await this.quickInput().fill(`>${title}`, { timeout: 5_000 });
    } catch (error) {
      if (error instanceof errors.TimeoutError) return false;
      throw error;
    }
    return appears(row, 2_000);
  }

  /** Chooses the row of the open quick pick whose text contains `text`. */
  async pick(text: string | RegExp): Promise<void> {
    const row = this.quickRow(text).first();
    // A long list holds only the rows that are in sight: narrow it.
    if (typeof text === 'string' && !(await appears(row, 2_000))) {
      await this.quickInput().fill(text);
    }
    await row.click();
  }

  /** Ticks or unticks a row of a quick pick that takes several; `accept` ends it. */
  async toggle(text: string | RegExp): Promise<void> {
    await this.quickRow(text).first().locator('input[type=checkbox], .monaco-checkbox').click();
  }

  /** Types into the open input box or quick pick and accepts. */
  async answer(text: string): Promise<void> {
    await this.quickInput().fill(text);
    await this.accept();
  }

  async accept(): Promise<void> {
    await this.quickInput().press('Enter');
  }

  /** The texts of the rows of the open quick pick. */
  async quickRows(): Promise<string[]> {
    await this.quickRow(/./).first().waitFor();
    return this.quickRow(/./).allInnerTexts();
  }

  quickRow(text: string | RegExp): Locator {
    return this.page
      .locator('.quick-input-widget:visible .quick-input-list .monaco-list-row')
      .filter({ hasText: text });
  }

  quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-box input');
  }

  // Views and trees

  /** Opens a container of the activity bar by its name, such as `Cairn` or `Source Control`. */
  async openView(container: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: container }).first();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    // Its hover would lie over what comes next.
    await this.page.mouse.move(900, 784);
    await this.page.locator('.sidebar .composite.title').filter({ hasText: container }).waitFor();
  }

  /** A view (one pane of the side bar) by its title. */
  view(title: string): Locator {
    const header = this.page.locator('.pane-header').filter({ hasText: title });
    return this.page.locator('.sidebar .pane').filter({ has: header });
  }

  /** The rows that a view's tree shows, once there is at least one. */
  async rows(view: string): Promise<TreeRow[]> {
    const rows = this.view(view).locator('.monaco-list-row');
    await rows.first().waitFor();
    return rows.evaluateAll((elements) =>
      elements.map((row) => {
        const text = (selector: string) => row.querySelector(selector)?.textContent?.trim() ?? '';
        const expanded = row.getAttribute('aria-expanded');
        return {
          label: text('.label-name'),
          description: text('.label-description'),
          level: Number(row.getAttribute('aria-level')),
          ...(expanded === null ? {} : { expanded: expanded === 'true' }),
        };
      }),
    );
  }

  /** The row of a view's tree whose text contains `text`. */
  row(view: string, text: string | RegExp): Locator {
    return this.view(view).locator('.monaco-list-row').filter({ hasText: text }).first();
  }

  /** Opens a row of a tree, unless it is open. */
  async expand(view: string, text: string | RegExp): Promise<void> {
    const row = this.row(view, text);
    if ((await row.getAttribute('aria-expanded')) === 'false') {
      await row.locator('.monaco-tl-twistie').click();
      await row.and(this.page.locator('[aria-expanded=true]')).waitFor();
    }
  }

  /** Clicks an inline action of a row, such as `Roll Back…`. */
  async rowAction(view: string, text: string | RegExp, action: string | RegExp): Promise<void> {
    const row = this.row(view, text);
    await row.hover();
    await row.getByRole('button', { name: action }).click();
  }

  /** Chooses an entry of a row's context menu. */
  async rowMenu(view: string, text: string | RegExp, entry: string | RegExp): Promise<void> {
    await this.row(view, text).click({ button: 'right' });
    await this.menuEntry(entry).click();
  }

  menuEntry(name: string | RegExp): Locator {
    return this.page.locator('.monaco-menu').getByRole('menuitem', { name }).first();
  }

  /** Clicks an action in a view's title, such as `Clear Filter`. */
  async viewAction(view: string, action: string | RegExp): Promise<void> {
    const header = this.view(view).locator('.pane-header');
    await header.hover();
    await header.getByRole('button', { name: action }).click();
  }

  /** Folds a view up, so that the others of its container have room for all their rows. */
  async fold(view: string): Promise<void> {
    await this.setOpen(view, false);
  }

  async unfold(view: string): Promise<void> {
    await this.setOpen(view, true);
  }

  private async setOpen(view: string, open: boolean): Promise<void> {
    const header = this.view(view).locator('.pane-header');
    if ((await header.getAttribute('aria-expanded')) !== `${open}`) {
      await header.locator('.title').click();
    }
    await header.and(this.page.locator(`[aria-expanded=${open}]`)).waitFor();
  }

  // Source Control

  /** Types into the empty message box of a Source Control provider that shows `placeholder`. */
  async typeCommitMessage(placeholder: RegExp, message: string): Promise<void> {
    const boxes = this.page.locator('.scm-view .monaco-list-row:has(.scm-editor)');
    const index = await boxes.filter({ hasText: placeholder }).first().getAttribute('data-index');
    const box = this.page.locator(`.scm-view .monaco-list-row[data-index="${index}"]`);
    await box.locator('.monaco-editor').click();
    await this.page.keyboard.insertText(message);
    await box.getByText(message.split('\n')[0] ?? '').waitFor();
  }

  /** A row of Source Control: a group, or what is in one. */
  scmRow(text: string | RegExp): Locator {
    return this.page.locator('.scm-view .monaco-list-row').filter({ hasText: text }).first();
  }

  /** Clicks an action in the title of a Source Control provider, such as `Commit Version`. */
  async scmAction(provider: string, action: string | RegExp): Promise<void> {
    const row = this.page.locator('.scm-view .monaco-list-row:has(.scm-provider)');
    const title = row.filter({ hasText: provider }).first();
    await title.hover();
    await title.getByRole('button', { name: action }).click();
  }

  // Editors, panels, terminals

  /** Opens a file of the folder in an editor, by its path. */
  async openFile(file: string): Promise<Locator> {
    await this.page.keyboard.press('ControlOrMeta+P');
    await this.quickInput().fill(file);
    await this.quickRow(path.basename(file)).first().click();
    return this.tab(path.basename(file));
  }

  tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container').getByRole('tab', { name: title }).first();
  }

  /** The visible lines of the active text editor, decorations included. */
  async editorLines(): Promise<string[]> {
    const lines = this.page.locator('.editor-group-container.active .view-lines .view-line');
    await lines.first().waitFor();
    const texts = await lines.evaluateAll((elements) => {
      const decorated = (span: Element) => {
        const { content } = getComputedStyle(span, '::after');
        return content.startsWith('"') ? JSON.parse(content) : '';
      };
      return elements
        .map((line) => ({ top: Number.parseInt((line as HTMLElement).style.top, 10), line }))
        .sort((a, b) => a.top - b.top)
        .map(({ line }) => {
          const after = [...line.querySelectorAll('span')].map(decorated).join('');
          return `${line.textContent ?? ''}${after}`;
        });
    });
    return texts.map((text) => text.replaceAll('\u00a0', ' '));
  }

  /** Replaces the first `old` in the active text editor, by its find and replace. */
  async replaceInEditor(old: string, text: string): Promise<void> {
    const editor = this.page.locator('.editor-group-container.active .monaco-editor').first();
    await editor.locator('.view-lines').click({ position: { x: 200, y: 10 } });
    await this.page.keyboard.press('ControlOrMeta+Home');
    await this.page.keyboard.press('ControlOrMeta+H');
    const widget = editor.locator('.find-widget.visible');
    await widget.getByRole('textbox', { name: 'Find' }).fill(old);
    await widget.getByRole('textbox', { name: 'Replace' }).fill(text);
    await widget.getByText(/^1 of/).waitFor();
    await widget.getByRole('textbox', { name: 'Replace' }).press('Enter');
    await this.page.keyboard.press('Escape');
    await editor.locator('.view-lines').getByText(text).first().waitFor();
  }

  /** The document inside the visible webview of the editor area. */
  webview(): FrameLocator {
    return this.visibleWebviews().last().contentFrame().frameLocator('#active-frame');
  }

  private visibleWebviews(): Locator {
    return this.page.locator('iframe.webview.ready').filter({ visible: true });
  }

  /** Runs a command in a terminal and waits until its screen shows `until`. */
  async terminal(commandLine: string, until: RegExp): Promise<void> {
    const screen = this.page.locator('.terminal-wrapper.active .xterm-screen');
    if ((await screen.count()) === 0) await this.command('Terminal: Create New Terminal');
    await this.terminalRows()
      .filter({ hasText: /[$#%>]\s*$/ })
      .last()
      .waitFor();
    await screen.click();
    await this.page.keyboard.type(commandLine);
    await this.page.keyboard.press('Enter');
    await this.terminalRows().filter({ hasText: until }).first().waitFor({ timeout: 90_000 });
  }

  terminalRows(): Locator {
    return this.page.locator('.terminal-wrapper.active .xterm-rows > div');
  }

  // What VS Code says

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar').getByRole('button', { name: text }).first();
  }

  notification(text: string | RegExp): Locator {
    return this.page
      .locator('.notification-toast, .notifications-center .monaco-list-row')
      .filter({ hasText: text })
      .first();
  }

  /** Clicks a button of a notification. */
  async notificationAction(text: string | RegExp, button: string | RegExp): Promise<void> {
    await this.notification(text).getByRole('button', { name: button }).click();
  }

  /** Clicks a button of the modal dialog that is open. */
  async dialog(button: string | RegExp): Promise<void> {
    await this.page.locator('.monaco-dialog-box').getByRole('button', { name: button }).click();
  }

  // How it looks

  /** Changes the user's settings and loads the window anew, so that all of them hold. */
  async changeSettings(changes: Record<string, unknown>): Promise<void> {
    this.writeSettings(changes);
    await this.reload();
  }

  private writeSettings(changes: Record<string, unknown>): void {
    Object.assign(this.settings, changes);
    const file = path.join(this.host.data, 'data', 'User', 'settings.json');
    writeFileSync(file, JSON.stringify(this.settings, null, 2));
  }

  /** Asks for a colour theme: what is open stays open. */
  async setTheme(theme: Theme): Promise<void> {
    const { scheme, contrast, kind } = themes[theme];
    await this.page.emulateMedia({ colorScheme: scheme });
    await this.page.evaluate((detail) => {
      window.dispatchEvent(new CustomEvent('contrast-wished', { detail }));
    }, contrast);
    const { workbenchClass } = themes[theme];
    await this.page.locator(`.monaco-workbench.${workbenchClass}`).waitFor();
    for (const panel of await this.visibleWebviews().all()) {
      const page = panel.contentFrame().frameLocator('#active-frame');
      await page.locator(`body[data-vscode-theme-kind=${kind}]`).waitFor();
    }
    this.theme = theme;
  }

  /**
   * Shows the panel in each theme, keeps a picture of all of it in each, and gives what axe-core
   * finds hard to use or to read there. Back to this theme and size.
   */
  async lookAtPanel(name: string, height: number): Promise<string[]> {
    const before = { theme: this.theme, size: this.page.viewportSize() };
    await this.page.setViewportSize({ width: 1280, height });
    const others = (Object.keys(themes) as Theme[]).filter((theme) => theme !== before.theme);
    const found = await barriersInThemes(
      this.webview(),
      [before.theme, ...others],
      async (theme) => {
        if (theme !== this.theme) await this.setTheme(theme);
        await this.screenshot(name);
      },
    );
    await this.setTheme(before.theme);
    if (before.size !== null) await this.page.setViewportSize(before.size);
    return found;
  }

  /** Goes by Tab, or back by Shift+Tab, until the panel's focus is on what is wanted. */
  async tabTo(wanted: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const passed: string[] = [];
    for (let stops = 0; stops < 60; stops++) {
      await this.page.keyboard.press(key);
      const focused = await focusedIn(this.webview());
      if (wanted.test(focused)) return;
      passed.push(focused.slice(0, 40));
    }
    throw new Error(`Tab does not come to ${wanted}, but to ${passed.join(', ')}.`);
  }

  /** Keeps a picture as test/e2e/screenshots/<name>-<theme>.png. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const file = path.join(SCREENSHOTS, `${name}-${this.theme}.png`);
    await this.page.screenshot({ path: file, animations: 'disabled' });
  }

  /** Keeps a picture; with `CAIRN_THEMES=all` one in each of the four themes, back to this one. */
  async screenshotEveryTheme(name: string): Promise<void> {
    // Pictures are for people: all of them are taken when somebody is going to look.
    if (process.env.CAIRN_THEMES !== 'all') return this.screenshot(name);
    const before = this.theme;
    for (const theme of Object.keys(themes) as Theme[]) {
      await this.setTheme(theme);
      await this.screenshot(name);
    }
    await this.setTheme(before);
  }
}
