import * as vscode from 'vscode';
import type { RunSummary } from '../../operations/project';
import type { TakeInRequest } from '../../operations/runProject';
import type { ProjectSession } from '../project/session';
import { watchExecutions } from '../status/executions';

const tickMilliseconds = 500;
/** While nothing runs and nobody looks, so many ticks go by between two looks. */
const idleTicks = 20;
const runsKept = 200;
/** Files that may be logs; more between two looks than this are no training's. */
const touchedMost = 500;
const mayBeLog = /\.(?:json|jsonl|ndjson|csv|tsv|log|yaml|wandb)$|\.tfevents\./;
const setting = 'runs.followLogs';

/**
 * Takes in what training leaves while a window is open, and keeps the newest runs at hand: twice a
 * second while one runs or is looked at, else when the inbox changes and every ten seconds.
 */
export class RunWatch implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly disposables: vscode.Disposable[] = [this.changed];
  private readonly viewers = new Set<() => boolean>();
  private known: readonly RunSummary[] = [];
  private looking: Promise<void> | null = null;
  private ticks = 0;
  /** Whether the list may have changed without our taking in. */
  private wanted = false;
  private disposed = false;
  private readonly touched = new Set<string>();
  private ended = false;

  constructor(
    private readonly session: ProjectSession,
    private readonly troubled: (thrown: unknown) => void,
  ) {
    const pattern = new vscode.RelativePattern(
      vscode.Uri.file(session.project.home),
      'inbox/*/*.json*',
    );
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const look = () => void this.look();
    const timer = setInterval(() => this.tick(), tickMilliseconds);
    this.disposables.push(
      watcher,
      watcher.onDidCreate(look),
      watcher.onDidChange(look),
      session.onDidChange((change) => {
        if (change === 'history') look();
      }),
      session.onDidTouchFile((path) => {
        if (mayBeLog.test(path) && this.touched.size < touchedMost) this.touched.add(path);
      }),
      watchExecutions(() => {
        this.ended = true;
      }),
      { dispose: () => clearInterval(timer) },
    );
    look();
  }

  /** The newest runs, newest first. */
  get runs(): readonly RunSummary[] {
    return this.known;
  }

  get running(): readonly RunSummary[] {
    return this.known.filter(({ state }) => state === 'running');
  }

  /** Says that something shows runs while `visible` holds. */
  seenBy(visible: () => boolean): vscode.Disposable {
    this.viewers.add(visible);
    return { dispose: () => this.viewers.delete(visible) };
  }

  /**
   * Takes in; one look at a time. Lists anew where that brought something, or `always`: another
   * process may have taken it in.
   */
  look(always = true): Promise<void> {
    if (always) this.wanted = true;
    this.looking ??= this.takeIn()
      .catch(this.troubled)
      .finally(() => {
        this.looking = null;
      });
    return this.looking;
  }

  dispose(): void {
    this.disposed = true;
    for (const disposable of this.disposables) disposable.dispose();
  }

  private tick(): void {
    this.ticks++;
    const isSeen = [...this.viewers].some((visible) => visible());
    const isDue = this.ticks % idleTicks === 0;
    // A list that was asked for while another was under way.
    const isOwed = this.wanted && this.looking === null;
    const isTouched = this.touched.size > 0 || this.ended;
    const isLive = isSeen || isTouched || this.running.length > 0;
    if (isLive || isDue || isOwed) void this.look(isDue);
  }

  /** What changed since the last look, which is followed as the setting says. */
  private request(): TakeInRequest {
    const { ended } = this;
    const changed = [...this.touched];
    this.touched.clear();
    this.ended = false;
    const isOn = vscode.workspace.getConfiguration('cairn', this.session.folder).get(setting);
    return isOn === false ? {} : { changed, ended };
  }

  private async takeIn(): Promise<void> {
    if (this.disposed) return;
    const { project, trusted } = this.session;
    const taken = trusted ? await project.takeIn(this.request()) : null;
    if (!this.wanted && taken?.runs === 0) return;
    this.wanted = false;
    const { runs } = await project.runs({ limit: runsKept });
    if (this.disposed) return;
    const same = JSON.stringify(runs) === JSON.stringify(this.known);
    this.known = runs;
    // How long it has taken is shown, too.
    if (!same || this.running.length > 0) this.changed.fire();
    if (taken !== null && taken.versions.length > 0) await this.session.refresh();
  }
}

const watches = new WeakMap<ProjectSession, RunWatch>();

/** The one watch of a session; it ends with the session. */
export function runsOf(session: ProjectSession, troubled: (thrown: unknown) => void): RunWatch {
  const known = watches.get(session);
  if (known !== undefined) return known;
  const watch = new RunWatch(session, troubled);
  watches.set(session, watch);
  session.own(watch);
  return watch;
}
