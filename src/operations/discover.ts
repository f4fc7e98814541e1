import type { ModelConfiguration } from '../core/configuration';
import { choosePrimaryMetric } from '../core/primaryMetric';
import type { Activity } from '../core/progress';
import type { Warning } from '../core/version';
import type { Platform } from '../platform';
import { conventionalNames } from '../runs';
import { type DiscoveredModel, type Discovery, discoverModels } from '../workspace';
import { metricNames } from './gatherMetrics';
import { identifyFile } from './identify';
import { emptyConfiguration } from './models';
import type { FoundModel } from './project';
import { findTrainingScript } from './trainingScript';

/** What lies in a folder that says nothing of its models. */
export interface Discovered {
  readonly found: readonly FoundModel[];
  readonly configurations: readonly ModelConfiguration[];
  readonly warnings: readonly Warning[];
}

/** Looks for models: names and headers only, within two seconds. Writes nothing. */
export async function discover(
  platform: Platform,
  root: string,
  activity?: Activity,
): Promise<Discovered> {
  const discovery = await lookForModels(platform, root, activity);
  const configurations: ModelConfiguration[] = [];
  for (const model of discovery.models)
    configurations.push(await configure(platform, root, model, discovery));
  return {
    found: discovery.models.map(foundModel),
    configurations,
    warnings: warningsOf(discovery),
  };
}

/** The models alone, without what `cairn.yaml` would say of each. */
export function lookForModels(
  platform: Platform,
  root: string,
  activity?: Activity,
): Promise<Discovery> {
  const signal = activity?.signal;
  return discoverModels(platform, root, {
    identify: (path) => identifyFile(platform, path),
    names: conventionalNames,
    ...(signal === undefined ? {} : { signal }),
  });
}

function foundModel({ name, artifacts, ticked, files, bytes }: DiscoveredModel): FoundModel {
  return { name, artifacts, ticked, files, bytes };
}

/** What `cairn.yaml` will say: names that are found now stay the same later. */
async function configure(
  platform: Platform,
  root: string,
  model: DiscoveredModel,
  discovery: Discovery,
): Promise<ModelConfiguration> {
  const script = model.parameters.length > 0 ? null : await findTrainingScript(platform, root);
  const configuration: ModelConfiguration = {
    ...emptyConfiguration(model.name),
    artifacts: model.artifacts,
    parameters: script === null ? model.parameters : [script],
    metrics: model.metrics,
    curves: model.curves,
    predictions: model.predictions[0] ?? null,
    datasets: discovery.datasets.map((path) => ({ path })),
  };
  const names = await metricNames(platform, root, configuration);
  return { ...configuration, primary: choosePrimaryMetric(names) };
}

function warningsOf(discovery: Discovery): Warning[] {
  if (discovery.truncated === null) return [];
  const limit =
    discovery.truncated === 'entries' ? `after ${discovery.entries} entries` : 'after two seconds';
  return [
    {
      code: 'search-stopped',
      message: `The search for models stopped ${limit}; name others in cairn.yaml.`,
    },
  ];
}
