import * as vscode from 'vscode';
import type { Icon, Row } from './rows';

/** A row of ours as VS Code's tree item. */
export function treeItem(row: Row): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, foldings[row.folding]);
  item.id = row.id;
  item.contextValue = row.context;
  if (row.description !== undefined) item.description = row.description;
  if (row.tooltip !== undefined) item.tooltip = row.tooltip;
  if (row.icon !== undefined) item.iconPath = themeIcon(row.icon);
  if (row.spoken !== undefined) item.accessibilityInformation = { label: row.spoken };
  if (row.opens !== undefined) {
    const { command, title } = row.opens;
    item.command = { command, title, arguments: [...row.opens.arguments] };
  }
  return item;
}

const foldings: Readonly<Record<Row['folding'], vscode.TreeItemCollapsibleState>> = {
  leaf: vscode.TreeItemCollapsibleState.None,
  folded: vscode.TreeItemCollapsibleState.Collapsed,
  unfolded: vscode.TreeItemCollapsibleState.Expanded,
};

function themeIcon({ id, color }: Icon): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
}
