import * as vscode from 'vscode';
import type { OperationRow } from '../../operations/project';
import type { Desk } from '../desk';
import { operationRow } from './operationRows';
import { treeItem } from './treeItems';

const pageSize = 200;

export type OperationNode =
  | { readonly kind: 'operation'; readonly operation: OperationRow; readonly several: boolean }
  | { readonly kind: 'moreOperations'; readonly shown: number };

/** The Operations view: the append-only log, newest first. */
export class OperationsView implements vscode.TreeDataProvider<OperationNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<OperationNode>;
  private readonly disposables: vscode.Disposable[];
  private following: vscode.Disposable | null = null;
  private pages = 1;

  constructor(private readonly desk: Desk) {
    this.view = vscode.window.createTreeView('cairn.operations', { treeDataProvider: this });
    this.disposables = [
      this.view,
      this.changed,
      desk.projects.onDidChange(() => this.follow()),
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) void desk.projects.active?.checkHistory();
      }),
    ];
    this.follow();
  }

  showMore(): void {
    this.pages++;
    this.changed.fire(undefined);
  }

  getTreeItem(node: OperationNode): vscode.TreeItem {
    if (node.kind === 'operation') {
      const now = this.desk.platform.clock.now().getTime();
      return treeItem(operationRow(node.operation, now, node.several));
    }
    return treeItem({
      id: 'operations/more',
      label: 'Show more',
      description: `${node.shown} shown`,
      icon: { id: 'ellipsis' },
      context: 'more',
      folding: 'leaf',
      opens: { command: 'cairn.operations.showMore', title: 'Show More', arguments: [] },
    });
  }

  async getChildren(node?: OperationNode): Promise<OperationNode[]> {
    const session = this.desk.projects.active;
    if (node !== undefined || session === null) return [];
    try {
      const limit = this.pages * pageSize;
      // One more than is shown tells whether there are more.
      const { operations } = await session.project.operations({ limit: limit + 1 });
      const several = (await session.overview()).length > 1;
      const rows: OperationNode[] = operations
        .slice(0, limit)
        .map((operation) => ({ kind: 'operation', operation, several }));
      const more = operations.length > limit;
      return more ? [...rows, { kind: 'moreOperations', shown: limit }] : rows;
    } catch (thrown) {
      this.view.message = this.desk.reporter.noted('Operations', thrown).message;
      return [];
    }
  }

  dispose(): void {
    this.following?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private follow(): void {
    this.following?.dispose();
    const session = this.desk.projects.active;
    this.following =
      session === null
        ? null
        : vscode.Disposable.from(
            session.onDidChange((change) => {
              if (change === 'history') this.refresh();
            }),
            session.seenBy(() => this.view.visible),
          );
    this.refresh();
  }

  private refresh(): void {
    this.view.message = undefined;
    this.changed.fire(undefined);
  }
}
