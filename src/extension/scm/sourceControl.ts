import * as vscode from 'vscode';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';
import { labelName, type ScmGroup, type ScmRow, scmCount, scmRows } from './scmRows';

const groupTitles: Readonly<Record<ScmGroup, string>> = {
  modelFiles: 'Model Files',
  parameters: 'Parameters',
  data: 'Data',
  metrics: 'Metrics',
  code: 'Code',
};

const statusIcons: Readonly<Record<string, string>> = {
  added: 'diff-added',
  deleted: 'diff-removed',
  modified: 'diff-modified',
  renamed: 'diff-renamed',
};

/** What Cairn shows in the Source Control view for one project. */
export class CairnSourceControl implements vscode.Disposable {
  readonly control: vscode.SourceControl;
  private readonly groups: Readonly<Record<ScmGroup, vscode.SourceControlResourceGroup>>;
  private readonly disposables: vscode.Disposable[];

  constructor(readonly session: ProjectSession) {
    this.control = vscode.scm.createSourceControl('cairn', 'Cairn', vscode.Uri.file(session.root));
    this.control.inputBox.placeholder = 'What changed in this version (Ctrl+Enter to commit)';
    this.control.acceptInputCommand = {
      command: 'cairn.scm.commit',
      title: 'Commit Version',
      arguments: [this.control],
    };
    const group = (id: ScmGroup) => {
      const made = this.control.createResourceGroup(id, groupTitles[id]);
      made.hideWhenEmpty = true;
      return made;
    };
    this.groups = {
      modelFiles: group('modelFiles'),
      parameters: group('parameters'),
      data: group('data'),
      metrics: group('metrics'),
      code: group('code'),
    };
    this.disposables = [this.control, session.onDidChange(() => this.show())];
    this.show();
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private show(): void {
    const rows = scmRows(this.session.statuses);
    for (const [id, group] of Object.entries(this.groups)) {
      const states = rows.filter((row) => row.group === id).map((row) => this.state(row));
      group.resourceStates = states;
    }
    this.control.count = scmCount(rows);
    this.control.inputBox.enabled = this.session.writable;
  }

  private state(row: ScmRow): vscode.SourceControlResourceState {
    const icon = new vscode.ThemeIcon(statusIcons[row.status] ?? 'circle-small');
    return {
      // What is no file gets the address of one at the top, whose name is the row's text.
      resourceUri: this.session.fileUri(row.isFile ? row.text : labelName(row.text)),
      contextValue: row.group,
      decorations: {
        tooltip: row.tooltip,
        strikeThrough: row.status === 'deleted',
        iconPath: icon,
      },
      command: {
        command: 'cairn.scm.open',
        title: 'Open',
        arguments: [{ root: this.session.root, row }],
      },
    };
  }
}

/** One Source Control provider for each project, while `cairn.scm.enabled` says so. */
export class SourceControls implements vscode.Disposable {
  private readonly controls = new Map<ProjectSession, CairnSourceControl>();
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly desk: Desk) {
    this.disposables = [
      desk.projects.onDidChange(() => this.follow()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('cairn.scm.enabled')) this.follow();
      }),
    ];
    this.follow();
  }

  /** The provider that a command of the Source Control view was run in. */
  of(control: unknown): CairnSourceControl | null {
    return [...this.controls.values()].find((one) => one.control === control) ?? null;
  }

  at(session: ProjectSession): CairnSourceControl | null {
    return this.controls.get(session) ?? null;
  }

  dispose(): void {
    for (const disposable of [...this.disposables, ...this.controls.values()]) disposable.dispose();
  }

  private follow(): void {
    const enabled = vscode.workspace.getConfiguration('cairn').get('scm.enabled', true);
    const wanted = new Set(enabled ? this.desk.projects.all : []);
    for (const [session, control] of this.controls) {
      if (wanted.has(session)) continue;
      control.dispose();
      this.controls.delete(session);
    }
    for (const session of wanted) {
      if (!this.controls.has(session)) this.controls.set(session, new CairnSourceControl(session));
    }
  }
}
