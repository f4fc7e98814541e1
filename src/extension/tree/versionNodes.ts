import { bytesText } from '../../core/figures';
import { counted, modelOf, numberTitle, versionLabel } from '../../core/labels';
import type { VersionRecord } from '../../core/version';
import type { ModelOverview, ModelStatus } from '../../operations/project';
import { type ModelNotice, noticeText } from '../status/modelNotice';
import type { Icon, Row } from './rows';
import { versionDescription } from './versionFigures';

export type Section = 'Metrics' | 'Parameters' | 'Model Files' | 'Data' | 'Code' | 'Environment';
export const sections: readonly Section[] = [
  'Metrics',
  'Parameters',
  'Model Files',
  'Data',
  'Code',
  'Environment',
];

/** Longer descriptions would push the metric out of a side bar of usual width. */
const mostDescribed = 24;

/** A version with what a row of it needs. `parent` is the record it came from, where it is here. */
export interface VersionNode {
  readonly kind: 'version';
  readonly record: VersionRecord;
  readonly parent: VersionRecord | null;
  readonly model: ModelOverview;
}

export type VersionsNode =
  | { readonly kind: 'model'; readonly model: ModelOverview; readonly only: boolean }
  | {
      readonly kind: 'working';
      readonly model: ModelOverview;
      readonly status: ModelStatus;
      readonly notice: ModelNotice | null;
    }
  | VersionNode
  | { readonly kind: 'section'; readonly of: VersionNode; readonly section: Section }
  | { readonly kind: 'detail'; readonly row: Row }
  | { readonly kind: 'backups'; readonly model: ModelOverview }
  | {
      readonly kind: 'more';
      readonly model: ModelOverview;
      readonly backups: boolean;
      readonly shown: number;
      readonly total: number;
    };

/** Whether the working files differ from the current version in any way. */
export function hasChanges({ changes }: ModelStatus): boolean {
  return countChanges(changes) > 0;
}

function countChanges(changes: ModelStatus['changes']): number {
  return Object.values(changes).reduce((total, { length }) => total + length, 0);
}

/** The row of any node; `now` in milliseconds since the epoch. */
export function rowOf(node: VersionsNode, now: number): Row {
  switch (node.kind) {
    case 'model':
      return modelRow(node.model, node.only);
    case 'working':
      return workingRow(node.model, node.status, node.notice);
    case 'version':
      return versionRow(node, now);
    case 'section':
      return sectionRow(node.of, node.section);
    case 'detail':
      return node.row;
    case 'backups':
      return {
        id: `${node.model.name}/backups`,
        label: 'Backups',
        description: String(node.model.backups),
        tooltip: 'What rollbacks kept before they changed anything.',
        icon: { id: 'archive' },
        context: 'backups',
        folding: 'folded',
      };
    case 'more':
      return {
        id: `${node.model.name}/more/${node.backups ? 'backups' : 'versions'}`,
        label: 'Show more',
        description: `${node.shown} of ${node.total}`,
        icon: { id: 'ellipsis' },
        context: 'more',
        folding: 'leaf',
        opens: {
          command: 'cairn.versions.showMore',
          title: 'Show More',
          arguments: [node.model.name, node.backups],
        },
      };
  }
}

function modelRow(model: ModelOverview, only: boolean): Row {
  const at = model.current === null ? '' : ` · at ${numberOf(model.current)}`;
  return {
    id: model.name,
    label: model.name,
    description: `${counted(model.versions, 'version')}${at}`,
    tooltip:
      model.primary === null
        ? model.name
        : `${model.name}: judged by ${model.primary.metric}, ${model.primary.better} is better`,
    icon: { id: 'package' },
    context: 'model',
    folding: only ? 'unfolded' : 'folded',
  };
}

function numberOf(reference: string): string {
  return reference.slice(modelOf(reference).length + 1).replace(/\.\d+$/, '');
}

function workingRow(model: ModelOverview, status: ModelStatus, notice: ModelNotice | null): Row {
  const { code, parameters, artifacts, data, metrics } = status.changes;
  const parts = [
    [artifacts.length, 'model file'],
    [parameters.length, 'parameter'],
    [data.length, 'dataset'],
    [metrics.length, 'metric file'],
    [code.length, 'code file'],
  ] as const;
  return {
    id: `${model.name}/working`,
    label: notice?.cause === 'training' ? noticeText(notice) : 'Working changes',
    description: parts
      .filter(([count]) => count > 0)
      .map(([count, what]) => counted(count, what))
      .join(', '),
    tooltip: uncommittedText(status),
    icon: { id: 'edit' },
    context: 'working',
    folding: 'folded',
  };
}

function uncommittedText({ uncommitted }: ModelStatus): string {
  if (uncommitted.files === 0) return 'What differs from the current version.';
  const files = counted(uncommitted.files, 'checkpoint');
  return `On disk: ${files}, ${bytesText(uncommitted.bytes)}, in no version.`;
}

/** What a version is to its model, for its icon, its menus and screen readers. */
function standing({ record, model }: VersionNode): 'current' | 'best' | 'backup' | 'plain' {
  if (record.kind === 'backup') return 'backup';
  const reference = `${record.model}@v${record.number}`;
  const isIt = (other: string | null) =>
    other === reference || other === `${reference}.${record.revision}`;
  if (isIt(model.current)) return 'current';
  return isIt(model.best) ? 'best' : 'plain';
}

const versionIcons: Readonly<Record<ReturnType<typeof standing>, Icon>> = {
  current: { id: 'circle-large-filled', color: 'charts.green' },
  best: { id: 'star-full' },
  backup: { id: 'history' },
  plain: { id: 'circle-large-outline' },
};

function versionRow(node: VersionNode, now: number): Row {
  const { record, parent, model } = node;
  const role = standing(node);
  const description = versionDescription(record, parent, model.primary, now);
  const spokenRole = role === 'plain' ? '' : `, ${role === 'backup' ? 'a backup' : role}`;
  return {
    id: `${record.model}/${numberTitle(record)}`,
    label: versionLabel(record, mostDescribed),
    description,
    icon: versionIcons[role],
    context: contextOf(node, role),
    folding: 'folded',
    spoken: `${versionLabel(record)}${spokenRole}, ${description.replace('▲', 'up').replace('▼', 'down')}`,
  };
}

/** `version`, `version.current`, `backup`, with `.first` where there is nothing before it. */
function contextOf({ record }: VersionNode, role: ReturnType<typeof standing>): string {
  if (record.kind === 'backup') return 'backup';
  const here = role === 'current' ? '.current' : '';
  return `version${here}${record.parent === null ? '.first' : ''}`;
}

const sectionIcons: Readonly<Record<Section, string>> = {
  Metrics: 'graph',
  Parameters: 'settings',
  'Model Files': 'file-binary',
  Data: 'database',
  Code: 'code',
  Environment: 'server-environment',
};

function sectionRow(of: VersionNode, section: Section): Row {
  const { record } = of;
  const counts: Readonly<Record<Section, string>> = {
    Metrics: String(Object.keys(record.metrics).length),
    Parameters: String(Object.keys(record.parameters).length),
    'Model Files': String(record.files.length),
    Data: String(record.datasets.length),
    Code: record.code.branch ?? '',
    Environment: [
      record.environment.python && `Python ${record.environment.python}`,
      record.environment.platform,
    ]
      .filter(Boolean)
      .join(' · '),
  };
  return {
    id: `${record.model}/${numberTitle(record)}/${section}`,
    label: section,
    description: counts[section],
    icon: { id: sectionIcons[section] },
    context: `section.${section.replace(' ', '')}${record.parent === null ? '.first' : ''}`,
    folding: 'folded',
  };
}
