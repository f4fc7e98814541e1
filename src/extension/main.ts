/**
 * Cairn inside VS Code: views, commands, panels and decorations. It promises that nothing is
 * looked through before a project is there or a person asks, that all work is done on the engine's
 * thread, and that every question goes through `Prompts`. It must not know how versions are kept:
 * everything it does to a project is a verb of the engine.
 */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { nodePlatform } from '../platform';
import { startThread } from '../platform/thread';
import type { Prompts } from './asking/prompts';
import { vscodePrompts } from './asking/vscodePrompts';
import { registerCommands } from './commands/register';
import type { Desk } from './desk';
import { scheme, VersionFiles } from './files/versionFiles';
import { InlineValues } from './inline/inlineValues';
import { comparePanel } from './panels/comparePanel';
import { metricsPanel } from './panels/metricsPanel';
import { restorePanels } from './panels/panelKinds';
import { rollbackPanel } from './panels/rollbackPanel';
import { EngineClient } from './project/engineClient';
import { Projects } from './project/projects';
import { Reporter } from './reporter';
import { SourceControls } from './scm/sourceControl';
import { Notices } from './status/notices';
import { StatusBar } from './status/statusBar';
import { offerCommand } from './terminal/terminals';
import { OperationsView } from './tree/operationsView';
import { VersionsView } from './tree/versionsView';

/** What the tests inside the extension host get hold of; nobody else gets anything. */
export interface Probe {
  readonly desk: Desk;
  readonly versions: VersionsView;
  readonly operations: OperationsView;
  readonly controls: SourceControls;
  readonly notices: Notices;
  readonly statusBar: StatusBar;
  readonly inlineValues: InlineValues;
  /** Lets others answer the questions. */
  answerWith(prompts: Prompts): void;
}

export function activate(context: vscode.ExtensionContext): Probe | undefined {
  const asking = { prompts: vscodePrompts };
  const desk = makeDesk(context, () => asking.prompts);
  const notices = new Notices(desk);
  const versions = new VersionsView(desk, notices);
  const operations = new OperationsView(desk);
  const controls = new SourceControls(desk);
  const statusBar = new StatusBar(desk, notices);
  const inlineValues = new InlineValues(desk);
  const files = vscode.workspace.registerFileSystemProvider(
    scheme,
    new VersionFiles(desk.projects),
    { isReadonly: true, isCaseSensitive: true },
  );
  context.subscriptions.push(
    notices,
    versions,
    operations,
    controls,
    statusBar,
    inlineValues,
    files,
    registerCommands(desk, { versions, operations, controls }),
    restorePanels(desk, comparePanel),
    restorePanels(desk, metricsPanel),
    restorePanels(desk, rollbackPanel),
    desk.projects.onDidChange(() => offerOnce(desk)),
  );
  void desk.reporter.attempt('Looking for projects', () => desk.projects.find());
  if (context.extensionMode !== vscode.ExtensionMode.Test) return undefined;
  const answerWith = (prompts: Prompts) => {
    asking.prompts = prompts;
  };
  return { desk, versions, operations, controls, notices, statusBar, inlineValues, answerWith };
}

function makeDesk(context: vscode.ExtensionContext, prompts: () => Prompts): Desk {
  const platform = nodePlatform();
  const log = vscode.window.createOutputChannel('Cairn', { log: true });
  const reporter = new Reporter(log, prompts);
  const script = path.join(context.extensionUri.fsPath, 'dist', 'engine.js');
  const engine = new EngineClient(
    () => startThread(script, 'cairn-engine'),
    (error) => log.error(`The engine stopped: ${error?.stack ?? 'without an error'}`),
  );
  const projects = new Projects({ platform, engine, reporter, prompts });
  context.subscriptions.push(log, projects, { dispose: () => void engine.dispose() });
  return { context, platform, engine, projects, reporter, log, prompts };
}

const offered = new WeakSet<Desk>();

/** The `cairn` command is made once a project is there, in a window that may write. */
function offerOnce(desk: Desk): void {
  if (offered.has(desk) || desk.projects.active?.trusted !== true) return;
  offered.add(desk);
  void desk.reporter.attempt('Offering the cairn command', () => offerCommand(desk));
}
