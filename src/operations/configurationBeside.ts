import { posix } from 'node:path';
import type { ModelConfiguration } from '../core/configuration';
import { conventionalNames } from '../runs';
import { nearbyOnDisk } from '../workspace';
import { configurationOf } from './models';
import type { Rooms } from './rooms';

/**
 * The configuration of a model for reading what is beside its files: where it names none of its
 * metrics, curves and predictions, or none of its parameters, those nearest to the model file that
 * have a name by convention.
 * @param weights the path of the model file; `null` where there is none: the top is looked at
 */
export async function configurationBeside(
  rooms: Rooms,
  model: string,
  weights: string | null,
): Promise<ModelConfiguration> {
  const configuration = await configurationOf(rooms, model);
  const { metrics, curves, predictions, parameters } = configuration;
  const saysResults = metrics.length + curves.length > 0 || predictions !== null;
  if (saysResults && parameters.length > 0) return configuration;
  const { platform, repository } = rooms;
  const directory = weights === null ? '' : posix.dirname(weights).replace(/^\.$/, '');
  const beside = await nearbyOnDisk(platform, repository.root, directory, conventionalNames);
  return {
    ...configuration,
    ...(parameters.length > 0 ? {} : { parameters: beside.parameters }),
    ...(saysResults
      ? {}
      : {
          metrics: beside.metrics,
          curves: beside.curves,
          predictions: beside.predictions[0] ?? null,
        }),
  };
}
