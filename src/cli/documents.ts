import type { VersionComparison } from '../core/comparison';
import type { ParameterChange } from '../core/parameters';
import type { CommitResult, FileComparison, ModelStatus, RollbackResult } from '../operations';

/** The JSON documents that are not a verb's result as it stands. Programs depend on the names. */

/** `undefined` would vanish in JSON: a side that is not there is `null`, and `status` says which. */
function withBothSides(changes: readonly ParameterChange[]) {
  return changes.map(({ key, from = null, to = null, status }) => ({ key, from, to, status }));
}

export function versionDocument({ version, warnings }: CommitResult) {
  return { version, warnings };
}

export function statusDocument(models: readonly ModelStatus[]) {
  return {
    models: models.map(({ model, current, changes, uncommitted, warnings }) => ({
      ...{ model, current },
      changes: { ...changes, parameters: withBothSides(changes.parameters) },
      ...{ uncommitted, warnings },
    })),
  };
}

export function comparisonDocument(comparison: VersionComparison) {
  return { ...comparison, parameters: withBothSides(comparison.parameters) };
}

/** Two files say nothing of code or data: those parts are there, and empty. */
export function fileComparisonDocument({ from, to, artifacts, ...rest }: FileComparison) {
  const versions = { code: { files: [] }, parameters: [], metrics: [] };
  return { from, to, ...versions, artifacts, data: [], environment: [], ...rest };
}

export function rollbackDocument({ plan, applied, operation, backup, warnings }: RollbackResult) {
  const parameters = withBothSides(plan.parameters);
  return { plan: { ...plan, parameters }, applied, operation, backup, warnings };
}
