import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { eventually, openProject, probe, Script } from './probe';

const id = '20261121-100000-0a1b2c3d';

/** A run as training code leaves it, seen by the window. */
describe('runs', () => {
  let journal: string;

  function write(entry: object): void {
    appendFileSync(journal, `${JSON.stringify({ at: Date.now(), ...entry })}\n`);
  }

  async function row(): Promise<string> {
    const { runs } = await probe();
    const [node] = await runs.getChildren();
    if (node === undefined) return '';
    const { label, description } = runs.getTreeItem(node);
    return `${String(label)} ${String(description)}`;
  }

  it('shows one that goes on, in the view and in the status bar', async () => {
    const { project } = await openProject();
    mkdirSync(path.join(project.home, 'inbox', id), { recursive: true });
    journal = path.join(project.home, 'inbox', id, 'journal.jsonl');
    const own = { pid: process.pid, host: hostname(), root: project.root };
    write({ kind: 'start', format: 1, model: 'digits', parameters: { lr: 0.5 }, ...own });
    write({ kind: 'log', step: 1, values: { val_accuracy: 0.25 } });
    await vscode.commands.executeCommand('cairn.runs.focus');
    const { statusBar } = await probe();
    await eventually('the row', async () => /^digits step 1 .* 0\.25/.test(await row()));
    await eventually('the status bar', () => statusBar.text.includes('step 1 · val_accuracy 0.25'));
  });

  it('shows what it logs soon after', async () => {
    write({ kind: 'log', step: 2, values: { val_accuracy: 0.75 } });
    await eventually('the value', async () => (await row()).includes('step 2'), 3_000);
  });

  it('opens it in the Metrics panel', async () => {
    const { runs } = await probe();
    const [node] = await runs.getChildren();
    await vscode.commands.executeCommand('cairn.runs.openMetrics', node);
    const labels = () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map((tab) => tab.label));
    await eventually('the panel', () => labels().some((label) => label.startsWith('Metrics')));
  });

  it('makes a version of it, and forgets it', async () => {
    const { answerWith, runs } = await probe();
    write({ kind: 'end', state: 'finished' });
    await eventually('the end', async () => (await row()).includes('finished'), 3_000);
    const [node] = await runs.getChildren();
    const answers = new Script({ 'runs.message': 'of a run', 'runs.delete': 'Delete' });
    answerWith(answers);
    await vscode.commands.executeCommand('cairn.runs.commit', node);
    const { project } = await openProject();
    const { versions } = await project.log({ limit: 1 });
    assert.equal(versions[0]?.description, 'of a run');
    assert.equal(versions[0]?.run, id);
    assert.deepEqual(versions[0]?.parameters, { lr: 0.5 });
    assert.equal(versions[0]?.metrics['val_accuracy'], 0.75);
    await vscode.commands.executeCommand('cairn.runs.delete', node);
    const ids = async () =>
      (await runs.getChildren()).map((one) => (one.kind === 'run' ? one.run.id : ''));
    const gone = async () => !(await ids()).includes(id);
    await eventually(`its end, told: ${JSON.stringify(answers.told)}`, gone);
  });

  it('lets terminals import the module, as the setting says', async () => {
    const { desk } = await probe();
    const collection = desk.context.environmentVariableCollection;
    assert.ok(collection.get('PYTHONPATH')?.value.endsWith('python'));
    const settings = vscode.workspace.getConfiguration('cairn');
    await settings.update('python.enabled', false, vscode.ConfigurationTarget.Workspace);
    await eventually('nothing', () => collection.get('PYTHONPATH') === undefined);
    await settings.update('python.enabled', undefined, vscode.ConfigurationTarget.Workspace);
    await eventually('the module', () => collection.get('PYTHONPATH') !== undefined);
  });
});
