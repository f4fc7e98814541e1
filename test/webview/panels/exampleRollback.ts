import { type RollbackPart, rollbackParts } from '../../../src/core/plan';
import type { PathRow, RollbackView } from '../../../src/wire/rollbackPanel';
import { nasty } from './exampleVersions';

function row(
  path: string,
  action: PathRow['action'],
  size: string | null,
  why: string | null = null,
) {
  return { path, action, size, why };
}

const titles = { code: 'Code', parameters: 'Parameters', artifacts: 'Model files', data: 'Data' };
const summaries = {
  code: '2 files to write, 1 to delete',
  parameters: '3 values to set back',
  artifacts: '2 files to write',
  data: 'nothing to do',
};

/** The plan to go back to v3 with only some parts. */
export function rollbackView(only: readonly RollbackPart[]): RollbackView {
  const has = (part: RollbackPart) => only.includes(part);
  const empty = !has('code') && !has('parameters') && !has('artifacts');
  return {
    reference: 'digits@v3',
    title: 'v3',
    description: 'wider hidden layer',
    model: 'digits',
    detail: 'by Ada · val_accuracy 0.951 · 2 h ago',
    current: 'v7',
    parts: rollbackParts.map((part) => ({
      part,
      title: titles[part],
      summary: summaries[part],
      chosen: has(part),
      available: part !== 'data',
    })),
    code: has('code')
      ? [
          row('train.py', 'write', null),
          row('digits/network.py', 'write', null),
          row('digits/early_stopping.py', 'delete', null),
        ]
      : [],
    artifacts: has('artifacts')
      ? [
          row('models/digits.safetensors', 'write', '12.3 MB'),
          row('models/tokenizer.json', 'write', '1.2 kB'),
        ]
      : [],
    parameters: has('parameters')
      ? [
          { key: 'lr', from: '0.001', to: '0.01' },
          { key: 'early_stopping.patience', from: '5', to: null },
          { key: 'hidden', from: null, to: '[64,32]' },
        ]
      : [],
    data: [],
    kept: [
      row('notes.md', 'keep', null, 'the current version does not hold it'),
      row('models/other.safetensors', 'keep', '4.1 GB', 'it belongs to another model'),
    ],
    backup: empty
      ? 'Nothing is overwritten.'
      : '5 files are backed up first, whatever Git ignores; Undo brings them back.',
    cost: has('artifacts') ? '12.3 MB of model files to write' : 'No model file to write',
    warnings: [],
    empty,
    refused: null,
  };
}

export function nastyRollback(only: readonly RollbackPart[]): RollbackView {
  const view = rollbackView(only);
  return {
    ...view,
    title: nasty,
    description: nasty,
    model: nasty,
    detail: nasty,
    current: nasty,
    warnings: [nasty],
    code: view.code.map((one) => ({ ...one, path: nasty })),
    artifacts: view.artifacts.map((one) => ({ ...one, path: nasty, size: nasty })),
    parameters: [{ key: nasty, from: nasty, to: nasty }],
    kept: view.kept.map((one) => ({ ...one, path: nasty, why: nasty })),
    backup: nasty,
  };
}
