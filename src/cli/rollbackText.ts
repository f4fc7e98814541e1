import { bytesText } from '../core/figures';
import type { KeepReason, PathAction, RollbackPlan } from '../core/plan';
import type { RollbackResult, UndoResult } from '../operations';
import { rollbackDocument } from './documents';
import type { Answer } from './output';
import { section, warningsText } from './recordText';
import { changeText } from './text';

/** What a rollback did, or would do. */
export function rollbackAnswer(result: RollbackResult, reference: string): Answer {
  const { plan, applied, backup, warnings } = result;
  const kept = backup === null ? '' : `; what was replaced is in ${backup}`;
  const said = applied
    ? `Rolled back to ${reference}${kept}.`
    : `This is what going back to ${reference} would do; nothing was changed.`;
  return {
    document: rollbackDocument(result),
    text: `${planText(plan)}\n\n${said}${warningsText(warnings)}`,
  };
}

/** What was taken back; working files change only where the operation had changed them. */
export function undoAnswer(result: UndoResult): Answer {
  const { plan, applied, backup, undone, warnings } = result;
  const kept = backup === null ? '' : `; what was replaced is in ${backup}`;
  const said = applied
    ? `Operation ${undone} was taken back${kept}.`
    : `This is what taking operation ${undone} back would do; nothing was changed.`;
  return {
    document: { ...rollbackDocument(result), undone },
    text: `${planText(plan)}\n\n${said}${warningsText(warnings)}`,
  };
}

const reasons: { readonly [W in KeepReason]: string } = {
  'not-in-current': 'not in the current version',
  'other-model': "another model's",
  'not-stored': 'not in the store',
  pointer: 'not downloaded',
  configuration: 'describes the project',
  same: 'the same',
};

interface Step {
  readonly path: string;
  readonly action: PathAction;
  readonly why?: KeepReason;
  readonly bytes?: number;
}

function planText({ code, artifacts, parameters, data }: RollbackPlan): string {
  const parts = [
    section('Model files', artifacts.map(stepRow)),
    section('Code', code.map(stepRow)),
    section('Data', data.map(stepRow)),
    section(
      'Parameters',
      parameters.map(({ key, status, from, to }) => [key, changeText(status, from, to)]),
    ),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'No working files change.' : parts.join('\n\n');
}

function stepRow({ path, action, why, bytes }: Step): string[] {
  const told = why !== undefined ? reasons[why] : bytes === undefined ? '' : bytesText(bytes);
  return [action, path, told];
}
