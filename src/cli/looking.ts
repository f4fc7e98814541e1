import { Option } from 'commander';
import { Failure } from '../core/failure';
import { parseReference } from '../core/reference';
import { referenceTo, type VersionRecord } from '../core/version';
import type { LogRequest, ModelStatus, OperationRow } from '../operations';
import type { Register } from './command';
import { versionAnswer } from './committing';
import { comparisonText } from './comparisonText';
import { withProject } from './opened';
import type { Answer } from './output';
import { warningsText } from './recordText';
import { bytesText, tableText, timeText, valueText } from './text';

/** The commands that only look: status, log, show, diff, operations. */
export function lookingCommands(register: Register): void {
  register(
    'status [model]',
    'the current version, and how the working files differ from it',
    [],
    (around, [model]) =>
      withProject(around, async (project) => {
        const result = await project.status(model === undefined ? {} : { model }, around.activity);
        const models = result.models.map(({ model: name, current, changes }) => ({
          model: name,
          current,
          changes,
        }));
        return { document: { models }, text: result.models.map(statusText).join('\n\n') };
      }),
  );
  register('log [model]', 'versions, newest first', logOptions(), (around, [model], options) =>
    withProject(around, async (project) => {
      const { versions, total } = await project.log(logRequest(model, options));
      return { document: { versions, total }, text: logText(versions, total) };
    }),
  );
  register('show <ref>', 'one version, whole', [], (around, [reference = '']) =>
    withProject(around, async (project) => versionAnswer(await project.show({ reference }))),
  );
  register(
    'diff <a> [b]',
    'a version against another, or against the working files',
    [],
    (around, [from = '', to]) =>
      withProject(around, async (project) => {
        for (const side of [from, to]) requireReferenceNotPath(side);
        const comparison = await project.compare(
          to === undefined ? { from } : { from, to },
          around.activity,
        );
        return { document: comparison, text: comparisonText(comparison) };
      }),
  );
  operationsCommand(register);
}

function operationsCommand(register: Register): void {
  const limit = new Option('--limit <n>', 'how many').argParser(count);
  register(
    'operations',
    'the log of everything that changed the project',
    [limit],
    (around, _, options) =>
      withProject(around, async (project) => {
        const { operations } = await project.operations(
          options.limit === undefined ? {} : { limit: Number(options.limit) },
        );
        return operationsAnswer(operations);
      }),
  ).alias('history');
}

function operationsAnswer(rows: readonly OperationRow[]): Answer {
  const operations = rows.map(({ undoable: _, ...operation }) => operation);
  const text = tableText(
    rows.map(({ id, kind, at, by, version, reason }) => [
      String(id),
      timeText(at),
      kind,
      version ?? '',
      by.name,
      reason,
    ]),
  );
  return { document: { operations }, text: text === '' ? 'Nothing was done yet.' : text };
}

function logOptions(): Option[] {
  return [
    new Option('--limit <n>', 'how many').argParser(count),
    new Option(
      '--sort <key>',
      'number, createdAt, a metric or a parameter; "-" before it turns the order round',
    ),
    new Option(
      '--where <expression>',
      'only those for which it holds: "val_accuracy > 0.9 and lr <= 0.001"',
    ),
    new Option('--backups', 'the backups that rollbacks kept'),
  ];
}

function logRequest(model: string | undefined, options: Record<string, unknown>): LogRequest {
  return {
    ...(model === undefined ? {} : { model }),
    ...(options.limit === undefined ? {} : { limit: Number(options.limit) }),
    ...(typeof options.sort === 'string' ? { sort: options.sort } : {}),
    ...(typeof options.where === 'string' ? { where: options.where } : {}),
    backups: options.backups === true,
  };
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Failure('usage', { what: `"${text}" is no count` });
  return Number(text);
}

function logText(versions: readonly VersionRecord[], total: number): string {
  if (versions.length === 0) return 'No versions.';
  const rows = versions.map((record) => [
    referenceTo(record),
    timeText(record.createdAt),
    metricText(record),
    record.label ?? '',
    record.description.split('\n', 1)[0] ?? '',
  ]);
  const more = total > versions.length ? `\n${total - versions.length} more; use --limit.` : '';
  return `${tableText(rows)}${more}`;
}

function metricText({ primary, metrics }: VersionRecord): string {
  const value = primary === undefined ? undefined : metrics[primary.metric];
  return primary === undefined || value === undefined
    ? ''
    : `${primary.metric} ${valueText(value)}`;
}

function statusText({ model, current, changes, uncommitted, warnings }: ModelStatus): string {
  const rows = [
    ...changes.artifacts.map(({ path, status }) => ['', 'model file', status, path]),
    ...changes.parameters.map(({ key, status, from, to }) => [
      '',
      'parameter',
      status,
      `${key} ${valueText(from)} → ${valueText(to)}`,
    ]),
    ...changes.data.map(({ path, status }) => ['', 'data', status, path]),
    ...changes.code.map(({ path, status }) => ['', 'code', status, path]),
  ];
  const head = current === null ? `${model}: no version yet` : `${model} is at ${current}`;
  const changed = rows.length === 0 ? 'No working changes.' : tableText(rows);
  const rest =
    uncommitted.files === 0
      ? ''
      : `\nOn disk: ${uncommitted.files} checkpoints, ${bytesText(uncommitted.bytes)}, in no version.`;
  return `${head}\n${changed}${rest}${warningsText(warnings)}`;
}

function requireReferenceNotPath(text: string | undefined): void {
  if (text !== undefined && parseReference(text) === null)
    throw new Failure('reference-invalid', { text });
}
