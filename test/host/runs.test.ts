import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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
    await eventually('the value', async () => (await row()).includes('step 2'));
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
    await eventually('the end', async () => (await row()).includes('finished'));
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

  it('shows a training that knows nothing of Cairn while its log grows, and its end', async () => {
    const { root } = await openProject();
    const { runs } = await probe();
    const log = path.join(root, 'training_log.csv');
    writeFileSync(log, 'epoch,val_accuracy\n0,0.1\n');
    // What was written before it was first looked at is no growth.
    let epoch = 0;
    await eventually('the run', async () => {
      appendFileSync(log, `${++epoch},0.5\n`);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return (await row()).includes('val_accuracy 0.5');
    });
    const [node] = await runs.getChildren();
    assert.equal(runs.getTreeItem(node as never).contextValue, 'run.followed');
    appendFileSync(log, `${++epoch},0.875\n`);
    await eventually('what came then', async () => (await row()).includes('0.875'));
    rmSync(log);
  });

  it('stops a training that was started here', async () => {
    const { root } = await openProject();
    const { answerWith, runs } = await probe();
    const script = path.join(root, '.git', 'endless.sh');
    writeFileSync(script, 'while true; do sleep 0.1; done\n');
    answerWith(new Script({ 'runs.command': `sh ${script} --lr 0.25`, 'runs.stop': 'Stop' }));
    await vscode.commands.executeCommand('cairn.runs.start');
    const started = async () => {
      const nodes = await runs.getChildren();
      return nodes.find((node) => node.kind === 'run' && node.run.parameters['lr'] === 0.25);
    };
    const isRunning = (node: Awaited<ReturnType<typeof started>>) =>
      node?.kind === 'run' && node.run.state === 'running';
    await eventually('the training', async () => isRunning(await started()), 60_000);
    await vscode.commands.executeCommand('cairn.runs.stop', await started());
    await eventually(
      'its end',
      async () => {
        const node = await started();
        return node?.kind === 'run' && node.run.state === 'stopped';
      },
      60_000,
    );
    for (const terminal of vscode.window.terminals) terminal.dispose();
  });

  it('lets notebooks import the module, after asking, by a file beside their packages', async () => {
    const { project } = await openProject();
    const { answerWith } = await probe();
    const site = path.join(project.home, 'venv/lib/python3.11/site-packages');
    mkdirSync(site, { recursive: true });
    const interpreter = path.join(project.home, 'venv/bin/python');
    answerWith(new Script({ 'python.interpreter': interpreter, 'python.confirm': 'Write' }));
    await vscode.commands.executeCommand('cairn.python.makeImportWork');
    const named = readFileSync(path.join(site, 'cairn-vscode.pth'), 'utf8').trim();
    assert.ok(existsSync(path.join(named, 'cairn', '__init__.py')));
    rmSync(path.join(project.home, 'venv'), { recursive: true });
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
