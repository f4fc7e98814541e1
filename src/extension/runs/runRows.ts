import { figure } from '../../core/figures';
import { ago, counted, parameterText, shortened, shortReference } from '../../core/labels';
import type { RunState } from '../../core/run';
import type { PrimaryMetric } from '../../core/version';
import type { RunSummary } from '../../operations/project';
import type { Row } from '../tree/rows';

const icons: Readonly<Record<RunState, string>> = {
  running: 'sync~spin',
  finished: 'pass',
  failed: 'error',
  stopped: 'debug-stop',
  vanished: 'question',
};

const second = 1_000;

/** `4 s`, `12 min`, `3 h 20 min`. */
function lasting(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / second));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What a run is called: its title, else its model, else its number of a kind. */
export function runTitle({ title, model, id }: RunSummary): string {
  return shortened(title ?? model ?? id, 60);
}

/** The metrics that a line has room for: the primary one first, then a loss, then any. */
export function tellingMetrics(
  { metrics }: Pick<RunSummary, 'metrics'>,
  primary: PrimaryMetric | null,
  most: number,
): string[] {
  const names = Object.keys(metrics);
  const wanted = [primary?.metric, 'val_loss', 'loss', 'train_loss', ...names];
  const there = [...new Set(wanted)].filter((name) => name !== undefined && names.includes(name));
  return there.slice(0, most).map((name) => `${name} ${figure(metrics[name as string] ?? 'NaN')}`);
}

/** One run: what it is, where it stands, its state in a word. */
export function runRow(run: RunSummary, primary: PrimaryMetric | null, now: number): Row {
  const { id, state, startedAt, endedAt, step, error, versions } = run;
  const began = Date.parse(startedAt);
  const took = lasting((endedAt === null ? now : Date.parse(endedAt)) - began);
  const parts = [
    step === null ? '' : `step ${figure(step)}`,
    ...tellingMetrics(run, primary, 2),
    state === 'running' ? took : `${state} · ${took} · ${ago(began, now)}`,
    versions.length === 0 ? '' : versions.map(shortReference).join(', '),
  ];
  const description = parts.filter((part) => part !== '').join(' · ');
  const label = runTitle(run);
  return {
    id: `run/${id}`,
    label,
    description,
    tooltip: [id, `${state}, began ${startedAt}`, error ?? '', parametersText(run)]
      .filter((line) => line !== '')
      .join('\n'),
    icon: { id: icons[state] },
    context: contextOf(run),
    folding: 'folded',
    spoken: `${label}, ${state}, ${description}`,
  };
}

/** What may be done with it. */
function contextOf(run: RunSummary): string {
  if (run.state !== 'running') return 'run.done';
  return canStop(run) ? 'run.running' : 'run.followed';
}

/** Whether it goes on and has a process that is known: one known from a log alone has none. */
export function canStop({ state, source }: RunSummary): boolean {
  return state === 'running' && (source === 'cairn' || source === 'command');
}

function parametersText({ parameters }: RunSummary): string {
  const entries = Object.entries(parameters);
  const shown = entries.slice(0, 8).map(([key, value]) => `${key} ${parameterText(value, 30)}`);
  const more = entries.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${counted(more, 'other')}` : ''}`;
}

/** `1a2b3c4d`; whether its time alone tells so. */
function commitText({ oid, guessed }: NonNullable<RunSummary['commit']>): string {
  return `${oid.slice(0, 8)}${guessed ? ', guessed by its time' : ''}`;
}

/** What stands below a run: its metrics, its parameters, why it failed. */
export function runDetailRows(run: RunSummary): Row[] {
  const row = (kind: string, key: string, value: string, icon: string): Row => ({
    id: `run/${run.id}/${kind}/${key}`,
    label: key,
    description: value,
    icon: { id: icon },
    context: `run.${kind}`,
    folding: 'leaf',
  });
  return [
    ...(run.error === null ? [] : [row('error', 'Error', shortened(run.error, 200), 'error')]),
    ...Object.entries(run.metrics).map(([key, value]) =>
      row('metric', key, figure(value), 'graph-line'),
    ),
    ...Object.entries(run.parameters).map(([key, value]) =>
      row('parameter', key, parameterText(value), 'symbol-parameter'),
    ),
    ...Object.entries(run.tags).map(([key, value]) =>
      row('tag', key, shortened(parameterText(value), 200), 'tag'),
    ),
    ...(run.commit === null ? [] : [row('commit', 'Commit', commitText(run.commit), 'git-commit')]),
    ...(run.origin === null ? [] : [row('origin', 'From', run.origin, 'folder')]),
  ];
}
