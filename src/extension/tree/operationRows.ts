import { ago, shortened, shortReference } from '../../core/labels';
import type { OperationKind } from '../../core/operation';
import type { OperationRow } from '../../operations/project';
import type { Row } from './rows';

const titles: Readonly<Record<OperationKind, string>> = {
  init: 'Initialized',
  commit: 'Committed',
  update: 'Updated',
  rollback: 'Rolled back to',
  undo: 'Undid',
  drop: 'Dropped',
  rebuild: 'Rebuilt the history',
  adopt: 'Adopted',
  gc: 'Freed storage',
};

const icons: Readonly<Record<OperationKind, string>> = {
  init: 'sparkle',
  commit: 'git-commit',
  update: 'edit',
  rollback: 'discard',
  undo: 'reply',
  drop: 'trash',
  rebuild: 'tools',
  adopt: 'cloud-download',
  gc: 'trash',
};

/** One entry of the log: what was done, to which version, when and by whom. */
export function operationRow(operation: OperationRow, now: number, severalModels: boolean): Row {
  const { id, kind, at, by, reason, undoable, sha256 } = operation;
  const what = operationTitle(operation, severalModels);
  const why = reason === '' ? '' : `${shortened(reason, 60)} · `;
  return {
    id: `operation/${id}`,
    label: what,
    description: `${why}${ago(Date.parse(at), now)} · ${by.name}`,
    tooltip: [`${id}. ${what}`, reason, at, `${by.name} <${by.email}>`, `SHA-256 ${sha256}`]
      .filter((line) => line !== '')
      .join('\n'),
    icon: { id: icons[kind] },
    context: undoable ? 'operation.undoable' : 'operation',
    folding: 'leaf',
  };
}

/** What was done, to which version: `Rolled back to v4`. */
export function operationTitle(operation: OperationRow, severalModels: boolean): string {
  const { kind, version } = operation;
  const of = version === null ? '' : ` ${severalModels ? version : shortReference(version)}`;
  return `${titles[kind]}${kind === 'undo' ? undoneText(operation) : of}`;
}

function undoneText({ detail, version }: OperationRow): string {
  const undone = detail['undoes'];
  const of = version === null ? '' : ` (${shortReference(version)})`;
  return typeof undone === 'number' ? ` operation ${undone}${of}` : of;
}
