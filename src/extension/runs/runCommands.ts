import * as vscode from 'vscode';
import { numberTitle } from '../../core/labels';
import type { RunSummary } from '../../operations/project';
import { withActivity } from '../activity';
import { initializeFolder } from '../commands/initializeFolder';
import type { Desk } from '../desk';
import { openRuns } from '../panels/metricsPanel';
import type { ProjectSession } from '../project/session';
import { canStop, runTitle } from './runRows';
import { runsOf } from './runWatch';

interface Subject {
  readonly session: ProjectSession;
  readonly run: RunSummary;
}

/** The run of a row, else one that a person picks. */
async function subjectOf(
  desk: Desk,
  given: unknown,
  fits: (run: RunSummary) => boolean,
): Promise<Subject | null> {
  const session = await desk.projects.require();
  if (session === undefined) return null;
  const run = runIn(given) ?? (await pickRun(desk, session, fits));
  return run === undefined ? null : { session, run };
}

function runIn(given: unknown): RunSummary | null {
  const node = given as { kind?: unknown; run?: RunSummary } | null | undefined;
  return node?.kind === 'run' && node.run !== undefined ? node.run : null;
}

async function pickRun(
  desk: Desk,
  session: ProjectSession,
  fits: (run: RunSummary) => boolean,
): Promise<RunSummary | undefined> {
  const { runs } = await session.project.runs({ limit: 100 });
  return desk.prompts().pick(
    { id: 'runs.run', title: 'Which run?' },
    runs.filter(fits).map((run) => ({
      value: run,
      label: runTitle(run),
      description: `${run.state} · ${run.startedAt}`,
    })),
  );
}

function hasEnded({ state }: RunSummary): boolean {
  return state !== 'running';
}

function watchOf(desk: Desk, session: ProjectSession) {
  return runsOf(session, (thrown) => desk.reporter.noted('Runs', thrown));
}

/** Opens a run's curves in the Metrics panel, where they grow while it goes on. */
export async function openRun(desk: Desk, given: unknown): Promise<void> {
  const subject = await subjectOf(desk, given, () => true);
  if (subject === null) return;
  const { session, run } = subject;
  const model = run.model ?? (await session.overview())[0]?.name;
  if (model === undefined) return;
  openRuns(desk, session, model, [run]);
}

/** Makes a version of a run with the model files as they are now. */
export async function commitRun(desk: Desk, given: unknown): Promise<void> {
  const subject = await subjectOf(desk, given, hasEnded);
  if (subject === null) return;
  const { session, run } = subject;
  session.requireWritable('making a version');
  const message = await desk.prompts().input({
    id: 'runs.message',
    title: `A version of ${runTitle(run)}`,
    prompt: 'What changed, in a line',
    check: (text) => (text.trim() === '' ? 'Say what changed.' : null),
  });
  if (message === undefined) return;
  const { version } = await withActivity(`Making a version of ${runTitle(run)}`, (activity) =>
    session.project.commitRun({ run: run.id, message }, activity),
  );
  await session.refresh();
  vscode.window.setStatusBarMessage(`$(check) ${version.model} ${numberTitle(version)}`, 5_000);
}

/** Asks a run's process to end, as Ctrl+C does. */
export async function stopRun(desk: Desk, given: unknown): Promise<void> {
  const subject = await subjectOf(desk, given, canStop);
  if (subject === null) return;
  const { session, run } = subject;
  session.requireWritable('stopping a run');
  const chosen = await desk.prompts().confirm({
    id: 'runs.stop',
    message: `Stop ${runTitle(run)}?`,
    detail: 'Its process is asked to end, as by Ctrl+C. What it logged stays.',
    actions: ['Stop'],
  });
  if (chosen !== 'Stop') return;
  await session.project.stopRun({ run: run.id });
  await watchOf(desk, session).look();
}

/** Forgets a run; versions made of it stay. */
export async function deleteRun(desk: Desk, given: unknown): Promise<void> {
  const subject = await subjectOf(desk, given, hasEnded);
  if (subject === null) return;
  const { session, run } = subject;
  session.requireWritable('deleting a run');
  const chosen = await desk.prompts().confirm({
    id: 'runs.delete',
    message: `Delete ${runTitle(run)}?`,
    detail: 'Its curves and what it left in the inbox go for good. Versions made of it stay.',
    actions: ['Delete'],
  });
  if (chosen !== 'Delete') return;
  await session.project.deleteRun({ run: run.id });
  await watchOf(desk, session).look();
}

/** Runs a training in a terminal as `cairn run`, which records it. */
export async function startRun(desk: Desk): Promise<void> {
  const session = await desk.projects.require();
  if (session === undefined) return;
  session.requireWritable('running a training');
  const command = await desk.prompts().input({
    id: 'runs.command',
    title: 'Run a training',
    prompt: 'The command, as in a terminal',
    value: 'python train.py',
    check: (text) => (text.trim() === '' ? 'Say what to run.' : null),
  });
  if (command === undefined) return;
  const terminal = vscode.window.createTerminal({ name: 'Training', cwd: session.root });
  terminal.show(true);
  terminal.sendText(`cairn run -- ${command}`);
}

/** Importing is a way to begin, too. */
async function initialized(desk: Desk): Promise<ProjectSession | null> {
  await initializeFolder(desk);
  return desk.projects.active;
}

/** Brings in what other tools left, and tells what that was. */
export async function importHistory(desk: Desk): Promise<void> {
  const session = desk.projects.active ?? (await initialized(desk));
  if (session === null) return;
  session.requireWritable('importing');
  const { sources, runs } = await withActivity('Looking for what other tools left', (activity) =>
    session.project.importHistory({}, activity),
  );
  await watchOf(desk, session).look();
  const told = sources.map(({ tool, path, found, imported, known, leftOut }) => {
    const why = leftOut
      .map(({ what, why: reason }) => `\n    left out ${what}: ${reason}`)
      .join('');
    return `${tool} in ${path}: ${found} found, ${imported} imported, ${known} here already${why}`;
  });
  for (const line of told) desk.log.info(line);
  await desk.prompts().tell({
    id: 'runs.imported',
    kind: 'information',
    message:
      sources.length === 0
        ? 'Nothing was found that MLflow, DVC, TensorBoard, W&B, Lightning or Hugging Face left here.'
        : `${runs} runs were imported from ${[...new Set(sources.map(({ tool }) => tool))].join(', ')}.`,
    actions: [],
  });
}
