import type { Desk } from '../desk';
import type { VersionsView } from '../tree/versionsView';

/** Most versions whose metrics are offered to sort by. */
const sampled = 100;

/** Asks what the Versions view is to be filtered by. */
export async function filterVersions(desk: Desk, view: VersionsView): Promise<void> {
  const filter = await desk.prompts().input({
    id: 'versions.filter',
    title: 'Filter versions',
    prompt: 'Words of a version or names of its metrics and parameters, or a condition',
    placeholder: 'augmentation   or   val_accuracy > 0.9',
    value: view.listing.filter,
  });
  if (filter !== undefined) await view.list({ ...view.listing, filter: filter.trim() });
}

export async function clearFilter(view: VersionsView): Promise<void> {
  await view.list({ ...view.listing, filter: '' });
}

/** Asks what the Versions view is to be sorted by: time, or any metric. */
export async function sortVersions(desk: Desk, view: VersionsView): Promise<void> {
  const session = desk.projects.active;
  if (session === null) return;
  const { versions } = await session.project.log({ limit: sampled });
  const judged = new Set((await session.overview()).map(({ primary }) => primary?.metric));
  const metrics = [...new Set(versions.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
  metrics.sort((a, b) => Number(judged.has(b)) - Number(judged.has(a)));
  const sort = await desk
    .prompts()
    .pick<string | null>({ id: 'versions.sort', title: 'Sort versions by' }, [
      { value: null, label: 'Newest first' },
      { value: 'createdAt', label: 'Oldest first' },
      ...metrics.flatMap((metric, index) => [
        {
          value: `-${metric}`,
          label: `${metric}, highest first`,
          ...(index === 0 ? { heading: 'Metrics' } : {}),
        },
        { value: metric, label: `${metric}, lowest first` },
      ]),
    ]);
  if (sort !== undefined) await view.list({ ...view.listing, sort });
}
