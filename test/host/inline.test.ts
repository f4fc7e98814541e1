import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { eventually, openProject, probe, Script, workspaceFolder } from './probe';
import { safetensors } from './sampleProject';

interface Settings {
  readonly lr: number;
  readonly batch: number;
}

function source({ lr, batch }: Settings): string {
  return `import torch

BATCH_SIZE = ${batch}
EPOCHS = 3


def train(model):
    optimizer = torch.optim.SGD(model.parameters(), lr=${lr})
    loss.backward()
    torch.save(model, "models/digits.safetensors")


if __name__ == "__main__":
    train(Net())
`;
}

function notebook(lr: number): string {
  const cell = { cell_type: 'code', metadata: {}, outputs: [], execution_count: null };
  const cells = [
    { ...cell, source: ['%matplotlib inline\n', 'import torch'] },
    { ...cell, source: [`LR = ${lr}`] },
  ];
  // As Jupyter writes it.
  return `${JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

/** What is told beside code, in a project of three versions. */
describe('beside the code', () => {
  const folder = workspaceFolder();
  const file = (name: string) => path.join(folder, name);
  const bySetting = 'SGD';

  function run(command: string, ...words: string[]): void {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    execFileSync(command, words, { cwd: folder, env, stdio: 'pipe' });
  }
  const git = (...words: string[]) => run('git', ...words);
  const cairn = (...words: string[]) =>
    run(process.execPath, path.join(__dirname, '..', 'cli.js'), ...words);

  function train(settings: Settings, accuracy: number): void {
    writeFileSync(file('train.py'), source(settings));
    writeFileSync(file('explore.ipynb'), notebook(settings.lr));
    writeFileSync(file('models/digits.safetensors'), safetensors(settings.batch, 2, 3));
    writeFileSync(file('metrics.json'), JSON.stringify({ val_accuracy: accuracy }));
    const curve = { loss: [3, 2, 1], val_accuracy: [0.25, 0.5, accuracy] };
    writeFileSync(file('history.json'), JSON.stringify(curve));
  }

  before(async () => {
    // A browser saves by itself after a second; the tests need text that is not saved.
    const files = vscode.workspace.getConfiguration('files');
    await files.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const { desk } = await probe();
    for (const name of readdirSync(folder)) rmSync(file(name), { recursive: true });
    await desk.projects.find();
    await eventually('an empty window', () => desk.projects.active === null);
    mkdirSync(file('models'));
    writeFileSync(file('.gitignore'), 'models/\n');
    git('init', '-q', '-b', 'main');
    git('config', 'user.name', 'Ada');
    git('config', 'user.email', 'ada@example.org');
    git('add', '-A');
    git('commit', '-q', '-m', 'begin');
    train({ lr: 0.1, batch: 32 }, 0.9);
    cairn('init');
    cairn('commit', '-m', 'first');
    train({ lr: 0.01, batch: 64 }, 0.95);
    cairn('commit', '-m', 'second');
    train({ lr: 0.001, batch: 64 }, 0.92);
    cairn('commit', '-m', 'third');
    await desk.projects.find();
    await openProject();
  });

  async function script(): Promise<vscode.TextEditor> {
    const document = await vscode.workspace.openTextDocument(file('train.py'));
    return vscode.window.showTextDocument(document);
  }

  async function texts(document: vscode.TextDocument): Promise<string[]> {
    const { inlineValues } = await probe();
    const shown = await inlineValues.textsFor(document);
    return shown.map(({ line, text }) => `${line}: ${text}`);
  }

  async function setting<T>(name: string, value: unknown, look: () => Promise<T>): Promise<T> {
    const settings = vscode.workspace.getConfiguration('cairn.inline');
    await settings.update(name, value, vscode.ConfigurationTarget.Global);
    try {
      return await look();
    } finally {
      await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
    }
  }

  const past = [
    '2: v3 64 · v1 32 → val_accuracy 0.9',
    '7: v3 0.001 · v2 0.01 → val_accuracy 0.95 (+2) · v1 0.1 → 0.9',
  ];

  it('past values stand after the lines, and nothing in other files', async () => {
    const { document } = await script();
    await eventually('the values', async () => (await texts(document)).length > 0);
    assert.deepEqual(await texts(document), past);
    const other = await vscode.workspace.openTextDocument(file('metrics.json'));
    assert.deepEqual(await texts(other), []);
    writeFileSync(file('new.py'), 'LR = 1\n');
    assert.deepEqual(await texts(await vscode.workspace.openTextDocument(file('new.py'))), []);
    rmSync(file('new.py'));
  });

  it('what is typed differs at once, before it is saved', async () => {
    const editor = await script();
    const { document } = editor;
    const at = document.getText().indexOf('0.001');
    const range = new vscode.Range(document.positionAt(at), document.positionAt(at + 5));
    await editor.edit((edit) => edit.replace(range, '0.5'));
    assert.equal(document.isDirty, true);
    assert.match((await texts(document))[1] ?? '', /^7: ≠ v3: 0\.001 · v2 0\.01/);
    const without = await setting('differences', false, () => texts(document));
    assert.deepEqual(without, past.slice(0, 1));
    const only = await setting('values', false, () => texts(document));
    assert.deepEqual(only.length, 1);
  });

  it('lines with problems of their own are left alone, unless asked', async () => {
    const { document } = await script();
    const problems = vscode.languages.createDiagnosticCollection('test');
    try {
      const message = 'line too long';
      problems.set(document.uri, [new vscode.Diagnostic(new vscode.Range(2, 0, 2, 4), message)]);
      assert.equal((await texts(document)).length, 1);
      const all = await setting('linesWithProblems', true, () => texts(document));
      assert.equal(all.length, 2);
    } finally {
      problems.dispose();
    }
  });

  it('the hover has the table, the picture and the links', async () => {
    const { document } = await script();
    const position = document.positionAt(document.getText().indexOf(bySetting));
    const ask = async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        position,
      );
      const contents = hovers.flatMap((hover) => hover.contents as vscode.MarkdownString[]);
      return contents.find(({ value }) => value.includes('train.optimizer.lr'));
    };
    const hover = await ask();
    assert.ok(hover, 'there is no hover');
    assert.match(hover.value, /\| `0\.01` \| v2 \| 0\.95 \| \+2: BATCH\\?_SIZE, explore\.ipynb \|/);
    assert.match(hover.value, /data:image\/svg\+xml;base64,/);
    assert.match(hover.value, /\[Use.this.value\]\(command:cairn\.inline\.useValue\?/);
    assert.match(hover.value, /\[Roll.Back\]\(command:cairn\.rollback\?/);
    assert.match(hover.value, /\[Compare\]\(command:cairn\.compare\?/);
    assert.equal(await setting('hover', false, ask), undefined);
    const link = /\(command:cairn\.inline\.useValue\?([^)]+)\)/.exec(hover.value)?.[1] ?? '';
    const [use] = JSON.parse(decodeURIComponent(link));
    await vscode.commands.executeCommand('cairn.inline.useValue', use);
    assert.match(document.getText(), /lr=0\.01\)/);
    const { answerWith } = await probe();
    const answers = new Script();
    answerWith(answers);
    await vscode.commands.executeCommand('cairn.inline.useValue', use);
    assert.equal(answers.told[0]?.id, 'useValue.moved');
  });

  it('code actions use an earlier value', async () => {
    const { document } = await script();
    const range = document.lineAt(7).range;
    const ask = async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        range,
      );
      return actions.filter(({ title }) => title.startsWith('Use this value'));
    };
    await texts(document);
    const actions = await ask();
    assert.deepEqual(
      actions.map(({ title }) => title),
      [
        'Use this value: 0.001 (v3, val_accuracy 0.92)',
        'Use this value: 0.1 (v1, val_accuracy 0.9)',
      ],
    );
    assert.ok(actions[1]?.edit);
    await vscode.workspace.applyEdit(actions[1].edit);
    assert.match(document.getText(), /lr=0\.1\)/);
    assert.deepEqual(await setting('codeActions', false, ask), []);
  });

  it('a line over the beginning of the training has version, metric, changes and commands', async () => {
    const { document } = await script();
    const ask = async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        10,
      );
      return lenses.filter(({ command }) => command?.command.startsWith('cairn.'));
    };
    const seen: string[] = [];
    const lenses = await eventually('the lens', async () => {
      const found = await ask();
      seen.push(found.map(({ command }) => command?.title).join());
      return found[0]?.command?.title.includes('no working changes') ? found : null;
    }).catch((error: Error) => assert.fail(`${error.message}: ${seen.at(-1)}`));
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      [
        '$(layers) v3 · val_accuracy 0.92 ▼ 0.03 worse · no working changes',
        'Commit',
        'Compare',
        'Show Metrics',
      ],
    );
    assert.equal(
      document.lineAt(lenses[0]?.range.start.line ?? 0).text,
      'if __name__ == "__main__":',
    );
    assert.deepEqual(await setting('codeLens', false, ask), []);
    await vscode.commands.executeCommand(
      'cairn.showMetrics',
      ...(lenses[3]?.command?.arguments ?? []),
    );
    await eventually('the metrics', () => tab('Metrics'));
  });

  it('the line tells how a run of the file goes, while it does', async () => {
    const { document } = await script();
    const title = async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        10,
      );
      return lenses
        .map(({ command }) => command?.title ?? '')
        .find((text) => text.startsWith('$('));
    };
    const { project } = await openProject();
    const place = path.join(project.home, 'inbox', '20261121-110000-0a1b2c3d');
    mkdirSync(place, { recursive: true });
    const write = (entry: object) =>
      appendFileSync(
        path.join(place, 'journal.jsonl'),
        `${JSON.stringify({ at: Date.now(), ...entry })}\n`,
      );
    const own = { pid: process.pid, host: hostname(), root: project.root };
    const command = ['python', 'train.py'];
    write({ kind: 'start', format: 1, model: 'digits', parameters: {}, command, ...own });
    write({ kind: 'log', step: 1, values: { val_accuracy: 0.75 } });
    // The current version's curve is 0.25, 0.5, 0.92 from step 0 on.
    const expected = '$(sync~spin) step 1 · val_accuracy 0.75 ▲ 0.25 better than v3 at this step';
    let seen: string | undefined;
    await eventually('the run', async () => {
      seen = await title();
      return seen === expected;
    }).catch((error: Error) => assert.fail(`${error.message}: ${seen}`));
    write({ kind: 'log', step: 2, values: { val_accuracy: 0.25 } });
    await eventually('its next step', async () =>
      (await title())?.includes('step 2 · val_accuracy 0.25 ▼'),
    );
    write({ kind: 'end', state: 'finished' });
    await eventually('its end', async () => (await title())?.startsWith('$(layers)'));
  });

  it('the status bar switches it all off and on', async () => {
    const { inlineToggle } = await probe();
    const { document } = await script();
    await eventually('the switch', () => inlineToggle.text === 'Values');
    await vscode.commands.executeCommand('cairn.inline.toggle');
    assert.deepEqual(await texts(document), []);
    await eventually('the switch', () => inlineToggle.text === 'Values off');
    await vscode.commands.executeCommand('cairn.inline.toggle');
    assert.equal((await texts(document)).length, 2);
  });

  it('notebook cells have them as files do', async () => {
    const opened = await vscode.workspace.openNotebookDocument(
      vscode.Uri.file(file('explore.ipynb')),
    );
    const cell = opened.cellAt(1).document;
    assert.deepEqual(await texts(cell), [
      '0: v3 0.001 · v2 0.01 → val_accuracy 0.95 (+2) · v1 0.1 → 0.9',
    ]);
    assert.deepEqual(await texts(opened.cellAt(0).document), []);
  });

  it('tells which versions changed some lines, and opens the difference there', async () => {
    const { answerWith } = await probe();
    const editor = await script();
    editor.selection = new vscode.Selection(7, 0, 7, 3);
    const answers = new Script({
      'lines.version': ({ record }: { record: { number: number } }) => record.number === 2,
    });
    answerWith(answers);
    await vscode.commands.executeCommand('cairn.lineVersions');
    assert.deepEqual(answers.asked, ['lines.version'], JSON.stringify(answers.told));
    await eventually('the difference', () => tab('train.py (v1 ↔ v2)'));
  });

  it('tells it of lines of a notebook cell, and opens the difference', async () => {
    const { answerWith } = await probe();
    const opened = await vscode.workspace.openNotebookDocument(
      vscode.Uri.file(file('explore.ipynb')),
    );
    await vscode.window.showNotebookDocument(opened, {
      selections: [new vscode.NotebookRange(1, 2)],
    });
    await vscode.commands.executeCommand('notebook.cell.edit');
    const cell = opened.cellAt(1).document;
    await eventually('the cell', () => vscode.window.activeTextEditor?.document === cell);
    const answers = new Script({
      'lines.version': ({ record }: { record: { number: number } }) => record.number === 2,
    });
    answerWith(answers);
    await vscode.commands.executeCommand('cairn.lineVersions');
    assert.deepEqual(answers.asked, ['lines.version'], JSON.stringify(answers.told));
    await eventually('the difference', () => tab('explore.ipynb (v1 ↔ v2)'));
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});

function tab(label: string): vscode.Tab | undefined {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find((one) => one.label.startsWith(label));
}
