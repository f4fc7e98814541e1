import * as vscode from 'vscode';
import type { FileWeights } from '../../core/comparison';
import type { Side, SideWeights } from '../../core/comparisonReport';
import { thinnedCurve } from '../../core/curveSampling';
import { numberTitle, shortened, shortReference } from '../../core/labels';
import type { Progress } from '../../core/progress';
import type { CurveSet } from '../../core/version';
import {
  type CompareContract,
  type CompareEvents,
  type CompareState,
  type CompareView,
  compareReaders,
  mostTensors,
  readCompareState,
  type VersionChoice,
} from '../../wire/comparePanel';
import type { Desk } from '../desk';
import { openCodeDiff, openFileDiff } from '../files/codeDiffs';
import { progressFraction, progressText } from '../progressText';
import type { ProjectSession } from '../project/session';
import { fullReference } from '../tree/versionDetails';
import { versionDescription } from '../tree/versionFigures';
import { baselineOf, isBaseline, pinBaseline } from './baseline';
import { type Answers, makePanel, PanelHost } from './panelHost';
import type { PanelKind } from './panelKinds';

/** Versions that the pickers offer. */
const mostOffered = 500;
/** A chart has so many columns of pixels at most. */
const chartWidth = 2_000;

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

type Host = PanelHost<CompareContract, CompareEvents>;

function serve(
  desk: Desk,
  session: ProjectSession,
  state: CompareState,
  panel: vscode.WebviewPanel,
): void {
  const weighing = new Weighing(session, (progress) => host.tell('progress', progress));
  const host: Host = new PanelHost<CompareContract, CompareEvents>(desk, panel, {
    name: 'compare',
    title: titleOf(state.sides),
    state,
    readers: compareReaders,
    answers: {
      ...readingAnswers(desk, session, panel),
      ...openingAnswers(session),
      weights: ({ sides, side }) => weighing.compare(sides, side),
      cancelWeights: async () => {
        weighing.cancel();
        return null;
      },
    },
  });
  host.own(
    { dispose: () => weighing.cancel() },
    session.onDidChange(() => host.tell('changed', {})),
    session.seenBy(() => panel.visible),
  );
}

function readingAnswers(desk: Desk, session: ProjectSession, panel: vscode.WebviewPanel) {
  const { project } = session;
  return {
    load: ({ sides }) => {
      panel.title = titleOf(sides);
      return load(desk, session, sides);
    },
    evidence: ({ sides }) => {
      requireTrusted(session, sides);
      return project.evidence({ sides });
    },
    curves: async ({ sides }) => ({
      curves: await Promise.all(sides.map((reference) => curvesOf(session, reference))),
    }),
    spread: (ask) => {
      requireTrusted(session, [ask.side]);
      return project.tensorSpread(ask);
    },
    pin: async ({ reference, pinned }) => {
      await pinBaseline(desk, session, reference, pinned);
      return null;
    },
    copy: async ({ sides }) => {
      requireTrusted(session, sides);
      await vscode.env.clipboard.writeText(await project.reportMarkdown({ sides }));
      vscode.window.setStatusBarMessage('$(check) Comparison copied as Markdown', 4_000);
      return null;
    },
  } satisfies Partial<Answers<CompareContract>>;
}

function openingAnswers(session: ProjectSession) {
  return {
    openCode: async ({ from, to }) => {
      await openCodeDiff(session, from, to);
      return null;
    },
    openFile: async ({ from, to, path }) => {
      await openOneFile(session, from, to, path);
      return null;
    },
    openExample: async (ask) => {
      requireTrusted(session, [ask.side]);
      const found = await session.project.exampleRow(ask);
      if (found !== null) await openLine(session, found.path, found.line);
      return null;
    },
    rollBack: async ({ reference }) => {
      await vscode.commands.executeCommand('cairn.rollback', reference);
      return null;
    },
  } satisfies Partial<Answers<CompareContract>>;
}

function requireTrusted(session: ProjectSession, sides: readonly Side[]): void {
  if (sides.includes(null)) session.requireTrust('comparing with the working files');
}

/** Everything the panel shows at once. @throws Failure `no-such-version` */
async function load(
  desk: Desk,
  session: ProjectSession,
  sides: readonly Side[],
): Promise<CompareView> {
  requireTrusted(session, sides);
  const { report, weights } = await session.project.report({ sides });
  const model = (await session.overview()).find(({ name }) => name === report.model);
  const choices = await choicesOf(desk, session, report.model, model?.current ?? null);
  return { ...report, choices, weights: weights.map(shortWeights) };
}

async function choicesOf(
  desk: Desk,
  session: ProjectSession,
  model: string,
  current: string | null,
): Promise<VersionChoice[]> {
  const { versions } = await session.project.log({ model, limit: mostOffered });
  const backups = await session.project.log({ model, limit: mostOffered, backups: true });
  const primary = (await session.overview()).find(({ name }) => name === model)?.primary ?? null;
  const baseline = baselineOf(desk, session, model);
  const now = desk.platform.clock.now().getTime();
  return [...versions, ...backups.versions].map((record) => ({
    reference: fullReference(record),
    title: numberTitle(record),
    description: shortened(record.description, 80),
    detail: versionDescription(record, null, primary, now),
    current: fullReference(record) === current,
    baseline: isBaseline(baseline, fullReference(record)),
  }));
}

/** Comparisons of weights that one panel asked for, and the way to call them off. */
class Weighing {
  private under = new AbortController();

  constructor(
    private readonly session: ProjectSession,
    private readonly tell: (progress: CompareEvents['progress']) => void,
  ) {}

  async compare(sides: readonly Side[], side: number): Promise<SideWeights> {
    const [base] = sides;
    const other = sides[side];
    if (base === null || base === undefined || other === undefined || side === 0)
      throw new Error('weights are compared with those of a base');
    requireTrusted(this.session, [other]);
    const progress = (made: Progress) =>
      this.tell({ side, text: progressText(made), fraction: progressFraction(made) });
    const { weights } = await this.session.project.report(
      { sides: [base, other], values: true },
      { signal: this.under.signal, progress },
    );
    return shortWeights({ side, files: weights[0]?.files ?? [] });
  }

  cancel(): void {
    this.under.abort();
    this.under = new AbortController();
  }
}

/** What differs comes first, so what is cut off is what a person asks for last. */
function shortWeights({ side, files }: SideWeights): SideWeights {
  const short = (file: FileWeights) => ({
    ...file,
    tensors: file.tensors.slice(0, mostTensors),
    groups: file.groups.slice(0, mostTensors),
  });
  return { side, files: files.map(short) };
}

async function curvesOf(session: ProjectSession, reference: Side): Promise<CurveSet> {
  if (reference === null) return [];
  const curves = await session.project.curves({ reference });
  return curves.map((curve) => thinnedCurve(curve, chartWidth));
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

/** Shows a line (from 1) of a file as it lies in the folder now. */
async function openLine(session: ProjectSession, path: string, line: number): Promise<void> {
  const document = await vscode.workspace.openTextDocument(session.fileUri(path));
  const at = Math.min(line, document.lineCount) - 1;
  const selection = document.lineAt(at).range;
  await vscode.window.showTextDocument(document, { selection });
}
