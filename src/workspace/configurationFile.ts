import { join } from 'node:path';
import { Document, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { DatasetConfiguration, ModelConfiguration } from '../core/configuration';
import type { Platform } from '../platform';
import { configurationName } from './configuration';

const heading = ` What Cairn keeps of this project's models. Everything here is optional; paths begin at this
 folder, and globs know *, **, ?, [abc], {a,b}, and "!" before what is left out.`;

/** What stands above a key, in the first model only. */
const comments: Readonly<Record<string, string>> = {
  code: ' The code that belongs to a version. Without this: everything.',
  artifacts: ' Model files. Of a series of checkpoints a version takes the best, else the newest.',
  parameters: ' Hyperparameters: JSON, YAML or TOML.',
  metrics: ' Metrics: JSON.',
  curves: ' Metrics by epoch or step: JSON or CSV.',
  predictions: ' Columns y_true, y_pred and scores.',
  datasets: ' What the model is trained on.',
  primary: ' The metric that the model is judged by.',
};

/**
 * Writes `cairn.yaml` where there is none, the models by name and their keys in one order, so that
 * two people who begin alike have the same file.
 * @returns whether it was written; one that is there is left as it is
 */
export async function writeConfiguration(
  platform: Platform,
  root: string,
  models: readonly ModelConfiguration[],
): Promise<boolean> {
  const path = join(root, configurationName);
  if ((await platform.disk.facts(path)) !== null) return false;
  await platform.disk.writeWhole(path, new TextEncoder().encode(configurationText(models)));
  return true;
}

/** The text of a `cairn.yaml`. */
export function configurationText(models: readonly ModelConfiguration[]): string {
  const sorted = [...models].sort((a, b) => (a.name < b.name ? -1 : 1));
  const document = new Document({
    models: Object.fromEntries(sorted.map((model) => [model.name, said(model)])),
  });
  document.commentBefore = heading;
  comment(document);
  return document.toString({ lineWidth: 0 });
}

/** Only what was said, in the order of the documentation. */
function said(model: ModelConfiguration): Record<string, unknown> {
  const all: Record<string, unknown> = {
    code: model.code,
    artifacts: model.artifacts,
    parameters: model.parameters,
    metrics: model.metrics,
    curves: model.curves,
    predictions: model.predictions,
    positive: model.positive,
    datasets: model.datasets.map(dataset),
    primary: model.primary === null ? null : { ...model.primary },
    max_drop: model.maxDrop,
    refuse: model.refuse ?? null,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([key, value]) =>
      key === 'code' ? value !== null : !isNothing(value),
    ),
  );
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function dataset({ path, name, source, preprocessing }: DatasetConfiguration): object {
  return {
    path,
    ...(name === undefined ? {} : { name }),
    ...(source === undefined ? {} : { source }),
    ...(preprocessing === undefined ? {} : { preprocessing }),
  };
}

function comment(document: Document): void {
  const models = document.get('models') as YAMLMap<Scalar<string>, YAMLMap<Scalar<string>>>;
  const first = models.items[0]?.value;
  for (const { key } of (first?.items ?? []) as Pair<Scalar<string>>[]) {
    const text = comments[key.value];
    if (text !== undefined) key.commentBefore = text;
  }
}
