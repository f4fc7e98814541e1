import * as vscode from 'vscode';
import { shortReference } from '../../core/labels';
import type { ModelOverview } from '../../operations/project';
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
import { listingRequest } from '../tree/versionsTree';
import { metricsView } from './metricsView';
import { makePanel, PanelHost } from './panelHost';
import type { PanelKind } from './panelKinds';
import { runIn, runsView } from './runsMetrics';

/** The Metrics panel: a model's versions by their parameters and metrics, and their curves. */
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
  const host = new PanelHost<MetricsContract, MetricsEvents>(desk, panel, {
    name: 'metrics',
    title: titleOf(state.model),
    state,
    readers: metricsReaders,
    answers: {
      load: (ask) => {
        panel.title = titleOf(ask.model);
        return load(desk, session, ask);
      },
      curves: async ({ references }) => ({
        versions: await Promise.all(
          references.map(async (reference) => ({
            reference,
            title: runIn(reference) ?? shortReference(reference),
            curves: await curvesOf(session, reference),
          })),
        ),
      }),
      compare: async ({ references: asked }) => {
        const references = asked.filter((reference) => runIn(reference) === null);
        if (references.length === 0) return null;
        await vscode.commands.executeCommand('cairn.compare', undefined, references);
        return null;
      },
      rollBack: async ({ reference }) => {
        if (runIn(reference) !== null) return null;
        await vscode.commands.executeCommand('cairn.rollback', reference);
        return null;
      },
    },
  });
  const runs = runsOf(session, (thrown) => desk.reporter.noted('Runs', thrown));
  host.own(
    session.onDidChange((change) => {
      if (change === 'history') host.tell('changed', {});
    }),
    session.seenBy(() => panel.visible),
    runs.onDidChange(() => {
      if (panel.visible) host.tell('changed', {});
    }),
    runs.seenBy(() => panel.visible),
  );
}

/** A chart has so many columns of pixels at most. */
const chartWidth = 2_000;

function curvesOf(session: ProjectSession, reference: string) {
  const run = runIn(reference);
  return run === null
    ? session.project.curves({ reference })
    : session.project.runCurves({ run, width: chartWidth });
}

/** One page of the table. @throws Failure `no-such-model` */
async function load(
  desk: Desk,
  session: ProjectSession,
  ask: MetricsContract['load']['ask'],
): Promise<MetricsView> {
  const models = await session.overview();
  const model = models.find(({ name }) => name === ask.model) ?? models[0];
  if (model === undefined) throw new Error('the project has no model');
  const now = desk.platform.clock.now().getTime();
  const wanted = runIn(ask.text);
  if (wanted !== null) return runsPage(session, model, models, wanted, ask, now);
  const { versions, total } = await session.project.log({
    model: model.name,
    limit: ask.limit,
    offset: ask.offset,
    ...listingRequest({ filter: ask.text, sort: ask.sort }),
  });
  const names = models.map(({ name }) => name);
  return metricsView(model, names, versions, total, now);
}

/** The filter `run:` shows runs in the place of versions, `run:<id>` those whose id begins so. */
async function runsPage(
  session: ProjectSession,
  model: ModelOverview,
  models: readonly ModelOverview[],
  wanted: string,
  { offset, limit }: MetricsContract['load']['ask'],
  now: number,
): Promise<MetricsView> {
  const { runs } = await session.project.runs({ limit: 1_000 });
  const fitting = runs.filter(({ id }) => id.startsWith(wanted));
  const names = models.map(({ name }) => name);
  return runsView(model, names, fitting.slice(offset, offset + limit), fitting.length, now);
}
