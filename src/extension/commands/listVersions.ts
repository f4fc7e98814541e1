import { isFailure } from '../../core/failure';
import { parseFilter, searchOf } from '../../core/filter';
import { filterCompletion } from '../../core/filterCompletion';
import type { Desk } from '../desk';
import { FilterWords } from '../tree/filterWords';
import type { VersionsView } from '../tree/versionsView';

/** Most versions whose metrics are offered to sort by. */
const sampled = 100;

/** Asks what the Versions view is to be filtered by. */
export async function filterVersions(desk: Desk, view: VersionsView): Promise<void> {
  const session = desk.projects.active;
  if (session === null) return;
  const words = new FilterWords(session, (thrown) => void desk.reporter.noted('Filter', thrown));
  void words.load();
  const filter = await desk.prompts().completed({
    id: 'versions.filter',
    title: 'Filter versions',
    placeholder: 'Words, or a condition such as val_accuracy > 0.9 and lr <= 0.001',
    value: view.listing.filter,
    accept: (text) => (text.trim() === '' ? 'Show all versions' : `Filter by ${text.trim()}`),
    check: whatIsWrong,
    complete: (text) => filterCompletion(text, text.length, words),
    onDidLearn: words.onDidLearn,
  });
  words.dispose();
  if (filter !== undefined) await view.list({ ...view.listing, filter: filter.trim() });
}

/** Why a text is no condition, where it is meant as one. */
function whatIsWrong(text: string): string | null {
  try {
    const search = searchOf(text);
    if (search.kind === 'condition') parseFilter(search.text);
    return null;
  } catch (thrown) {
    if (!isFailure(thrown, 'usage')) throw thrown;
    return thrown.data.what;
  }
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
