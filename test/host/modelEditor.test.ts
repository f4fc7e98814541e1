import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';

/** VS Code tells of tabs a moment after they are there. */
async function customTab(name: string): Promise<vscode.TabInputCustom> {
  for (let left = 400; left > 0; left--) {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    for (const { input, label } of tabs) {
      if (label === name && input instanceof vscode.TabInputCustom) return input;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} is open in no editor of its own`);
}

describe('model files', () => {
  it('open in an editor of their own, without a project', async () => {
    const extension = vscode.extensions.getExtension('cairn.cairn');
    const fixtures = path.join(extension?.extensionPath ?? '', 'test', 'fixtures', 'models');
    const file = path.join(tmpdir(), 'cairn-host-model.keras');
    copyFileSync(path.join(fixtures, 'other', 'lambda.keras'), file);
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
    assert.equal((await customTab('cairn-host-model.keras')).viewType, 'cairn.model');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });
});
