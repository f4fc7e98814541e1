import * as vscode from 'vscode';
import {
  type MetricsContract,
  type MetricsEvents,
  type MetricsState,
  type MetricsView,
  metricsReaders,
  readMetricsState,
} from '../../wire/metricsPanel';
import type { Desk } from '../desk';
import { shortReference } from '../labels';
import type { ProjectSession } from '../project/session';
import { listingRequest } from '../tree/versionsTree';
import { metricsView } from './metricsView';
import { makePanel, PanelHost } from './panelHost';
import type { PanelKind } from './panelKinds';

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
            title: shortReference(reference),
            curves: await session.project.curves({ reference }),
          })),
        ),
      }),
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
  host.own(
    session.onDidChange((change) => {
      if (change === 'history') host.tell('changed', {});
    }),
    session.seenBy(() => panel.visible),
  );
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
  const { versions, total } = await session.project.log({
    model: model.name,
    limit: ask.limit,
    offset: ask.offset,
    ...listingRequest({ filter: ask.text, sort: ask.sort }),
  });
  const names = models.map(({ name }) => name);
  return metricsView(model, names, versions, total, desk.platform.clock.now().getTime());
}
