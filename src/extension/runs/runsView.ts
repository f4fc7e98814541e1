import * as vscode from 'vscode';
import type { ModelOverview, RunSummary } from '../../operations/project';
import type { Desk } from '../desk';
import type { Row } from '../tree/rows';
import { treeItem } from '../tree/treeItems';
import { runDetailRows, runRow } from './runRows';
import { type RunWatch, runsOf } from './runWatch';

export type RunNode =
  | { readonly kind: 'run'; readonly run: RunSummary }
  | { readonly kind: 'runDetail'; readonly row: Row };

/** The Runs view: trainings that run now, with what they measure, and those before. */
export class RunsView implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<RunNode>;
  private readonly disposables: vscode.Disposable[];
  private following: vscode.Disposable | null = null;
  private models: readonly ModelOverview[] = [];

  constructor(private readonly desk: Desk) {
    this.view = vscode.window.createTreeView('cairn.runs', { treeDataProvider: this });
    this.disposables = [
      this.view,
      this.changed,
      desk.projects.onDidChange(() => this.follow()),
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) void this.watch?.look();
      }),
    ];
    this.follow();
  }

  /** The watch of the shown project. */
  get watch(): RunWatch | null {
    const session = this.desk.projects.active;
    if (session === null) return null;
    return runsOf(session, (thrown) => this.desk.reporter.noted('Runs', thrown));
  }

  get selection(): readonly RunNode[] {
    return this.view.selection;
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    if (node.kind === 'runDetail') return treeItem(node.row);
    const primary = this.models.find(({ name }) => name === node.run.model)?.primary ?? null;
    return treeItem(runRow(node.run, primary, this.desk.platform.clock.now().getTime()));
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    if (node?.kind === 'run') {
      return runDetailRows(node.run).map((row) => ({ kind: 'runDetail', row }));
    }
    const session = this.desk.projects.active;
    if (node !== undefined || session === null) return [];
    this.models = await session.overview();
    const runs = this.watch?.runs ?? [];
    const running = runs.filter(({ state }) => state === 'running');
    const past = runs.filter(({ state }) => state !== 'running');
    return [...running, ...past].map((run) => ({ kind: 'run', run }));
  }

  dispose(): void {
    this.following?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private follow(): void {
    this.following?.dispose();
    const { watch } = this;
    this.following =
      watch === null
        ? null
        : vscode.Disposable.from(
            watch.onDidChange(() => this.refresh()),
            watch.seenBy(() => this.view.visible),
          );
    this.refresh();
  }

  private refresh(): void {
    const count = this.watch?.running.length ?? 0;
    this.view.badge =
      count === 0
        ? undefined
        : { value: count, tooltip: `${count} ${count === 1 ? 'run' : 'runs'} going on` };
    this.changed.fire(undefined);
  }
}
