import * as vscode from 'vscode';
import { numberTitle, shortened, shortReference } from '../../core/labels';
import type { VersionRecord } from '../../core/version';
import {
  type CompareContract,
  type CompareEvents,
  type CompareState,
  type CompareView,
  compareReaders,
  readCompareState,
  type Side,
  type VersionChoice,
} from '../../wire/comparePanel';
import type { Desk } from '../desk';
import { openCodeDiff, openFileDiff } from '../files/codeDiffs';
import type { ProjectSession } from '../project/session';
import { fullReference } from '../tree/versionDetails';
import { versionDescription } from '../tree/versionFigures';
import { comparisonMarkdown } from './comparisonMarkdown';
import { comparisonView } from './comparisonView';
import { makePanel, PanelHost } from './panelHost';
import type { PanelKind } from './panelKinds';

/** Versions that the pickers offer. */
const mostOffered = 500;

/** The Compare panel: two or more versions, or a version and the working files. */
export const comparePanel: PanelKind<CompareState> = {
  name: 'compare',
  readState: readCompareState,
  open(desk, session, state) {
    const title = titleOf(state.sides);
    serve(desk, session, state, makePanel('compare', title));
  },
  restore(desk, session, state, panel) {
    serve(desk, session, state, panel);
  },
};

function titleOf(sides: readonly Side[]): string {
  const names = sides.map((side) => (side === null ? 'working files' : shortReference(side)));
  return `Compare ${names.join(' ↔ ')}`;
}

function serve(
  desk: Desk,
  session: ProjectSession,
  state: CompareState,
  panel: vscode.WebviewPanel,
): void {
  const host = new PanelHost<CompareContract, CompareEvents>(desk, panel, {
    name: 'compare',
    title: titleOf(state.sides),
    state,
    readers: compareReaders,
    answers: {
      load: ({ sides }) => {
        panel.title = titleOf(sides);
        return load(desk, session, sides);
      },
      openCode: async ({ from, to }) => {
        await openCodeDiff(session, from, to);
        return null;
      },
      openFile: async ({ from, to, path }) => {
        await openOneFile(session, from, to, path);
        return null;
      },
      copy: async ({ sides }) => {
        const markdown = comparisonMarkdown(await load(desk, session, sides));
        await vscode.env.clipboard.writeText(markdown);
        vscode.window.setStatusBarMessage('$(check) Comparison copied as Markdown', 4_000);
        return null;
      },
      rollBack: async ({ reference }) => {
        await vscode.commands.executeCommand('cairn.rollback', reference);
        return null;
      },
    },
  });
  host.own(
    session.onDidChange(() => host.tell('changed', {})),
    session.seenBy(() => panel.visible),
  );
}

/** Everything the panel shows. @throws Failure `no-such-version` */
async function load(
  desk: Desk,
  session: ProjectSession,
  sides: readonly Side[],
): Promise<CompareView> {
  const { project } = session;
  const [first, ...rest] = sides;
  if (first === null || first === undefined)
    throw new Error('the base of a comparison is a version');
  if (rest.includes(null)) session.requireTrust('comparing with the working files');
  const base = (await project.show({ reference: first })).version;
  const from = fullReference(base);
  const others = await Promise.all(
    rest.map(async (to) => ({
      record: to === null ? null : (await project.show({ reference: to })).version,
      comparison: await project.compare(to === null ? { from } : { from, to }),
    })),
  );
  const model = (await session.overview()).find(({ name }) => name === base.model);
  const primary = model?.primary ?? base.primary ?? null;
  const choices = await choicesOf(desk, session, base, model?.current ?? null);
  return comparisonView({ base, others }, primary, choices);
}

async function choicesOf(
  desk: Desk,
  session: ProjectSession,
  { model, primary }: VersionRecord,
  current: string | null,
): Promise<VersionChoice[]> {
  const { versions } = await session.project.log({ model, limit: mostOffered });
  const backups = await session.project.log({ model, limit: mostOffered, backups: true });
  const now = desk.platform.clock.now().getTime();
  return [...versions, ...backups.versions].map((record) => ({
    reference: fullReference(record),
    title: numberTitle(record),
    description: shortened(record.description, 80),
    detail: versionDescription(record, null, primary ?? null, now),
    current: fullReference(record) === current,
  }));
}

async function openOneFile(
  session: ProjectSession,
  from: string,
  to: Side,
  path: string,
): Promise<void> {
  const { code } = await session.project.compare(to === null ? { from } : { from, to });
  const change = code.files.find((file) => file.path === path);
  if (change !== undefined) await openFileDiff(session, from, to, change);
}
