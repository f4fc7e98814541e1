import * as vscode from 'vscode';
import { rollbackParts } from '../../core/plan';
import type { Desk } from '../desk';
import { comparePanel } from '../panels/comparePanel';
import { metricsPanel } from '../panels/metricsPanel';
import { rollbackPanel } from '../panels/rollbackPanel';
import type { ProjectSession } from '../project/session';
import { makeImportWork } from '../runs/pythonPath';
import {
  commitRun,
  deleteRun,
  importHistory,
  openRun,
  startRun,
  stopRun,
} from '../runs/runCommands';
import type { ScmRow } from '../scm/scmRows';
import type { SourceControls } from '../scm/sourceControl';
import type { OperationNode, OperationsView } from '../tree/operationsView';
import { fullReference } from '../tree/versionDetails';
import type { VersionsNode } from '../tree/versionNodes';
import type { VersionsView } from '../tree/versionsView';
import { commitVersion } from './commitVersion';
import {
  askVersions,
  askWithPrevious,
  askWithWorking,
  type ComparisonAsked,
} from './compareVersions';
import { dropVersion } from './dropVersion';
import { initializeFolder } from './initializeFolder';
import { clearFilter, filterVersions, sortVersions } from './listVersions';
import { inspectModels, scanModels } from './modelFiles';
import {
  type CodeFileAsked,
  openCodeFile,
  openCodeOfVersion,
  openConfiguration,
  openScmRow,
} from './openSources';
import { undoOperation } from './rollBack';
import { requireVersion } from './subject';
import { trackModel } from './trackModel';
import { updateVersion } from './updateVersion';
import { verifyProject } from './verifyProject';

/** The views that commands work on. */
export interface Views {
  readonly versions: VersionsView;
  readonly operations: OperationsView;
  readonly controls: SourceControls;
}

type Handler = (...given: unknown[]) => unknown;

/** Every command by its id. What one throws is told; what it gives back goes to the caller. */
export function registerCommands(desk: Desk, views: Views): vscode.Disposable {
  const handlers = [
    ...versionCommands(desk, views),
    ...projectCommands(desk, views),
    ...viewCommands(desk, views),
    ...runCommands(desk),
  ];
  return vscode.Disposable.from(
    ...handlers.map(([id, title, handler]) =>
      vscode.commands.registerCommand(id, (...given: unknown[]) =>
        desk.reporter.attempt(title, async () => handler(...given)),
      ),
    ),
  );
}

type Command = readonly [id: string, title: string, handler: Handler];

/** Keys that are pressed in the Versions view say `{ "selected": true }`: its selection is meant. */
function rowOr(views: Views, given: unknown): unknown {
  return isSelected(given) ? views.versions.selection[0] : given;
}

function isSelected(given: unknown): boolean {
  return typeof given === 'object' && given !== null && 'selected' in given;
}

function versionCommands(desk: Desk, views: Views): Command[] {
  return [
    ['cairn.commit', 'Commit', (given) => commitGiven(desk, views, given)],
    ['cairn.update', 'Update', (given) => updateVersion(desk, rowOr(views, given))],
    ['cairn.drop', 'Drop', (given) => dropVersion(desk, rowOr(views, given))],
    [
      'cairn.compare',
      'Compare',
      async (first, selected) => {
        const rows = isSelected(first) ? views.versions.selection : selected;
        openComparison(desk, await askVersions(desk, rowOr(views, first), rows));
      },
    ],
    [
      'cairn.compareWithWorking',
      'Compare',
      async (given, section) =>
        openComparison(desk, await askWithWorking(desk, rowOr(views, given), section)),
    ],
    [
      'cairn.compareWithPrevious',
      'Compare',
      async (given) => openComparison(desk, await askWithPrevious(desk, rowOr(views, given))),
    ],
    ['cairn.rollback', 'Roll back', (given) => openRollback(desk, rowOr(views, given))],
    ['cairn.openCode', 'Open code', (given) => openCodeOfVersion(desk, rowOr(views, given))],
    ['cairn.openCodeFile', 'Open code', (given) => openCodeFile(desk, given as CodeFileAsked)],
  ];
}

function projectCommands(desk: Desk, views: Views): Command[] {
  return [
    ['cairn.initialize', 'Initialize', () => initializeFolder(desk)],
    ['cairn.inspect', 'Inspect', (given) => inspectModels(given)],
    ['cairn.scan', 'Scan', (given) => scanModels(desk, given)],
    ['cairn.track', 'Track', (given) => trackModel(desk, given)],
    ['cairn.undo', 'Undo', () => undoLast(desk)],
    ['cairn.operations.undo', 'Undo', (given) => undoRow(desk, given as OperationNode | undefined)],
    ['cairn.showMetrics', 'Show metrics', (given) => showMetrics(desk, given)],
    ['cairn.verify', 'Verify', () => verifyProject(desk)],
    ['cairn.showOutput', 'Show output', () => desk.log.show()],
    ['cairn.openConfiguration', 'Open cairn.yaml', () => openConfiguration(desk)],
    ['cairn.switchProject', 'Switch project', () => switchProject(desk)],
    ['cairn.scm.commit', 'Commit', (given) => commitGiven(desk, views, given)],
    [
      'cairn.scm.open',
      'Open',
      (given) => {
        const { root, row } = given as { root: string; row: ScmRow };
        const session = desk.projects.at(root);
        return session === null ? undefined : openScmRow(session, row);
      },
    ],
  ];
}

function runCommands(desk: Desk): Command[] {
  return [
    ['cairn.runs.start', 'Run', () => startRun(desk)],
    ['cairn.runs.openMetrics', 'Show metrics', (given) => openRun(desk, given)],
    ['cairn.runs.commit', 'Commit', (given) => commitRun(desk, given)],
    ['cairn.runs.stop', 'Stop', (given) => stopRun(desk, given)],
    ['cairn.runs.delete', 'Delete', (given) => deleteRun(desk, given)],
    ['cairn.importHistory', 'Import', () => importHistory(desk)],
    ['cairn.python.makeImportWork', 'Make import cairn work', () => makeImportWork(desk)],
  ];
}

function viewCommands(desk: Desk, { versions, operations }: Views): Command[] {
  return [
    ['cairn.versions.filter', 'Filter', () => filterVersions(desk, versions)],
    ['cairn.versions.clearFilter', 'Clear filter', () => clearFilter(versions)],
    ['cairn.versions.sort', 'Sort', () => sortVersions(desk, versions)],
    ['cairn.versions.refresh', 'Refresh', () => desk.projects.active?.refresh()],
    [
      'cairn.versions.showMore',
      'Show more',
      (model, backups) => versions.showMore(String(model), backups === true),
    ],
    ['cairn.operations.showMore', 'Show more', () => operations.showMore()],
  ];
}

/** From a box of Source Control, a row of the tree, a model's name, or nothing. */
function commitGiven(desk: Desk, views: Views, given: unknown): Promise<unknown> {
  const box = views.controls.of(given);
  if (box !== null) return commitVersion(desk, { session: box.session, box });
  const session = desk.projects.active;
  const model = typeof given === 'string' ? given : modelOfRow(given);
  if (model !== null && session !== null) return commitVersion(desk, { session, model });
  return commitVersion(desk, {});
}

function modelOfRow(given: unknown): string | null {
  if (typeof given !== 'object' || given === null || !('kind' in given)) return null;
  const node = given as VersionsNode;
  return node.kind === 'model' || node.kind === 'working' ? node.model.name : null;
}

function openComparison(desk: Desk, asked: ComparisonAsked | undefined): void {
  if (asked === undefined) return;
  const { session, sides, at = null } = asked;
  comparePanel.open(desk, session, { root: session.root, sides, at });
}

async function openRollback(desk: Desk, given: unknown): Promise<void> {
  const subject = await requireVersion(desk, given, {
    id: 'rollback.version',
    title: 'Roll back to which version?',
    placeholder: 'You will see what changes before anything does',
    backups: true,
  });
  if (subject === undefined) return;
  const { session, record } = subject;
  const reference = fullReference(record);
  rollbackPanel.open(desk, session, { root: session.root, reference, only: rollbackParts });
}

async function showMetrics(desk: Desk, given: unknown): Promise<void> {
  const session = await desk.projects.require();
  if (session === undefined) return;
  const model = modelOfRow(given) ?? (await pickModel(desk, session));
  if (model === undefined) return;
  metricsPanel.open(desk, session, { root: session.root, model, text: '', focus: [] });
}

async function pickModel(desk: Desk, session: ProjectSession): Promise<string | undefined> {
  const models = await session.overview();
  const [first] = models;
  if (first === undefined || models.length === 1) return first?.name;
  return desk.prompts().pick(
    { id: 'metrics.model', title: 'Metrics of which model?' },
    models.map(({ name, versions }) => ({
      value: name,
      label: name,
      description: `${versions} versions`,
    })),
  );
}

async function undoLast(desk: Desk): Promise<unknown> {
  const session = await desk.projects.require();
  return session === undefined ? null : undoOperation(desk, session);
}

function undoRow(desk: Desk, node: OperationNode | undefined): Promise<unknown> {
  const session = desk.projects.active;
  if (session === null || node?.kind !== 'operation') return undoLast(desk);
  return undoOperation(desk, session, node.operation.id);
}

async function switchProject(desk: Desk): Promise<void> {
  const session = await desk.projects.require();
  if (session !== undefined) await desk.projects.show(session);
}
