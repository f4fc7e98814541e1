import * as path from 'node:path';
import * as vscode from 'vscode';
import { askCompleted } from './completedInput';
import type { Choice, Notice, Prompts } from './prompts';

interface Item<T> extends vscode.QuickPickItem {
  readonly value?: T;
}

function itemsOf<T>(choices: readonly Choice<T>[]): Item<T>[] {
  return choices.flatMap(({ value, label, description, detail, ticked, heading }) => [
    ...(heading === undefined
      ? []
      : [{ label: heading, kind: vscode.QuickPickItemKind.Separator }]),
    {
      value,
      label,
      ...(description === undefined ? {} : { description }),
      ...(detail === undefined ? {} : { detail }),
      ...(ticked === undefined ? {} : { picked: ticked }),
    },
  ]);
}

function filtersOf(kinds: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(kinds).map(([name, endings]) => [name, [...endings]]));
}

function show({ kind, message, actions }: Notice): Thenable<string | undefined> {
  switch (kind) {
    case 'information':
      return vscode.window.showInformationMessage(message, ...actions);
    case 'warning':
      return vscode.window.showWarningMessage(message, ...actions);
    case 'error':
      return vscode.window.showErrorMessage(message, ...actions);
  }
}

/** The prompts of everyday life: quick picks, input boxes, dialogs and notifications. */
export const vscodePrompts: Prompts = {
  async pick(question, choices) {
    const item = await vscode.window.showQuickPick(itemsOf(choices), {
      title: question.title,
      matchOnDescription: true,
      matchOnDetail: true,
      ...(question.placeholder === undefined ? {} : { placeHolder: question.placeholder }),
    });
    return item?.value;
  },
  async pickMany(question, choices) {
    const items = await vscode.window.showQuickPick(itemsOf(choices), {
      title: question.title,
      canPickMany: true,
      matchOnDescription: true,
      ...(question.placeholder === undefined ? {} : { placeHolder: question.placeholder }),
    });
    return items?.flatMap((item) => (item.value === undefined ? [] : [item.value]));
  },
  async input({ title, prompt, placeholder, value, check }) {
    return await vscode.window.showInputBox({
      title,
      ignoreFocusOut: true,
      ...(prompt === undefined ? {} : { prompt }),
      ...(placeholder === undefined ? {} : { placeHolder: placeholder }),
      ...(value === undefined ? {} : { value }),
      ...(check === undefined ? {} : { validateInput: check }),
    });
  },
  completed: askCompleted,
  async file({ title, folder, kinds }) {
    const [file] =
      (await vscode.window.showOpenDialog({
        title,
        ...(folder === undefined ? {} : { defaultUri: vscode.Uri.file(folder) }),
        ...(kinds === undefined ? {} : { filters: filtersOf(kinds) }),
      })) ?? [];
    return file?.fsPath;
  },
  async newFile({ title, folder, name, kinds }) {
    const file = await vscode.window.showSaveDialog({
      title,
      defaultUri: vscode.Uri.file(folder === undefined ? name : path.join(folder, name)),
      ...(kinds === undefined ? {} : { filters: filtersOf(kinds) }),
    });
    return file?.fsPath;
  },
  async confirm({ message, detail, actions }) {
    return await vscode.window.showWarningMessage(
      message,
      { modal: true, ...(detail === undefined ? {} : { detail }) },
      ...actions,
    );
  },
  async tell(notice) {
    return await show(notice);
  },
};
