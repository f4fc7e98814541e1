import type { VersionComparison } from '../core/comparison';
import type { ParameterChange } from '../core/parameters';
import type { VersionRecord } from '../core/version';
import type {
  CommitResult,
  FileComparison,
  LogResult,
  ModelStatus,
  RollbackResult,
} from '../operations';

/** The JSON documents that are not a verb's result as it stands. Programs depend on the names. */

/** `undefined` would vanish in JSON: a side that is not there is `null`, and `status` says which. */
function withBothSides(changes: readonly ParameterChange[]) {
  return changes.map(({ key, from = null, to = null, status }) => ({ key, from, to, status }));
}

const recordOrder = [
  ...['format', 'model', 'number', 'revision', 'kind', 'label', 'createdAt', 'creator'],
  ...['description', 'parent', 'parameters', 'files', 'datasets', 'metrics', 'environment'],
  ...['code', 'run'],
];

/** A record as the contract shows it, with what else it has behind that. */
function recordDocument(record: VersionRecord): Record<string, unknown> {
  const entries = Object.entries(record);
  const rank = (key: string) => (recordOrder.includes(key) ? recordOrder.indexOf(key) : 99);
  return Object.fromEntries(entries.sort(([a], [b]) => rank(a) - rank(b)));
}

export function versionDocument({ version, warnings }: CommitResult) {
  return { version: recordDocument(version), warnings };
}

export function logDocument({ versions, total }: LogResult) {
  return { versions: versions.map(recordDocument), total };
}

export function statusDocument(models: readonly ModelStatus[]) {
  return {
    models: models.map(({ model, current, versions, changes, uncommitted, warnings }) => ({
      ...{ model, current, versions },
      changes: { ...changes, parameters: withBothSides(changes.parameters) },
      ...{ uncommitted, warnings },
    })),
  };
}

/** With `--tensors` the tensors of all model files, each with its file. */
export function comparisonDocument({ from, to, code, weights, ...rest }: VersionComparison) {
  const document = { from, to, code, ...rest, parameters: withBothSides(rest.parameters) };
  if (weights === undefined) return document;
  const tensors = weights.flatMap(({ path, tensors: all }) => all.map((one) => ({ path, ...one })));
  return { ...document, tensors, weights: weights.map(({ tensors: _, ...one }) => one) };
}

/** Two files say nothing of code or data: those parts are there, and empty. */
export function fileComparisonDocument({ from, to, artifacts, weights, ...rest }: FileComparison) {
  const versions = { code: { files: [] }, parameters: [], metrics: [] };
  const document = { from, to, ...versions, artifacts, data: [], environment: [], ...rest };
  if (weights === undefined) return document;
  const { tensors, ...sums } = weights;
  return { ...document, tensors, weights: sums };
}

export function rollbackDocument({ plan, applied, operation, backup, warnings }: RollbackResult) {
  const parameters = withBothSides(plan.parameters);
  return { plan: { ...plan, parameters }, applied, operation, backup, warnings };
}
