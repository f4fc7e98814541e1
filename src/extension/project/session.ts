import * as path from 'node:path';
import * as vscode from 'vscode';
import { Failure, whyUnwritable } from '../../core/failure';
import type { ModelOverview, ModelStatus, Project } from '../../operations/project';
import type { VersionStorage } from '../../operations/storageProject';
import type { Clock } from '../../platform';
import type { VersionsSource } from '../tree/versionsTree';
import { watchHistory } from './historyWatch';
import { Kept } from './kept';
import { watchWorkingFiles } from './workingWatch';

/** Longest pause between two looks at the working files, in milliseconds. */
const longestPause = 30_000;

/** What changed: the history (by whoever), or the working files. */
export type Change = 'history' | 'working';

export interface SessionParts {
  readonly project: Project;
  /** The worktree's top as the window spells it: its folder may be reached by a symbolic link. */
  readonly root: string;
  readonly folder: vscode.WorkspaceFolder;
  /** The working files of a folder that is not trusted are left alone: Git's filters would run. */
  readonly trusted: boolean;
  readonly clock: Clock;
  /** Told what went wrong while nobody asked for anything. */
  readonly troubled: (what: string, thrown: unknown) => void;
}

/** An opened project in this window: what of it is kept fresh, and events when it changed. */
export class ProjectSession implements VersionsSource, vscode.Disposable {
  readonly project: Project;
  readonly root: string;
  readonly folder: vscode.WorkspaceFolder;
  readonly trusted: boolean;
  private readonly changes = new vscode.EventEmitter<Change>();
  readonly onDidChange = this.changes.event;
  private readonly touches = new vscode.EventEmitter<string>();
  /** A file of the worktree was written, by its record path; many a second while a model trains. */
  readonly onDidTouchFile = this.touches.event;
  private readonly overviews: Kept<readonly ModelOverview[]>;
  private readonly storages: Kept<ReadonlyMap<string, VersionStorage>>;
  private known: readonly ModelStatus[] = [];
  private readonly viewers = new Set<() => boolean>();
  private readonly disposables: vscode.Disposable[] = [this.changes, this.touches];
  private stamp: string | null = null;
  private checking: Promise<void> | null = null;
  private lastLook = 0;
  private looking: Promise<void> | null = null;
  private again = false;
  private disposed = false;
  private closing: Promise<void> | null = null;

  constructor(private readonly parts: SessionParts) {
    const { project, trusted } = parts;
    this.project = project;
    this.root = parts.root;
    this.folder = parts.folder;
    this.trusted = trusted;
    this.overviews = new Kept(async () => (await project.overview()).models);
    this.storages = new Kept(async () => {
      const { versions } = await project.storage({});
      return new Map(versions.map((version) => [version.reference, version]));
    });
    const look = () => void this.checkHistory();
    this.disposables.push(watchHistory(project.home, () => this.isSeen(), look));
    if (trusted) this.disposables.push(this.watchFiles());
    look();
    void this.lookAtFiles();
  }

  overview(): Promise<readonly ModelOverview[]> {
    return this.overviews.get();
  }

  /** What versions take in the store, by reference: read when somebody asks, which may take a moment. */
  storage(): Promise<ReadonlyMap<string, VersionStorage>> {
    return this.storages.get();
  }

  /** The working changes as they were last seen; `onDidChange` tells `working` when they are new. */
  get statuses(): readonly ModelStatus[] {
    return this.known;
  }

  /** Whether anything may be written here, and can be. */
  get writable(): boolean {
    return this.trusted && this.project.unwritable === null;
  }

  /** @throws Failure `workspace-untrusted` where the working files may not be looked at with Git */
  requireTrust(verb: string): void {
    if (!this.trusted) throw new Failure('workspace-untrusted', { verb });
  }

  /** @throws Failure `workspace-untrusted` where nothing may be written, `disk-failed` or `disk-full` where it cannot */
  requireWritable(verb: string): void {
    this.requireTrust(verb);
    const { unwritable } = this.project;
    if (unwritable !== null) throw whyUnwritable(unwritable);
  }

  /** A file of the worktree by its record path. */
  fileUri(recordPath: string): vscode.Uri {
    return vscode.Uri.joinPath(vscode.Uri.file(this.root), ...recordPath.split('/'));
  }

  /** The record path of a file, empty for the top folder; `null` outside the worktree. */
  recordPath(uri: vscode.Uri): string | null {
    if (uri.scheme !== 'file') return null;
    // As `fsPath` has them, drive letters compare equal.
    const relative = path.relative(vscode.Uri.file(this.root).fsPath, uri.fsPath);
    if (relative === '..' || relative.startsWith(`..${path.sep}`)) return null;
    return path.isAbsolute(relative) ? null : relative.split(path.sep).join('/');
  }

  /** Gives something back together with the session. */
  own(disposable: vscode.Disposable): void {
    this.disposables.push(disposable);
  }

  /** Says that something shows this project while `visible` holds: then it is polled, too. */
  seenBy(visible: () => boolean): vscode.Disposable {
    this.viewers.add(visible);
    return { dispose: () => this.viewers.delete(visible) };
  }

  /** After a verb of our own: everything is read anew at once. */
  async refresh(): Promise<void> {
    this.stamp = await this.project.stamp();
    this.historyChanged();
  }

  /** Whether the history moved since it was last looked at; one look at a time. */
  checkHistory(): Promise<void> {
    this.checking ??= this.compareStamps()
      .catch((thrown) => this.parts.troubled('Looking for changes', thrown))
      .finally(() => {
        this.checking = null;
      });
    return this.checking;
  }

  dispose(): void {
    this.disposed = true;
    for (const disposable of this.disposables) disposable.dispose();
    void this.close();
  }

  /** Closes the project; once, whoever asks. */
  close(): Promise<void> {
    this.closing ??= this.project
      .close()
      .catch((thrown) => this.parts.troubled('Closing the project', thrown));
    return this.closing;
  }

  private async compareStamps(): Promise<void> {
    if (this.disposed) return;
    const stamp = await this.project.stamp();
    const changed = this.stamp !== null && stamp !== this.stamp;
    this.stamp = stamp;
    if (changed) this.historyChanged();
  }

  private historyChanged(): void {
    this.overviews.drop();
    this.storages.drop();
    this.changes.fire('history');
    void this.lookAtFiles();
  }

  private isSeen(): boolean {
    return [...this.viewers].some((visible) => visible());
  }

  private watchFiles(): vscode.Disposable {
    const pause = () => this.lastLook;
    const touched = (uri: vscode.Uri) => {
      const path = this.recordPath(uri);
      if (path !== null) this.touches.fire(path);
    };
    const changed = () => void this.lookAtFiles();
    return watchWorkingFiles(this.root, pause, { touched, changed });
  }

  /** Looks at the working files, one look at a time; what changes meanwhile is looked at again. */
  lookAtFiles(): Promise<void> {
    if (!this.trusted || this.disposed) return Promise.resolve();
    if (this.looking !== null) {
      this.again = true;
      return this.looking;
    }
    this.looking = this.readStatuses()
      .catch((thrown) => this.parts.troubled('Looking at the working files', thrown))
      .finally(() => {
        this.looking = null;
      });
    return this.looking;
  }

  private async readStatuses(): Promise<void> {
    const { clock } = this.parts;
    do {
      this.again = false;
      const begin = clock.elapsed();
      const { models } = await this.project.status({});
      this.lastLook = Math.min(longestPause, clock.elapsed() - begin);
      const same = JSON.stringify(models) === JSON.stringify(this.known);
      this.known = models;
      if (!this.disposed && !same) this.changes.fire('working');
    } while (this.again && !this.disposed);
  }
}
