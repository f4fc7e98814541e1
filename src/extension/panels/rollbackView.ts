import { bytesText } from '../../core/figures';
import { counted, numberTitle, parameterText, shortReference } from '../../core/labels';
import type { KeepReason, PathAction, RollbackPart, RollbackPlan } from '../../core/plan';
import { rollbackParts } from '../../core/plan';
import type { VersionRecord, Warning } from '../../core/version';
import type { PartRow, PathRow, RollbackView } from '../../wire/rollbackPanel';

/** What the view is made of: the plan for all parts, and the plan for the chosen ones. */
export interface RollbackPreview {
  readonly record: VersionRecord;
  readonly detail: string;
  readonly current: string | null;
  readonly all: RollbackPlan;
  readonly chosen: RollbackPlan;
  readonly only: readonly RollbackPart[];
  readonly warnings: readonly Warning[];
  readonly refused: string | null;
}

/** All that the Roll Back panel shows, as plain data. */
export function rollbackView(preview: RollbackPreview): RollbackView {
  const { record, all, chosen, only } = preview;
  const bytes = sumBytes(chosen, 'write');
  const touched = overwritten(chosen);
  return {
    reference: `${record.model}@${numberTitle(record)}`,
    title: numberTitle(record),
    description: record.description,
    model: record.model,
    detail: preview.detail,
    current: preview.current === null ? null : shortReference(preview.current),
    parts: rollbackParts.map((part) => partRow(part, all, only.includes(part))),
    code: done(chosen.code).map((step) => pathRow(step, null)),
    artifacts: done(chosen.artifacts).map((step) => pathRow(step, step.bytes)),
    parameters: parametersIn(preview).map(({ key, from, to }) => ({
      key,
      from: from === undefined ? null : parameterText(from),
      to: to === undefined ? null : parameterText(to),
    })),
    data: done(chosen.data).map((step) => pathRow(step, null)),
    kept: [...all.artifacts, ...all.code, ...all.data]
      .filter(({ action }) => action === 'keep')
      .map((step) => pathRow(step, 'bytes' in step ? Number(step.bytes) : null)),
    backup:
      touched === 0
        ? 'Nothing is overwritten.'
        : touched === 1
          ? '1 file is backed up first as it is now; Undo brings it back.'
          : `${touched} files are backed up first as they are now; Undo brings them back.`,
    cost: bytes === 0 ? 'No model file to write' : `${bytesText(bytes)} of model files to write`,
    warnings: preview.warnings.map(({ message }) => message),
    empty: only.every((part) => countOf(part, chosen) === 0),
    refused: preview.refused,
  };
}

/** They go back with the code that holds them, and by themselves. */
function parametersIn({ chosen, only }: RollbackPreview): RollbackPlan['parameters'] {
  return only.includes('parameters') || only.includes('code') ? chosen.parameters : [];
}

interface Step {
  readonly path: string;
  readonly action: PathAction;
  readonly why?: KeepReason;
}

function done<S extends Step>(steps: readonly S[]): S[] {
  return steps.filter(({ action }) => action !== 'keep');
}

function pathRow({ path, action, why }: Step, bytes: number | null): PathRow {
  return {
    path,
    action,
    size: bytes === null ? null : bytesText(bytes),
    why: why === undefined ? null : keepReasons[why],
  };
}

const keepReasons: Readonly<Record<KeepReason, string>> = {
  'not-in-current': 'the current version does not hold it',
  'other-model': 'it belongs to another model',
  'not-stored': 'its bytes are not stored; only its digest is known',
  pointer: 'it was never downloaded here',
  configuration: 'Cairn leaves its configuration to you',
  same: 'it is the same already',
};

const partTitles: Readonly<Record<RollbackPart, string>> = {
  code: 'Code',
  parameters: 'Parameters',
  artifacts: 'Model files',
  data: 'Data',
};

function partRow(part: RollbackPart, all: RollbackPlan, chosen: boolean): PartRow {
  const available = countOf(part, all) > 0;
  return { part, title: partTitles[part], summary: summaryOf(part, all), chosen, available };
}

function countOf(part: RollbackPart, plan: RollbackPlan): number {
  return part === 'parameters' ? plan.parameters.length : done(plan[part]).length;
}

function summaryOf(part: RollbackPart, plan: RollbackPlan): string {
  if (countOf(part, plan) === 0) return 'nothing to do';
  if (part === 'parameters') return `${counted(plan.parameters.length, 'value')} to set back`;
  const steps: readonly Step[] = plan[part];
  const writes = steps.filter(({ action }) => action === 'write').length;
  const deletes = steps.filter(({ action }) => action === 'delete').length;
  return [
    writes === 0 ? '' : `${counted(writes, 'file')} to write`,
    deletes === 0 ? '' : `${deletes} to delete`,
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function sumBytes(plan: RollbackPlan, action: PathAction): number {
  return plan.artifacts
    .filter((step) => step.action === action)
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Files that the rollback writes over or deletes; the engine backs up those that are there. */
function overwritten(plan: RollbackPlan): number {
  return done(plan.code).length + done(plan.artifacts).length + done(plan.data).length;
}
