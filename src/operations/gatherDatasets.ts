import { Failure } from '../core/failure';
import type { Activity } from '../core/progress';
import type { DatasetRecord, Warning } from '../core/version';
import { describeDataset } from '../workspace';
import { configurationOf } from './models';
import type { Rooms } from './rooms';
import type { VersionOptions } from './versionRequests';

export interface GatheredDatasets {
  /** Sorted by path. */
  readonly datasets: readonly DatasetRecord[];
  readonly warnings: readonly Warning[];
}

/**
 * Describes the datasets configured and named: digests, not bytes. A configured one that is absent
 * is warned of. @throws Failure `no-such-file` for one that was named
 */
export async function gatherDatasets(
  rooms: Rooms,
  model: string,
  options: Pick<VersionOptions, 'datasets' | 'full'> & { readonly onlyNamed?: boolean },
  activity?: Activity,
): Promise<GatheredDatasets> {
  const configured =
    options.onlyNamed === true ? [] : (await configurationOf(rooms, model)).datasets;
  const named = (options.datasets ?? []).filter(
    (path) => !configured.some((dataset) => dataset.path === path),
  );
  const datasets: DatasetRecord[] = [];
  const warnings: Warning[] = [];
  for (const dataset of [...configured, ...named.map((path) => ({ path }))]) {
    const described = await describeDataset(rooms.platform, rooms.repository.root, dataset, {
      full: options.full === true,
      memory: rooms.memory,
      ...(activity === undefined ? {} : { activity }),
    });
    if (described.record !== null) datasets.push(described.record);
    else if (named.includes(dataset.path))
      throw new Failure('no-such-file', { path: dataset.path });
    warnings.push(...described.warnings);
  }
  datasets.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { datasets, warnings };
}
