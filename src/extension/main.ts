/**
 * Cairn inside VS Code: views, commands, panels and decorations. It promises that nothing is
 * looked through before a project is there or a person asks, that all work is done on the engine's
 * thread, and that every question goes through `Prompts`. It must not know how versions are kept:
 * everything it does to a project is a verb of the engine.
 */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { nodePlatform, type Platform } from '../platform';
import { startThread } from '../platform/thread';
import type { Prompts } from './asking/prompts';
import { vscodePrompts } from './asking/vscodePrompts';
import { registerCommands } from './commands/register';
import { rollBack } from './commands/rollBack';
import type { Desk } from './desk';
import { scheme, VersionFiles } from './files/versionFiles';
import type { EntryLens } from './inline/entryLens';
import type { InlineToggle } from './inline/inlineToggle';
import type { InlineValueDecorations } from './inline/inlineValues';
import { registerInline } from './inline/register';
import { registerModelEditor } from './modelEditor/modelEditor';
import { comparePanel } from './panels/comparePanel';
import { metricsPanel } from './panels/metricsPanel';
import { restorePanels } from './panels/panelKinds';
import { rollbackPanel } from './panels/rollbackPanel';
import { EngineClient } from './project/engineClient';
import { Projects } from './project/projects';
import { Reporter } from './reporter';
import { offerModule } from './runs/pythonPath';
import { RunsView } from './runs/runsView';
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
  readonly runs: RunsView;
  readonly controls: SourceControls;
  readonly notices: Notices;
  readonly statusBar: StatusBar;
  readonly inlineValues: InlineValueDecorations;
  readonly inlineToggle: InlineToggle;
  readonly entryLens: EntryLens;
  /** What activating took of the extension host's time, in milliseconds. */
  readonly activatedIn: number;
  /** As the Roll Back panel does it. */
  readonly rollBack: typeof rollBack;
  /** Lets others answer the questions. */
  answerWith(prompts: Prompts): void;
  /** Opens the projects anew as in a folder that is trusted, or that is not. */
  trust(trusted: boolean): Promise<void>;
}

export function activate(context: vscode.ExtensionContext): Probe | undefined {
  const platform = nodePlatform();
  const begin = platform.clock.elapsed();
  const own = { prompts: vscodePrompts, trusted: () => vscode.workspace.isTrusted };
  const desk = makeDesk(context, platform, own);
  running = desk;
  const views = makeViews(desk);
  context.subscriptions.push(
    ...Object.values(views),
    registerCommands(desk, views),
    vscode.workspace.registerFileSystemProvider(scheme, new VersionFiles(desk.projects), {
      isReadonly: true,
      isCaseSensitive: true,
    }),
    registerModelEditor(desk),
    restorePanels(desk, comparePanel),
    restorePanels(desk, metricsPanel),
    restorePanels(desk, rollbackPanel),
    desk.projects.onDidChange(() => offerOnce(desk)),
  );
  void desk.reporter.attempt('Looking for projects', () => desk.projects.find());
  if (context.extensionMode !== vscode.ExtensionMode.Test) return undefined;
  const activatedIn = platform.clock.elapsed() - begin;
  return { desk, ...views, activatedIn, rollBack, ...steering(desk, own) };
}

function makeViews(desk: Desk) {
  const notices = new Notices(desk);
  return {
    notices,
    versions: new VersionsView(desk, notices),
    operations: new OperationsView(desk),
    runs: new RunsView(desk),
    controls: new SourceControls(desk),
    statusBar: new StatusBar(desk, notices),
    ...registerInline(desk),
  };
}

/** How tests answer questions, and take trust away. */
function steering(desk: Desk, own: Own): Pick<Probe, 'answerWith' | 'trust'> {
  return {
    answerWith: (prompts) => {
      own.prompts = prompts;
    },
    trust: (trusted) => {
      own.trusted = () => trusted;
      return desk.projects.openAnew();
    },
  };
}

let running: Desk | null = null;

/** Closes the projects before the engine's thread ends with the window. */
export async function deactivate(): Promise<void> {
  await running?.projects.close();
  await running?.engine.dispose();
}

/** What tests put others in the place of. */
interface Own {
  prompts: Prompts;
  trusted: () => boolean;
}

function makeDesk(context: vscode.ExtensionContext, platform: Platform, own: Own): Desk {
  const prompts = () => own.prompts;
  const log = vscode.window.createOutputChannel('Cairn', { log: true });
  const reporter = new Reporter(log, prompts);
  const script = path.join(context.extensionUri.fsPath, 'dist', 'engine.js');
  const engine = new EngineClient(
    () => startThread(script, 'cairn-engine'),
    (error) => log.error(`The engine stopped: ${error?.stack ?? 'without an error'}`),
    () => platform.clock.elapsed(),
  );
  const projects = new Projects({
    platform,
    engine,
    reporter,
    prompts,
    isTrusted: () => own.trusted(),
  });
  context.subscriptions.push(projects, log);
  return { context, platform, engine, projects, reporter, log, prompts };
}

const offered = new WeakSet<Desk>();

/** The `cairn` command is made once a project is there, in a window that may write. */
function offerOnce(desk: Desk): void {
  if (offered.has(desk) || desk.projects.active?.trusted !== true) return;
  offered.add(desk);
  void desk.reporter.attempt('Offering the cairn command', () => offerCommand(desk));
  desk.context.subscriptions.push(offerModule(desk));
}
