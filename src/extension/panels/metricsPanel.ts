import * as vscode from 'vscode';
import { runReference } from '../../core/metricsTable';
import type { RunSummary } from '../../operations/project';
import { type MetricsChoices, readMetricsChoices } from '../../wire/metricsChoices';
import {
  type MetricsContract,
  type MetricsEvents,
  type MetricsState,
  type MetricsView,
  metricsReaders,
  readMetricsState,
} from '../../wire/metricsPanel';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';
import { runsOf } from '../runs/runWatch';
import { fullReference } from '../tree/versionDetails';
import { baselineOf } from './baseline';
import { amendment, liveRuns, metricsView, standing } from './metricsView';
import { makePanel, PanelHost } from './panelHost';
import type { PanelKind } from './panelKinds';

/** The Metrics panel: a model's versions and runs by their parameters and metrics, and charts. */
export const metricsPanel: PanelKind<MetricsState> = {
  name: 'metrics',
  readState: readMetricsState,
  open(desk, session, state) {
    serve(desk, session, state, makePanel('metrics', titleOf(state.model)));
  },
  restore(desk, session, state, panel) {
    serve(desk, session, state, panel);
  },
};

function titleOf(model: string): string {
  return `Metrics of ${model}`;
}

function serve(
  desk: Desk,
  session: ProjectSession,
  state: MetricsState,
  panel: vscode.WebviewPanel,
): void {
  const { project } = session;
  const host = new PanelHost<MetricsContract, MetricsEvents>(desk, panel, {
    name: 'metrics',
    title: titleOf(state.model),
    state,
    readers: metricsReaders,
    answers: {
      load: async ({ model }) => {
        const view = await load(desk, session, model);
        panel.title = titleOf(view.model);
        return view;
      },
      columns: async (ask) => ({ columns: await project.tableColumns(ask) }),
      curves: async ({ references, series, axis, from, to, width }) => ({
        curves: await project.chartCurves({
          ...{ references, series, width },
          ...(axis === null ? {} : { axis }),
          ...(from === null ? {} : { from }),
          ...(to === null ? {} : { to }),
        }),
      }),
      remember: async ({ model, choices }) => {
        await desk.context.workspaceState.update(choicesKey(session, model), choices);
        return null;
      },
      amend: async ({ reference, label, description }) => {
        session.requireTrust('updating a version');
        const { version } = await project.update(amendment(reference, label, description));
        await session.refresh();
        return { reference: fullReference(version) };
      },
      save: async (ask) => ({ saved: await save(desk, session, ask) }),
      compare: async ({ references }) => {
        await vscode.commands.executeCommand('cairn.compare', undefined, references);
        return null;
      },
      rollBack: async ({ reference }) => {
        await vscode.commands.executeCommand('cairn.rollback', reference);
        return null;
      },
    },
  });
  follow(desk, session, host);
}

/** Tells the panel what happens to versions and runs while it is seen. */
function follow(
  desk: Desk,
  session: ProjectSession,
  host: PanelHost<MetricsContract, MetricsEvents>,
): void {
  const { panel } = host;
  const runs = runsOf(session, (thrown) => desk.reporter.noted('Runs', thrown));
  let known = standing(runs.runs);
  host.own(
    session.onDidChange((change) => {
      if (change === 'history') host.tell('changed', {});
    }),
    session.seenBy(() => panel.visible),
    runs.onDidChange(() => {
      const now = standing(runs.runs);
      if (now !== known) host.tell('changed', {});
      else if (panel.visible) host.tell('live', { runs: liveRuns(runs.running) });
      known = now;
    }),
    runs.seenBy(() => panel.visible),
  );
}

function choicesKey({ root }: ProjectSession, model: string): string {
  return `metrics:${root}:${model}`;
}

function choicesOf(desk: Desk, session: ProjectSession, model: string): MetricsChoices | null {
  const kept: unknown = desk.context.workspaceState.get(choicesKey(session, model));
  return readMetricsChoices(kept) ?? null;
}

/** Every version and run of the model, or of the first where it is gone. @throws Failure */
async function load(desk: Desk, session: ProjectSession, wanted: string): Promise<MetricsView> {
  const models = await session.overview();
  const model = models.find(({ name }) => name === wanted) ?? models[0];
  if (model === undefined) throw new Error('the project has no model');
  const table = await session.project.table({ model: model.name });
  const choices = choicesOf(desk, session, model.name);
  const now = desk.platform.clock.now().getTime();
  const baseline = baselineOf(desk, session, model.name);
  return metricsView(models, model, table, { choices, writable: session.trusted, now, baseline });
}

/** Whether a place was chosen and written to. */
async function save(
  desk: Desk,
  session: ProjectSession,
  { name, format, content }: MetricsContract['save']['ask'],
): Promise<boolean> {
  const path = await desk.prompts().newFile({
    id: 'metrics.save',
    title: 'Export',
    folder: session.root,
    name: `${name}.${format}`,
    kinds: { [format.toUpperCase()]: [format] },
  });
  if (path === undefined) return false;
  const bytes = Buffer.from(content, format === 'png' ? 'base64' : 'utf8');
  await vscode.workspace.fs.writeFile(vscode.Uri.file(path), bytes);
  return true;
}

/** A panel that begins with some runs chosen. */
export function openRuns(
  desk: Desk,
  session: ProjectSession,
  model: string,
  runs: readonly Pick<RunSummary, 'id'>[],
): void {
  const focus = runs.map(({ id }) => runReference(id));
  metricsPanel.open(desk, session, { root: session.root, model, text: '', focus });
}
