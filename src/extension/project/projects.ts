import * as vscode from 'vscode';
import { Failure, isFailure } from '../../core/failure';
import type { Platform } from '../../platform';
import type { Prompts } from '../asking/prompts';
import type { Reporter } from '../reporter';
import type { EngineClient } from './engineClient';
import { openOnEngine } from './engineProject';
import { locateProject, locateRepository } from './locate';
import { ProjectSession } from './session';

/** Largest `.git` file or `commondir` that is believed. */
const pointerLimit = 8_192;

export interface ProjectsParts {
  readonly platform: Platform;
  readonly engine: EngineClient;
  readonly reporter: Reporter;
  readonly prompts: () => Prompts;
  /** Whether this window's folders may be written to. */
  readonly isTrusted: () => boolean;
}

/** The projects among this window's folders: finds them cheaply, opens them, and says which is shown. */
export class Projects implements vscode.Disposable {
  private readonly sessions = new Map<string, ProjectSession>();
  private shown: ProjectSession | null = null;
  private finding: Promise<void> | null = null;
  private again = false;
  private readonly changed = new vscode.EventEmitter<void>();
  /** The set of opened projects, or the shown one, is another. */
  readonly onDidChange = this.changed.event;
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly parts: ProjectsParts) {
    // A project that another process makes or removes: one watcher, on names alone. When a folder
    // goes, VS Code tells of the folder and not of what was in it.
    const watcher = vscode.workspace.createFileSystemWatcher(
      '{**/cairn.yaml,**/.git/cairn,**/.git/cairn/history.db}',
      false,
      true,
    );
    this.disposables = [
      this.changed,
      watcher,
      watcher.onDidCreate(() => void this.find()),
      watcher.onDidDelete(() => void this.find()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.find()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.openAnew()),
    ];
  }

  /** The project that the views show. */
  get active(): ProjectSession | null {
    return this.shown;
  }

  get all(): readonly ProjectSession[] {
    return [...this.sessions.values()];
  }

  /** Looks through the window's folders; nothing is scanned and no process started to find out. */
  find(): Promise<void> {
    if (this.finding !== null) {
      this.again = true;
      return this.finding;
    }
    this.finding = this.findAll().finally(() => {
      this.finding = null;
    });
    return this.finding;
  }

  private async findAll(): Promise<void> {
    do {
      this.again = false;
      await this.findOnce();
    } while (this.again);
  }

  private async findOnce(): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(
      ({ uri }) => uri.scheme === 'file',
    );
    const roots = new Set<string>();
    for (const folder of folders) {
      const root = await this.rootOf(folder.uri.fsPath);
      if (root === null || roots.has(root)) continue;
      roots.add(root);
      if (!this.sessions.has(root)) await this.open(root, folder);
    }
    for (const [root, session] of this.sessions) {
      if (roots.has(root)) continue;
      this.sessions.delete(root);
      session.dispose();
    }
    await this.settle();
  }

  /** Where the project of a record, a panel or a `cairn:` address is; the shown one without a root. */
  at(root: string | null): ProjectSession | null {
    if (root === null || root === '') return this.shown;
    return this.all.find((session) => session.root === root) ?? null;
  }

  /** The project that holds a file. */
  holding(uri: vscode.Uri): ProjectSession | null {
    const holders = this.all.filter((session) => session.recordPath(uri) !== null);
    return holders.sort((a, b) => b.root.length - a.root.length)[0] ?? null;
  }

  /**
   * The project that a command works on: the only one, or the one a person picks.
   * @returns `undefined` when called off @throws Failure `not-a-project`
   */
  async require(): Promise<ProjectSession | undefined> {
    await this.find();
    const [first, ...more] = this.all;
    if (first === undefined) throw new Failure('not-a-project', { directory: firstFolder() });
    if (more.length === 0) return first;
    return this.parts.prompts().pick(
      { id: 'project', title: 'Cairn: which project?' },
      this.all.map((session) => ({
        value: session,
        label: session.folder.name,
        description: session.root,
      })),
    );
  }

  async show(session: ProjectSession): Promise<void> {
    this.shown = session;
    await this.settle();
  }

  /** Closes every project; what they hold on the disk is let go. */
  async close(): Promise<void> {
    await Promise.all(this.all.map((session) => session.close()));
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
    for (const session of this.sessions.values()) session.dispose();
    this.sessions.clear();
  }

  /** A folder that became trusted may be written: what was opened for reading is opened anew. */
  async openAnew(): Promise<void> {
    for (const session of this.sessions.values()) session.dispose();
    this.sessions.clear();
    await this.find();
  }

  private async open(root: string, folder: vscode.WorkspaceFolder): Promise<void> {
    const { engine, platform, reporter } = this.parts;
    const trusted = this.parts.isTrusted();
    try {
      const project = await openOnEngine(engine, root, !trusted);
      const troubled = (what: string, thrown: unknown) => void reporter.noted(what, thrown);
      const parts = { project, root, folder, trusted, clock: platform.clock, troubled };
      this.sessions.set(root, new ProjectSession(parts));
    } catch (thrown) {
      if (isFailure(thrown, 'not-a-project') || isFailure(thrown, 'not-a-repository')) {
        // Half of a project (a database that is being made): the next look decides.
        reporter.noted('Opening the project', thrown);
      } else reporter.failed('Opening the project', thrown);
    }
  }

  /** Whether a folder lies in a Git repository. */
  async hasRepository(folder: string): Promise<boolean> {
    return (await locateRepository(folder, this.kindAt, this.readText)) !== null;
  }

  private async rootOf(folder: string): Promise<string | null> {
    return (await locateProject(folder, this.kindAt, this.readText))?.root ?? null;
  }

  private readonly kindAt = async (path: string) => {
    const kind = (await this.parts.platform.disk.followedFacts(path))?.kind;
    return kind === 'file' || kind === 'directory' ? kind : null;
  };

  private readonly readText = async (path: string) => {
    const bytes = await this.parts.platform.disk.readSmall(path, pointerLimit);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  };

  private async settle(): Promise<void> {
    if (this.shown === null || !this.all.includes(this.shown)) this.shown = this.all[0] ?? null;
    const set = (key: string, value: unknown) =>
      vscode.commands.executeCommand('setContext', key, value);
    await set('cairn.state', this.shown === null ? 'none' : 'project');
    await set('cairn.several', this.sessions.size > 1);
    this.changed.fire();
  }
}

function firstFolder(): string {
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? 'This window';
}
