import * as vscode from 'vscode';
import type { ModelOverview } from '../../operations/project';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';
import { runningText } from '../runs/runStatus';
import { runsOf } from '../runs/runWatch';
import type { Notices } from './notices';
import { statusText, statusTooltip } from './statusText';

/** The status bar's item of the shown project: its version, or that a model file changed. */
export class StatusBar implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly disposables: vscode.Disposable[];
  private following: vscode.Disposable | null = null;

  constructor(
    private readonly desk: Desk,
    private readonly notices: Notices,
  ) {
    this.item = vscode.window.createStatusBarItem(
      'cairn.status',
      vscode.StatusBarAlignment.Left,
      50,
    );
    this.item.name = 'Cairn';
    this.disposables = [
      this.item,
      desk.projects.onDidChange(() => this.follow()),
      notices.onDidChange(() => this.refresh()),
    ];
    this.follow();
  }

  /** What it says, without its icon; empty while it is hidden. */
  text = '';

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
            session.onDidChange(() => this.refresh()),
            this.watch(session).onDidChange(() => this.refresh()),
          );
    this.refresh();
  }

  private watch(session: ProjectSession) {
    return runsOf(session, (thrown) => this.desk.reporter.noted('Runs', thrown));
  }

  /** The newest run that goes on; `null` while nothing trains. */
  private async runningText(session: ProjectSession, models: readonly ModelOverview[]) {
    const [run] = this.watch(session).running;
    if (run === undefined) return null;
    const model = models.find(({ name }) => name === run.model) ?? null;
    const current = model?.current ?? null;
    const curves = current === null ? [] : await session.project.curves({ reference: current });
    return runningText(run, model, curves);
  }

  private refresh(): void {
    const session = this.desk.projects.active;
    if (session === null) {
      this.text = '';
      this.item.hide();
      return;
    }
    this.show(session).catch((thrown) => this.desk.reporter.noted('Status bar', thrown));
  }

  private async show(session: ProjectSession): Promise<void> {
    const models = await session.overview();
    const running = await this.runningText(session, models);
    if (session !== this.desk.projects.active) return;
    const notices = this.notices.all;
    const text = running ?? statusText(models, notices);
    this.text = text ?? '';
    if (text === null) {
      this.item.hide();
      return;
    }
    const [notice] = notices;
    this.item.text = `$(${running === null ? 'layers' : 'sync~spin'}) ${text}`;
    this.item.tooltip = new vscode.MarkdownString(statusTooltip(models, notices));
    this.item.accessibilityInformation = { label: `Cairn: ${text}` };
    this.item.command =
      running !== null
        ? 'cairn.runs.focus'
        : notice === undefined
          ? 'cairn.versions.focus'
          : { command: 'cairn.commit', title: 'Commit Version', arguments: [notice.model] };
    this.item.show();
  }
}
