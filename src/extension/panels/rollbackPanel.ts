import type * as vscode from 'vscode';
import { Cancelled, isFailure } from '../../core/failure';
import { shortReference } from '../../core/labels';
import { type RollbackPart, type RollbackPlan, rollbackParts } from '../../core/plan';
import type { Progress } from '../../core/progress';
import type { Warning } from '../../core/version';
import {
  type RollbackContract,
  type RollbackEvents,
  type RollbackState,
  type RollbackView,
  readRollbackState,
  rollbackReaders,
} from '../../wire/rollbackPanel';
import { adviceFor } from '../advice';
import { type RollBackAsked, rollBack } from '../commands/rollBack';
import type { Desk } from '../desk';
import { openRollbackDiff } from '../files/codeDiffs';
import { progressFraction, progressText } from '../progressText';
import type { ProjectSession } from '../project/session';
import { versionDescription } from '../tree/versionFigures';
import { makePanel, PanelHost } from './panelHost';
import type { PanelKind } from './panelKinds';
import { rollbackView } from './rollbackView';

/** The Roll Back panel: what a rollback would do, what of it is wanted, and the button that does it. */
export const rollbackPanel: PanelKind<RollbackState> = {
  name: 'rollback',
  readState: readRollbackState,
  open(desk, session, state) {
    serve(desk, session, state, makePanel('rollback', titleOf(state)));
  },
  restore(desk, session, state, panel) {
    serve(desk, session, state, panel);
  },
};

function titleOf({ reference }: RollbackState): string {
  return `Roll Back to ${shortReference(reference)}`;
}

function serve(
  desk: Desk,
  session: ProjectSession,
  state: RollbackState,
  panel: vscode.WebviewPanel,
): void {
  const { reference } = state;
  let under: AbortController | null = null;
  const host = new PanelHost<RollbackContract, RollbackEvents>(desk, panel, {
    name: 'rollback',
    title: titleOf(state),
    state,
    readers: rollbackReaders,
    answers: {
      load: ({ only }) => load(desk, session, reference, only),
      openCode: async () => {
        const { plan } = await session.project.rollback({ reference, dryRun: true });
        await openRollbackDiff(session, reference, plan);
        return null;
      },
      apply: async ({ only, reason }) => {
        if (under !== null) return { applied: false };
        under = new AbortController();
        try {
          const applied = await apply(desk, session, host, { reference, only, reason }, under);
          if (applied) closeSoon(host);
          return { applied };
        } finally {
          under = null;
        }
      },
      cancel: () => {
        if (under === null) closeSoon(host);
        else under.abort();
        return Promise.resolve(null);
      },
    },
  });
  const changed = session.onDidChange(() => {
    if (under === null) host.tell('changed', {});
  });
  host.own(
    changed,
    session.seenBy(() => panel.visible),
  );
}

type Host = PanelHost<RollbackContract, RollbackEvents>;

/** The answer goes out first; the panel has done its work then. */
function closeSoon(host: Host): void {
  setTimeout(() => host.dispose(), 0);
}

/** Does it, and tells the panel how far it is. @returns whether it was done, or called off */
async function apply(
  desk: Desk,
  session: ProjectSession,
  host: Host,
  asked: RollBackAsked,
  { signal }: AbortController,
): Promise<boolean> {
  const watch = (progress: Progress) =>
    host.tell('progress', { text: progressText(progress), fraction: progressFraction(progress) });
  try {
    return await rollBack(desk, session, asked, { watch, signal });
  } catch (thrown) {
    if (thrown instanceof Cancelled) return false;
    throw thrown;
  }
}

/** Everything the panel shows for the chosen parts. @throws Failure `no-such-version` */
async function load(
  desk: Desk,
  session: ProjectSession,
  reference: string,
  only: readonly RollbackPart[],
): Promise<RollbackView> {
  const record = (await session.project.show({ reference })).version;
  const model = (await session.overview()).find(({ name }) => name === record.model);
  const primary = model?.primary ?? record.primary ?? null;
  const figures = versionDescription(record, null, primary, desk.platform.clock.now().getTime());
  const all = await planOf(session, reference, rollbackParts);
  const chosen =
    only.length === rollbackParts.length ? all : await planOf(session, reference, only);
  return rollbackView({
    record,
    detail: `by ${record.creator.name} · ${figures}`,
    current: model?.current ?? null,
    all: all.plan,
    chosen: chosen.plan,
    only,
    warnings: chosen.warnings,
    refused: chosen.refused,
  });
}

interface Planned {
  readonly plan: RollbackPlan;
  readonly warnings: readonly Warning[];
  readonly refused: string | null;
}

const nothing: RollbackPlan = { code: [], artifacts: [], parameters: [], data: [] };

/** The plan, or why there can be none now: the panel says so and stays. */
async function planOf(
  session: ProjectSession,
  reference: string,
  only: readonly RollbackPart[],
): Promise<Planned> {
  if (only.length === 0) return { plan: nothing, warnings: [], refused: null };
  try {
    session.requireWritable('rolling back');
    const { plan, warnings } = await session.project.rollback({ reference, only, dryRun: true });
    return { plan, warnings, refused: null };
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.code === 'no-such-version') throw thrown;
    return { plan: nothing, warnings: [], refused: adviceFor(thrown).message };
  }
}
