import { constants } from 'node:os';
import { Option } from 'commander';
import { Failure } from '../core/failure';
import { referenceTo } from '../core/version';
import { type RunDetails, type RunSummary, runTraining, type TrainingResult } from '../operations';
import type { ExitCode } from './advice';
import type { Register, Surroundings } from './command';
import { withProject } from './opened';
import type { Answer } from './output';
import { section } from './recordText';
import { countText, firstLine, tableText, timeText, valueText } from './text';

/** `runs` and `run`. */
export function runningCommands(register: Register): void {
  const limit = new Option('--limit <n>', 'how many').argParser(Number);
  const show = new Option('--show <id>', 'one run, whole');
  const remove = new Option('--delete <id>', 'forget a run; versions made of it stay');
  register(
    'runs [model]',
    'trainings, running and past, newest first',
    [limit, show, remove],
    (around, [model], options) => runs(around, model, options),
  );
  register(
    'run [command...]',
    'run a training and record it: cairn run -- python train.py --lr 0.1',
    [
      new Option('--model <name>', 'which model it trains'),
      new Option('--name <text>', 'what the run is called'),
      new Option('-m, --message <text>', 'when it ends well, make a version with this description'),
    ],
    (around, words, options) => run(around, words, options),
  );
}

function runs(
  around: Surroundings,
  model: string | undefined,
  options: Record<string, unknown>,
): Promise<Answer> {
  return withProject(around, async (project) => {
    if (typeof options.delete === 'string') {
      const deleted = await project.deleteRun({ run: options.delete });
      return { document: { deleted }, text: `Forgot run ${deleted.run}.` };
    }
    if (typeof options.show === 'string') {
      const details = await project.run({ run: options.show });
      return { document: details, text: runText(details) };
    }
    const { limit } = options;
    if (limit !== undefined && !(Number.isInteger(limit) && (limit as number) > 0)) {
      throw new Failure('usage', { what: '--limit takes a whole number above 0' });
    }
    const page = await project.runs({
      ...(model === undefined ? {} : { model }),
      limit: typeof limit === 'number' ? limit : 50,
    });
    return { document: page, text: runsText(page.runs, page.total) };
  });
}

function runsText(listed: readonly RunSummary[], total: number): string {
  if (listed.length === 0) return 'No runs.';
  const rows = listed.map((run) => [
    run.id,
    timeText(run.startedAt),
    run.state,
    run.model ?? '',
    run.step === null ? '' : `step ${valueText(run.step)}`,
    metricsText(run),
    run.versions.join(', '),
    firstLine(run.title ?? run.error ?? ''),
  ]);
  const more = total > listed.length ? `\n${total - listed.length} more; use --limit.` : '';
  return `${tableText(rows)}${more}`;
}

const metricsShown = 3;

function metricsText({ metrics }: RunSummary): string {
  const entries = Object.entries(metrics);
  const shown = entries
    .slice(0, metricsShown)
    .map(([name, value]) => `${name} ${valueText(value)}`);
  return entries.length > metricsShown ? `${shown.join('  ')}  …` : shown.join('  ');
}

function runText({ run, record, series }: RunDetails): string {
  const ended = run.endedAt === null ? '' : `, ended ${timeText(run.endedAt)}`;
  const parameters = Object.entries(run.parameters).map(([key, value]) => [key, valueText(value)]);
  const tags = Object.entries(run.tags).map(([key, value]) => [key, valueText(value)]);
  const metrics = series.map(({ name, axis, step, points, value }) => [
    name,
    valueText(value),
    `at ${axis} ${valueText(step)}`,
    countText(points, 'point'),
  ]);
  const requests = record.requests.map(({ number, state, version, why, message }) => [
    String(number),
    version ?? (why === null ? state : `${state}: ${why}`),
    firstLine(message),
  ]);
  const parts = [
    `${run.id}  ${run.state}  started ${timeText(run.startedAt)}${ended}`,
    run.error ?? '',
    record.command.length === 0 ? '' : `Command: ${record.command.join(' ')}`,
    run.origin === null ? '' : `From: ${run.source}, ${run.origin}`,
    run.commit === null ? '' : `Commit: ${commitText(run.commit)}`,
    section('Parameters', parameters),
    section('Metrics', metrics),
    section('Tags', tags),
    section('Versions asked for', requests),
    run.versions.length === 0 ? '' : `Versions: ${run.versions.join(', ')}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

async function run(
  { platform, directory, open, activity, json }: Surroundings,
  words: readonly (string | undefined)[],
  options: Record<string, unknown>,
): Promise<Answer> {
  const command = words.filter((word) => word !== undefined);
  if (command.length === 0) {
    throw new Failure('usage', { what: 'run needs a command: cairn run -- python train.py' });
  }
  const { model, name, message } = options;
  const result = await runTraining(
    platform,
    directory,
    open,
    {
      command,
      ...(typeof model === 'string' ? { model } : {}),
      ...(typeof name === 'string' ? { title: name } : {}),
      ...(typeof message === 'string' ? { message } : {}),
      // Where one document is printed, the command's own output goes beside it.
      told: (stream, bytes) => {
        process[json ? 'stderr' : stream].write(bytes);
      },
    },
    activity.signal === undefined ? {} : { signal: activity.signal },
  );
  return trainedAnswer(result);
}

function trainedAnswer(result: TrainingResult): Answer {
  const { run: id, changed, version, exitCode, signal } = result;
  const files = changed.length === 0 ? '' : ` It wrote ${changed.join(', ')}.`;
  const made = version === null ? '' : ` Made ${referenceTo(version)}.`;
  const next =
    version === null && changed.length > 0 && exitCode === 0
      ? `\nMake a version of it: cairn commit --run ${id} -m TEXT`
      : '';
  const how = exitCode === 0 ? 'finished' : `ended with ${signal ?? `exit code ${exitCode}`}`;
  return {
    document: result,
    text: `Run ${id} ${how}.${files}${made}${next}`,
    // A command's exit codes are its own: whatever it says is passed on.
    exit: (exitCode ?? signalExit(signal)) as ExitCode,
  };
}

/** A commit that only the run's time tells is marked so. */
function commitText({ oid, guessed }: NonNullable<RunDetails['run']['commit']>): string {
  return guessed ? `${oid} (guessed by its time)` : oid;
}

/** As a shell has it. */
function signalExit(signal: string | null): number {
  const number = signal === null ? undefined : constants.signals[signal as NodeJS.Signals];
  return number === undefined ? 1 : 128 + number;
}
