import * as vscode from 'vscode';
import type { ModelOverview } from '../../operations/project';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';
import { runsOf } from '../runs/runWatch';
import { entryTitle, isOfOtherScript, runLine } from './entryTitle';
import { inlineSettings } from './inlineSettings';
import type { InlineSource } from './inlineSource';

/** Over the line where a training begins: the current version, what changed since, and commands. */
export class EntryLens implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly disposables: vscode.Disposable[];
  private following: vscode.Disposable | null = null;

  constructor(
    private readonly desk: Desk,
    private readonly source: InlineSource,
  ) {
    this.disposables = [
      this.changed,
      source.onDidChange(() => this.changed.fire()),
      desk.projects.onDidChange(() => this.follow()),
    ];
    this.follow();
  }

  dispose(): void {
    this.following?.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!inlineSettings(document).codeLens) return [];
    try {
      return await this.lenses(document);
    } catch (thrown) {
      this.desk.reporter.noted('The line over a training', thrown);
      return [];
    }
  }

  private async lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const told = await this.source.of(document);
    const point = told?.values.entryPoint;
    if (told === null || !point || point.text !== told.asked.text) return [];
    const { session } = told.asked;
    const model = (await session.overview()).find(({ name }) => name === told.values.model);
    if (model === undefined) return [];
    const { line } = document.positionAt(point.start);
    const status = session.statuses.find((one) => one.model === model.name);
    const running = await this.running(session, model, told.asked.path);
    const title = running ?? entryTitle(model, await parentOf(session, model), status);
    const icon = running === null ? 'layers' : 'sync~spin';
    return commandsOf(model, `$(${icon}) ${title}`).map(
      (command) => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command),
    );
  }

  /** How the newest run of this file that goes on stands; `null` while none does. */
  private async running(
    session: ProjectSession,
    model: ModelOverview,
    path: string,
  ): Promise<string | null> {
    for (const run of this.runs(session).running) {
      if (run.model !== model.name) continue;
      const { record } = await session.project.run({ run: run.id });
      if (isOfOtherScript(record.command, path)) continue;
      const { current } = model;
      const curves = current === null ? [] : await session.project.curves({ reference: current });
      return runLine(run, model, curves);
    }
    return null;
  }

  private runs(session: ProjectSession) {
    return runsOf(session, (thrown) => this.desk.reporter.noted('Runs', thrown));
  }

  /** Working changes are counted, and runs go on, without a word of the history. */
  private follow(): void {
    this.following?.dispose();
    this.following = vscode.Disposable.from(
      ...this.desk.projects.all.flatMap((session) => [
        session.onDidChange((change) => {
          if (change === 'working') this.changed.fire();
        }),
        this.runs(session).onDidChange(() => this.changed.fire()),
      ]),
    );
  }
}

async function parentOf(session: ProjectSession, { currentRecord }: ModelOverview) {
  const parent = currentRecord?.parent ?? null;
  return parent === null ? null : (await session.project.show({ reference: parent })).version;
}

function commandsOf(model: ModelOverview, title: string): vscode.Command[] {
  const compare = {
    title: 'Compare',
    command: 'cairn.compareWithWorking',
    arguments: [model.current],
  };
  return [
    { title, command: 'cairn.versions.focus' },
    { title: 'Commit', command: 'cairn.commit', arguments: [model.name] },
    ...(model.current === null ? [] : [compare]),
    {
      title: 'Show Metrics',
      command: 'cairn.showMetrics',
      arguments: [{ kind: 'model', model: { name: model.name } }],
    },
  ];
}
