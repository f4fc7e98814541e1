import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CommitResult } from '../../src/operations';
import {
  eventually,
  openProject,
  probe,
  Script,
  versionLabels,
  versionNodes,
  workspaceFolder,
} from './probe';
import { makeRepository, safetensors, script, train } from './sampleProject';

const everything = ['code', 'parameters', 'artifacts', 'data'] as const;

/** One person's session, step after step on one folder. */
describe('a session', () => {
  const folder = workspaceFolder();
  const file = (name: string) => path.join(folder, name);
  const weights = file('models/digits.safetensors');

  /** The command line, in a process of its own. */
  function cairn(...words: string[]): void {
    const script = path.join(__dirname, '..', 'cli.js');
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    execFileSync(process.execPath, [script, ...words], { cwd: folder, env, stdio: 'pipe' });
  }

  async function commit(message: string): Promise<CommitResult> {
    const { answerWith } = await probe();
    const answers = new Script({ 'commit.message': message });
    answerWith(answers);
    const result = await vscode.commands.executeCommand<CommitResult | null>('cairn.commit');
    assert.ok(result, `no version was made: ${JSON.stringify(answers.told)}`);
    return result;
  }

  before(async () => {
    // A browser saves by itself after a second; the tests need text that is not saved.
    const files = vscode.workspace.getConfiguration('files');
    await files.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
  });

  it('begins with nothing looked through', async () => {
    const { desk, activatedIn } = await probe();
    await desk.projects.find();
    assert.equal(desk.projects.active, null);
    assert.equal(desk.engine.running, false, 'the engine runs without a project');
    assert.ok(activatedIn < 50, `activating took ${activatedIn} ms`);
    const commands = new Set(await vscode.commands.getCommands(true));
    const { contributes } = desk.context.extension.packageJSON;
    for (const { command } of contributes.commands) assert.ok(commands.has(command), command);
  });

  it('says what is missing where there is no project', async () => {
    const { answerWith } = await probe();
    const answers = new Script();
    answerWith(answers);
    await vscode.commands.executeCommand('cairn.verify');
    const [notice] = await eventually('a message', () => answers.told.length > 0 && answers.told);
    assert.match(notice!.message, /not a Cairn project/);
    assert.deepEqual(notice!.actions, ['Initialize Project', 'Show Output']);
  });

  it('initializes', async () => {
    makeRepository(folder);
    const { answerWith, desk } = await probe();
    const answers = new Script({ 'initialize.models': () => true });
    answerWith(answers);
    await vscode.commands.executeCommand('cairn.initialize');
    assert.ok(desk.projects.active, JSON.stringify([answers.asked, answers.told]));
    assert.ok(existsSync(file('cairn.yaml')));
    assert.deepEqual(answers.asked, ['initialize.models']);
  });

  it('commits, and shows the version', async () => {
    const { version } = await commit('first');
    assert.equal(version.number, 1);
    assert.equal(version.parameters['LEARNING_RATE'], 0.1);
    assert.deepEqual(await versionLabels(), ['v1  first']);
    const { statusBar } = await probe();
    const text = 'digits v1 · 0.9';
    await eventually('the status bar', () => statusBar.text === text);
  });

  it('notices edits to working files', async () => {
    const { controls } = await probe();
    const session = await openProject();
    const control = controls.at(session)?.control;
    assert.ok(control);
    await eventually('an empty Source Control', () => control.count === 0);
    train(folder, { learningRate: 0.01, accuracy: 0.95, weights: 9 });
    const seen = () => control.count === 1;
    await eventually('the count in Source Control', seen);
    await eventually('the working changes', async () =>
      (await versionLabels()).includes('Working changes'),
    );
  });

  it('commits from the box of Source Control', async () => {
    const { controls } = await probe();
    const control = controls.at(await openProject())?.control;
    assert.ok(control);
    control.inputBox.value = 'lower learning rate';
    const result = await vscode.commands.executeCommand<CommitResult>('cairn.scm.commit', control);
    assert.equal(result.version.description, 'lower learning rate');
    assert.equal(control.inputBox.value, '');
    await eventually('an empty Source Control', () => control.count === 0);
    assert.deepEqual(await versionLabels(), ['v2  lower learning rate', 'v1  first']);
  });

  it('tells metric, parameters, model files and code of a version', async () => {
    const { versions } = await probe();
    const [second] = await versionNodes();
    assert.match(
      String(versions.getTreeItem(second!).description),
      /val_accuracy 0\.95 ▲ 0\.05 better/,
    );
    const sections = await versions.getChildren(second);
    const titles = sections.map((node) => versions.getTreeItem(node).label);
    assert.deepEqual(titles, ['Metrics', 'Parameters', 'Model Files', 'Code', 'Environment']);
    const rows = await versions.getChildren(sections[1]);
    const [changed] = rows.map((node) => versions.getTreeItem(node));
    assert.equal(changed?.label, 'LEARNING_RATE');
    assert.equal(changed?.description, '0.1 → 0.01');
    const code = (await versions.getChildren(sections[3])).map((node) =>
      versions.getTreeItem(node),
    );
    assert.ok(code.some(({ label }) => label === 'train.py'));
  });

  it('gives the files of versions to editors, read-only', async () => {
    const uri = (reference: string, name: string) =>
      vscode.Uri.from({ scheme: 'cairn', path: file(name), query: reference });
    const document = await vscode.workspace.openTextDocument(uri('digits@v1.1', 'train.py'));
    assert.equal(document.getText(), script(0.1));
    const bytes = await vscode.workspace.fs.readFile(
      uri('digits@v1.1', 'models/digits.safetensors'),
    );
    assert.deepEqual(Buffer.from(bytes), safetensors(1, 2, 3));
    await assert.rejects(
      async () => vscode.workspace.fs.stat(uri('digits@v1.1', 'nothing.py')),
      /FileNotFound|EntryNotFound|not exist/,
    );
    await assert.rejects(
      async () => vscode.workspace.fs.stat(uri('digits@v99.1', 'train.py')),
      /FileNotFound|EntryNotFound|not exist/,
    );
    assert.equal(vscode.workspace.fs.isWritableFileSystem('cairn'), false);
    const entries = await vscode.workspace.fs.readDirectory(uri('digits@v1.1', '.'));
    assert.ok(entries.some(([name]) => name === 'train.py'));
  });

  it('opens the comparison of a version with the one before it', async () => {
    await vscode.commands.executeCommand('cairn.compareWithPrevious', 'digits@v2');
    await eventually('the panel', () => tab('Compare v1 ↔ v2'));
    await vscode.commands.executeCommand('cairn.openCode', 'digits@v2');
    await eventually('the multi-diff', () => tab('v1 ↔ v2: Code'));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('shows what the command line does', async () => {
    const shown = async () => (await versionLabels())[0] === 'v3  far too fast';
    let told = false;
    const session = await openProject();
    const listening = session.onDidChange(() => {
      told = true;
    });
    train(folder, { learningRate: 1, accuracy: 0.5, weights: 77 });
    cairn('commit', '-m', 'far too fast');
    await eventually('the version of the command line', shown);
    await eventually('word of it', () => told);
    listening.dispose();
  });

  it('has past values after the lines that set hyperparameters', async () => {
    const { inlineValues } = await probe();
    const document = await vscode.workspace.openTextDocument(file('train.py'));
    const texts = await inlineValues.textsFor(document);
    assert.deepEqual(
      texts.map(({ line }) => line),
      [2],
      JSON.stringify(texts),
    );
    assert.match(texts[0]!.text, /^v3 1 · v2 0\.01/);
    const other = await vscode.workspace.openTextDocument({ language: 'python', content: 'a = 1' });
    assert.deepEqual(await inlineValues.textsFor(other), []);
  });

  it('rolls back, keeping the unsaved text of an editor', async () => {
    const { answerWith, desk, rollBack } = await probe();
    const session = await openProject();
    const document = await vscode.workspace.openTextDocument(file('train.py'));
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# unsaved\n'));
    const called = new Script({ 'unsaved.settle': undefined });
    answerWith(called);
    const asked = { reference: 'digits@v2', only: everything, reason: 'v3 is worse' };
    assert.equal(await rollBack(desk, session, asked), false);
    assert.match(readFileSync(file('train.py'), 'utf8'), /LEARNING_RATE = 1\n/);

    const answers = new Script({ 'unsaved.settle': 'Back Up' });
    answerWith(answers);
    assert.equal(await rollBack(desk, session, asked), true);
    assert.equal(readFileSync(file('train.py'), 'utf8'), script(0.01));
    assert.deepEqual(readFileSync(weights), safetensors(9, 2, 3));
    const copies = vscode.workspace.textDocuments.filter(({ isUntitled }) => isUntitled);
    const kept = copies.map((copy) => copy.getText());
    assert.ok(kept.includes(`# unsaved\n${script(1)}`), JSON.stringify(kept));
    const done = await eventually('the message', () =>
      answers.told.find(({ id }) => id === 'rollback.done'),
    );
    assert.equal(done.message, 'Rolled back to v2');
    assert.deepEqual(done.actions, ['Undo']);
    const current = (await session.overview())[0]?.current;
    assert.equal(current, 'digits@v2.1');
    assert.ok((await versionLabels()).includes('Backups'));
  });

  it('logs it, and undoes it', async () => {
    const { answerWith, operations } = await probe();
    const labels = async () =>
      (await operations.getChildren()).map((node) => String(operations.getTreeItem(node).label));
    assert.equal((await labels())[0], 'Rolled back to v2');
    answerWith(new Script());
    await vscode.commands.executeCommand('cairn.undo');
    assert.deepEqual(readFileSync(weights), safetensors(77, 2, 3));
    assert.equal(readFileSync(file('train.py'), 'utf8'), script(1));
    assert.match((await labels())[0] ?? '', /^Undid operation \d+/);
  });

  it('says that training ended when a command changed a model file', async () => {
    const { notices, statusBar } = await probe();
    await eventually('calm', () => notices.all.length === 0);
    writeFileSync(file('next.safetensors'), safetensors(5, 5, 5));
    vscode.window.createTerminal({
      name: 'training',
      cwd: folder,
      shellPath: '/bin/sh',
      shellArgs: ['-c', 'sleep 0.3; mv next.safetensors models/digits.safetensors'],
    });
    const text = 'training ended, 1 model file changed: Commit v4';
    await eventually('the status bar', () => statusBar.text === text);
    await eventually('the tree', async () => (await versionLabels())[0] === text);
  });

  it('filters and sorts the versions', async () => {
    const { versions } = await probe();
    await versions.list({ filter: 'lower', sort: null });
    const shown = await eventually('the filtered list', async () => {
      const labels = await versionLabels();
      return labels.some((label) => label.startsWith('v1')) ? undefined : labels;
    });
    assert.deepEqual(
      shown.filter((label) => /^v\d/.test(label)),
      ['v2  lower learning rate'],
    );
    await versions.list({ filter: 'val_accuracy >= 0.9', sort: '-val_accuracy' });
    const best = (await versionLabels()).filter((label) => /^v\d/.test(label));
    assert.deepEqual(
      best.map((label) => label.slice(0, 2)),
      ['v2', 'v1'],
    );
    await versions.list({ filter: '', sort: null });
  });

  it('updates a version, and drops one after asking', async () => {
    const { answerWith } = await probe();
    answerWith(
      new Script({
        'update.topic': (value: unknown) => value === 'label',
        'update.label': 'good',
        'update.reason': 'to find it',
      }),
    );
    await vscode.commands.executeCommand('cairn.update', 'digits@v2');
    const labels = () => versionLabels().then((all) => all.join('\n'));
    assert.match(await labels(), /^v2 {2}\[good\]/m);
    answerWith(new Script({ 'drop.confirm': undefined }));
    await vscode.commands.executeCommand('cairn.drop', 'digits@v3');
    assert.match(await labels(), /^v3/m);
    answerWith(new Script({ 'drop.confirm': 'Drop' }));
    await vscode.commands.executeCommand('cairn.drop', 'digits@v3');
    assert.doesNotMatch(await labels(), /^v3/m);
  });

  it('verifies', async () => {
    const { answerWith } = await probe();
    const answers = new Script({ 'verify.full': (full: boolean) => full });
    answerWith(answers);
    await vscode.commands.executeCommand('cairn.verify');
    const [done] = await eventually('the result', () => answers.told.length > 0 && answers.told);
    assert.match(done!.message, /^Everything is sound/);
  });

  it('only reads in a folder that is not trusted', async () => {
    const { answerWith, trust } = await probe();
    await trust(false);
    try {
      const labels = await versionLabels();
      assert.match(labels.join(), /v1 {2}first/);
      assert.doesNotMatch(labels.join(), /Working changes|training ended/);
      const answers = new Script();
      answerWith(answers);
      await vscode.commands.executeCommand('cairn.commit');
      const [refused] = await eventually('a word', () => answers.told.length > 0 && answers.told);
      assert.match(refused!.message, /not trusted.*only reads/);
    } finally {
      await trust(true);
    }
  });

  it('tracks a model file from the Explorer', async () => {
    const { answerWith } = await probe();
    const answers = new Script();
    answerWith(answers);
    mkdirSync(file('other'));
    writeFileSync(file('other/faces.safetensors'), safetensors(4));
    const uri = vscode.Uri.file(file('other/faces.safetensors'));
    await vscode.commands.executeCommand('cairn.track', uri);
    assert.match(readFileSync(file('cairn.yaml'), 'utf8'), /faces:\n\s+artifacts: \["other\/faces/);
    const session = await openProject();
    const names = (await session.overview()).map(({ name }) => name);
    assert.deepEqual(names, ['digits', 'faces'], JSON.stringify(answers.told));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('leaves Source Control when its setting says so', async () => {
    const { controls } = await probe();
    const session = await openProject();
    const settings = vscode.workspace.getConfiguration('cairn');
    await settings.update('scm.enabled', false, vscode.ConfigurationTarget.Global);
    await eventually('its leaving', () => controls.at(session) === null);
    await settings.update('scm.enabled', undefined, vscode.ConfigurationTarget.Global);
    await eventually('its return', () => controls.at(session) !== null);
  });

  it('opens an engine that crashed again', async () => {
    const { desk } = await probe();
    const before = desk.engine.generation;
    const session = await openProject();
    await desk.engine.restart();
    assert.equal((await session.overview())[0]?.name, 'digits');
    assert.equal((await session.project.log({})).total, 2);
    assert.ok(desk.engine.generation > before);
  });

  it('notices a project that the command line makes', async () => {
    const { desk } = await probe();
    rmSync(file('.git/cairn'), { recursive: true });
    await eventually('its leaving', () => desk.projects.active === null);
    cairn('init');
    const active = await eventually('its coming', () => desk.projects.active);
    assert.equal((await active.overview())[0]?.versions, 2);
  });
});

function tab(label: string): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find((one) => one.label.startsWith(label));
}
