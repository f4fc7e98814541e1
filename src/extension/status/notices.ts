import * as vscode from 'vscode';
import type { ModelOverview } from '../../operations/project';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';
import { watchExecutions } from './executions';
import { changedModelFiles, type FileState, type ModelNotice, noticeOf } from './modelNotice';

/**
 * Notices that training ended: takes down the model files of the shown project, and looks at them
 * again when a command in a terminal, a debug session or a notebook cell ends. A model whose files
 * differ from its current version has a notice, whatever changed them.
 */
export class Notices implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly disposables: vscode.Disposable[];
  private following: vscode.Disposable | null = null;
  private session: ProjectSession | null = null;
  private before: readonly FileState[] | null = null;
  private readonly trained = new Set<string>();
  private notices: readonly ModelNotice[] = [];

  constructor(private readonly desk: Desk) {
    this.disposables = [
      this.changed,
      desk.projects.onDidChange(() => this.follow()),
      watchExecutions(() => void this.guarded((session) => this.executionEnded(session))),
    ];
    this.follow();
  }

  /** One for each model of the shown project whose files differ from its current version. */
  get all(): readonly ModelNotice[] {
    return this.notices;
  }

  dispose(): void {
    this.following?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private follow(): void {
    const session = this.desk.projects.active;
    if (session === this.session) return;
    this.following?.dispose();
    this.session = session;
    this.following = null;
    this.before = null;
    this.trained.clear();
    if (session?.writable !== true) {
      this.set([]);
      return;
    }
    this.following = session.onDidChange(() => void this.guarded((one) => this.look(one)));
    void this.guarded(async (one) => {
      this.before = await one.project.modelFiles();
    });
  }

  private async executionEnded(session: ProjectSession): Promise<void> {
    const after = await session.project.modelFiles();
    const { before } = this;
    this.before = after;
    if (before === null) return;
    const models = changedModelFiles(before, after);
    if (models.size === 0) return;
    for (const model of models.keys()) this.trained.add(model);
    await session.lookAtFiles();
    await this.look(session);
  }

  private async look(session: ProjectSession): Promise<void> {
    const models = await session.overview();
    if (session === this.session)
      this.set(models.flatMap((model) => this.noticeOf(session, model)));
  }

  private noticeOf(session: ProjectSession, { name, next }: ModelOverview): ModelNotice[] {
    const status = session.statuses.find((one) => one.model === name);
    if (status === undefined) return [];
    const cause = this.trained.has(name) ? 'training' : 'file';
    const notice = noticeOf(status, cause, next);
    // Committed or rolled back: the next change is a new story.
    if (notice === null) this.trained.delete(name);
    return notice === null ? [] : [notice];
  }

  /** Tells of news only: a view that is drawn anew forgets for a moment which row is which. */
  private set(notices: readonly ModelNotice[]): void {
    const same = JSON.stringify(notices) === JSON.stringify(this.notices);
    this.notices = notices;
    if (!same) this.changed.fire();
  }

  private async guarded(work: (session: ProjectSession) => Promise<void>): Promise<void> {
    const { session } = this;
    if (session === null) return;
    try {
      await work(session);
    } catch (thrown) {
      this.desk.reporter.noted('Looking at model files', thrown);
    }
  }
}
