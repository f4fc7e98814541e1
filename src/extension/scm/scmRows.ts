import { counted, parameterText } from '../../core/labels';
import type { ModelStatus } from '../../operations/project';

export type ScmGroup = 'modelFiles' | 'parameters' | 'data' | 'metrics' | 'code';

/** One row of a Source Control group, as plain data. */
export interface ScmRow {
  readonly group: ScmGroup;
  readonly model: string;
  /** The model's current version; `null` before its first. */
  readonly current: string | null;
  /** A file's record path, or what stands in its place as the row's text. */
  readonly text: string;
  readonly isFile: boolean;
  /** `added`, `deleted`, `modified`, `renamed`. */
  readonly status: string;
  readonly tooltip: string;
  /** The parameter's key, in that group. */
  readonly key?: string;
}

/** The rows of all groups. Code is one row a model: Git's own provider lists the files. */
export function scmRows(statuses: readonly ModelStatus[]): ScmRow[] {
  const several = statuses.length > 1;
  return statuses.flatMap((status) => {
    const { model, current, changes } = status;
    const of = several ? ` (${model})` : '';
    const base = { model, current };
    const fileRows = (group: ScmGroup, files: readonly { path: string; status: string }[]) =>
      files.map(({ path, status: how }) => ({
        ...{ ...base, group, text: path, isFile: true, status: how },
        tooltip: `${path}: ${how}${of}`,
      }));
    const files = fileRows('modelFiles', changes.artifacts);
    const parameters = changes.parameters.map(({ key, from, to, status: how }) => {
      const text = `${key}  ${parameterText(from)} → ${parameterText(to)}`;
      const row = { ...base, group: 'parameters' as const, text, isFile: false, status: how };
      return { ...row, tooltip: `${text}${of}`, key };
    });
    const data = fileRows('data', changes.data);
    const metrics = fileRows('metrics', changes.metrics);
    return [...files, ...parameters, ...data, ...metrics, ...codeRow(status, of)];
  });
}

function codeRow({ model, current, changes }: ModelStatus, of: string): ScmRow[] {
  const { length } = changes.code;
  if (length === 0) return [];
  const text = `${counted(length, 'changed file')}${of}`;
  const tooltip = `${text}: opens the comparison with the current version`;
  return [{ group: 'code', model, current, text, isFile: false, status: 'modified', tooltip }];
}

/** What the activity bar counts: changed model files only, so that Git's count is not doubled. */
export function scmCount(rows: readonly ScmRow[]): number {
  return rows.filter(({ group }) => group === 'modelFiles').length;
}

/** The name of a made-up file that is shown as the row's text. */
export function labelName(text: string): string {
  // A slash would begin another segment; the one that looks like it does not.
  return text.replaceAll('/', '∕').replaceAll('\\', '∖');
}
