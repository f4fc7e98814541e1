import type { FileChange } from '../../core/comparison';
import { bytesText, figure } from '../../core/figures';
import { changeText, counted, numberTitle, parameterText } from '../../core/labels';
import { compareParameters } from '../../core/parameters';
import type { ArtifactRecord, DatasetRecord, VersionRecord } from '../../core/version';
import type { ModelStatus } from '../../operations/project';
import type { Row } from './rows';
import { isStale, metricChange } from './versionFigures';
import type { VersionNode } from './versionNodes';

const shownDigest = 12;

function rowId(of: VersionRecord, section: string, key: string): string {
  return `${of.model}/${numberTitle(of)}/${section}/${key}`;
}

/** A version's metrics, the primary one first. */
export function metricRows({ record, parent, model }: VersionNode): Row[] {
  const keys = Object.keys(record.metrics).sort();
  const primary = model.primary?.metric;
  keys.sort((a, b) => Number(b === primary) - Number(a === primary));
  return keys.flatMap((key) => {
    const value = record.metrics[key];
    if (value === undefined) return [];
    const change = changeText(metricChange(key, record, parent, model.primary));
    const stale = isStale(key, record);
    const origin = record.metricOrigins?.[key];
    const parts = [figure(value), change, stale ? '(stale)' : ''];
    return [
      {
        id: rowId(record, 'metrics', key),
        label: key,
        description: parts.filter((part) => part !== '').join(' '),
        tooltip: [
          `${key} = ${value}`,
          origin === undefined ? '' : originText(origin),
          stale
            ? 'The metrics file did not change while the weights did, so this value is not ranked.'
            : '',
        ]
          .filter((line) => line !== '')
          .join('\n'),
        icon: { id: key === primary ? 'star-empty' : 'symbol-number' },
        context: 'metric',
        folding: 'leaf' as const,
      },
    ];
  });
}

function originText(origin: NonNullable<VersionRecord['metricOrigins']>[string]): string {
  const step = origin.step === undefined ? '' : `, step ${origin.step}`;
  const last =
    origin.at === 'last' ? ', the last value (the step of the weights is not known)' : '';
  return `from ${origin.path}${step}${last}`;
}

/** A version's parameters: those that changed against its parent first. */
export function parameterRows({ record, parent }: VersionNode): Row[] {
  const changes = parent === null ? [] : compareParameters(parent.parameters, record.parameters);
  const changed = new Set(changes.map(({ key }) => key));
  const same = Object.keys(record.parameters)
    .filter((key) => !changed.has(key))
    .sort();
  const base = (key: string) => ({
    id: rowId(record, 'parameters', key),
    label: key,
    context: 'parameter',
    folding: 'leaf' as const,
    tooltip: parameterTooltip(record, key),
  });
  return [
    ...changes.map(({ key, from, to, status }) => ({
      ...base(key),
      description:
        status === 'added'
          ? `${parameterText(to)} (added)`
          : `${parameterText(from)} → ${status === 'deleted' ? '(gone)' : parameterText(to)}`,
      icon: {
        id: `diff-${status === 'added' ? 'added' : status === 'deleted' ? 'removed' : 'modified'}`,
      },
    })),
    ...same.map((key) => ({
      ...base(key),
      description: parameterText(record.parameters[key]),
      icon: { id: 'symbol-parameter' },
    })),
  ];
}

function parameterTooltip(record: VersionRecord, key: string): string {
  const value = record.parameters[key];
  const origin = record.parameterOrigins?.[key];
  const from = origin === undefined ? '' : `\nfrom ${origin}`;
  return `${key} = ${value === undefined ? '(not there)' : JSON.stringify(value)}${from}`;
}

export function fileRows({ record, parent }: VersionNode): Row[] {
  return record.files.map((file) => {
    const before = parent?.files.find(({ path }) => path === file.path);
    return {
      id: rowId(record, 'files', file.path),
      label: file.path,
      description: [bytesText(file.size), file.format, fileNews(file, before, parent)]
        .filter((part) => part !== '')
        .join(' · '),
      tooltip: `${file.path}\n${file.size} bytes\nSHA-256 ${file.sha256}${file.pointer ? '\nnot downloaded' : ''}`,
      icon: { id: file.role === 'weights' ? 'file-binary' : 'file' },
      context: 'modelFile',
      folding: 'leaf' as const,
    };
  });
}

function fileNews(
  file: ArtifactRecord,
  before: ArtifactRecord | undefined,
  parent: VersionRecord | null,
): string {
  if (parent === null) return '';
  if (before === undefined) return 'added';
  return before.sha256 === file.sha256 ? 'unchanged' : 'changed';
}

export function dataRows({ record, parent }: VersionNode): Row[] {
  return record.datasets.map((data) => {
    const before = parent?.datasets.find(({ path }) => path === data.path);
    return {
      id: rowId(record, 'data', data.path),
      label: data.name,
      description: [
        data.files > 1 ? counted(data.files, 'file') : '',
        bytesText(data.size),
        dataNews(data, before),
        data.preprocessing ?? '',
      ]
        .filter((part) => part !== '')
        .join(' · '),
      tooltip: [
        data.path,
        data.source === undefined ? '' : `source: ${data.source}`,
        `${data.digest.kind} ${data.digest.value.slice(0, shownDigest)}`,
      ]
        .filter((part) => part !== '')
        .join('\n'),
      icon: { id: 'database' },
      context: 'dataset',
      folding: 'leaf' as const,
    };
  });
}

function dataNews(data: DatasetRecord, before: DatasetRecord | undefined): string {
  if (before === undefined) return '';
  return before.digest.value === data.digest.value ? 'unchanged' : 'changed';
}

export function environmentRows({ record, parent }: VersionNode): Row[] {
  const now = flatEnvironment(record);
  const before = parent === null ? now : flatEnvironment(parent);
  const changes = new Map(compareParameters(before, now).map((change) => [change.key, change]));
  const same = Object.keys(now).filter((key) => !changes.has(key));
  const base = (key: string) => ({
    id: rowId(record, 'environment', key),
    label: key,
    context: 'environment',
    folding: 'leaf' as const,
  });
  return [
    ...[...changes.values()].map(({ key, from, to }) => ({
      ...base(key),
      description: `${from ?? '(none)'} → ${to ?? '(none)'}`,
      icon: { id: 'diff-modified' },
    })),
    ...same.map((key) => ({
      ...base(key),
      description: now[key] ?? '',
      icon: { id: 'circle-small' },
    })),
  ];
}

function flatEnvironment({ environment }: VersionRecord): Record<string, string> {
  const { python, platform, packages } = environment;
  return {
    ...(python === undefined ? {} : { Python: python }),
    platform,
    ...packages,
  };
}

/** Files of code that a version changed; each opens its diff against the parent. */
export function codeRows({ record }: VersionNode, changes: readonly FileChange[]): Row[] {
  return changes.map((change) => ({
    id: rowId(record, 'code', change.path),
    label: change.path,
    description: change.from === undefined ? change.status : `renamed from ${change.from}`,
    icon: { id: codeIcons[change.status] },
    context: 'codeFile',
    folding: 'leaf' as const,
    opens: {
      command: 'cairn.openCodeFile',
      title: 'Open Diff',
      arguments: [{ from: record.parent, to: fullReference(record), change }],
    },
  }));
}

/** A record's reference with its revision, which never changes its meaning. */
export function fullReference(record: VersionRecord): string {
  const revision = record.kind === 'version' ? `.${record.revision}` : '';
  return `${record.model}@${numberTitle(record)}${revision}`;
}

const codeIcons: Readonly<Record<FileChange['status'], string>> = {
  added: 'diff-added',
  deleted: 'diff-removed',
  modified: 'diff-modified',
  renamed: 'diff-renamed',
};

/** What the working files have changed: model files, parameters, data, metrics, code. */
export function workingRows(status: ModelStatus): Row[] {
  const { artifacts, parameters, data, metrics, code } = status.changes;
  return [
    ...artifacts.map(({ path, status: how, to }) => {
      const description = to === null ? how : `${how} · ${bytesText(to.size)}`;
      return workingRow(status, 'modelFile', 'file-binary', path, description);
    }),
    ...parameters.map(({ key, from, to }) => {
      const description = `${parameterText(from)} → ${parameterText(to)}`;
      return workingRow(status, 'parameter', 'symbol-parameter', key, description);
    }),
    ...data.map(({ path, status: how }) => workingRow(status, 'data', 'database', path, how)),
    ...metrics.map(({ path, status: how }) => workingRow(status, 'metrics', 'graph', path, how)),
    ...code.map((change) => ({
      ...workingRow(status, 'code', codeIcons[change.status], change.path, change.status),
      opens: {
        command: 'cairn.openCodeFile',
        title: 'Open Diff',
        arguments: [{ from: status.current, to: null, change }],
      },
    })),
  ];
}

function workingRow(
  { model }: ModelStatus,
  group: string,
  icon: string,
  label: string,
  description: string,
): Row {
  return {
    id: `${model}/working/${group}/${label}`,
    label,
    description,
    context: `working.${group}`,
    folding: 'leaf',
    icon: { id: icon },
  };
}
