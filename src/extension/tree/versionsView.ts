import * as vscode from 'vscode';
import { counted } from '../../core/labels';
import { referenceTo } from '../../core/version';
import type { VersionStorage } from '../../operations/storageProject';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';
import type { Notices } from '../status/notices';
import { treeItem } from './treeItems';
import { rowOf, type VersionsNode } from './versionNodes';
import { type Listing, VersionsTree } from './versionsTree';
import { versionTooltip } from './versionTooltip';

const listedByDefault: Listing = { filter: '', sort: null };

/** How long a tooltip waits for what the store knows, in milliseconds. */
const patience = 1500;

/** The Versions view: shows the tree of the shown project, its filter and its order. */
export class VersionsView implements vscode.TreeDataProvider<VersionsNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<VersionsNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<VersionsNode>;
  private readonly disposables: vscode.Disposable[];
  private following: vscode.Disposable | null = null;
  private tree: VersionsTree | null = null;

  constructor(
    private readonly desk: Desk,
    private readonly notices: Notices,
  ) {
    this.view = vscode.window.createTreeView('cairn.versions', {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.disposables = [
      this.view,
      this.changed,
      desk.projects.onDidChange(() => this.follow()),
      notices.onDidChange(() => this.refresh()),
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) void desk.projects.active?.checkHistory();
      }),
    ];
    this.follow();
  }

  /** What is selected, for commands that come from the keyboard. */
  get selection(): readonly VersionsNode[] {
    return this.view.selection;
  }

  get listing(): Listing {
    return this.tree?.listing ?? listedByDefault;
  }

  async list(listing: Listing): Promise<void> {
    this.plant(listing);
    await vscode.commands.executeCommand('setContext', 'cairn.filtered', listing.filter !== '');
    this.refresh();
  }

  showMore(model: string, backups: boolean): void {
    this.tree?.showMore(model, backups);
    this.changed.fire(undefined);
  }

  refresh(): void {
    this.tell();
    this.changed.fire(undefined);
  }

  getTreeItem(node: VersionsNode): vscode.TreeItem {
    const item = treeItem(rowOf(node, this.now()));
    // Filled in when a person points at it.
    if (node.kind === 'version') delete item.tooltip;
    return item;
  }

  async resolveTreeItem(item: vscode.TreeItem, node: VersionsNode): Promise<vscode.TreeItem> {
    if (node.kind === 'version') {
      const { record, parent, model } = node;
      const storage = await this.storageOf(referenceTo(record));
      item.tooltip = new vscode.MarkdownString(
        versionTooltip(record, parent, model.primary, this.now(), storage),
      );
    }
    return item;
  }

  async getChildren(node?: VersionsNode): Promise<VersionsNode[]> {
    const { tree } = this;
    if (tree === null) return [];
    try {
      return await tree.children(node);
    } catch (thrown) {
      if (tree === this.tree)
        this.view.message = this.desk.reporter.noted('Versions', thrown).message;
      return [];
    } finally {
      if (node?.kind === 'model') this.tell();
    }
  }

  dispose(): void {
    this.following?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** `null` where it takes too long: whoever points again finds what was read meanwhile. */
  private async storageOf(reference: string): Promise<VersionStorage | null> {
    const session = this.desk.projects.active;
    if (session === null) return null;
    const waited = this.desk.platform.clock.sleep(patience).then(() => null);
    try {
      const versions = await Promise.race([session.storage(), waited]);
      return versions?.get(reference) ?? null;
    } catch (thrown) {
      this.desk.reporter.noted('Storage', thrown);
      return null;
    }
  }

  private follow(): void {
    this.following?.dispose();
    const session = this.desk.projects.active;
    this.plant(this.listing);
    this.following =
      session === null
        ? null
        : vscode.Disposable.from(
            session.onDidChange(() => this.refresh()),
            session.seenBy(() => this.view.visible),
          );
    this.refresh();
  }

  private plant(listing: Listing): void {
    const session = this.desk.projects.active;
    this.tree =
      session === null ? null : new VersionsTree(session, listing, () => this.notices.all);
  }

  /** The filter and how much it lets through, or that this folder is only read. */
  private tell(): void {
    const { filter, sort } = this.listing;
    const found = [...(this.tree?.matches.values() ?? [])].reduce((sum, count) => sum + count, 0);
    const parts = [
      filter === '' ? '' : `Filter: ${filter} (${counted(found, 'version')})`,
      sort === null
        ? ''
        : `Sorted by ${sort.replace(/^-/, '')}, ${sort.startsWith('-') ? 'highest' : 'lowest'} first`,
      onlyReads(this.desk.projects.active),
    ].filter((part) => part !== '');
    this.view.message = parts.length === 0 ? undefined : parts.join(' · ');
  }

  private now(): number {
    return this.desk.platform.clock.now().getTime();
  }
}

function onlyReads(session: ProjectSession | null): string {
  if (session === null || session.writable) return '';
  if (!session.trusted) return 'This folder is not trusted: Cairn only reads.';
  return 'This folder cannot be written: Cairn shows it as it was when it was opened.';
}
