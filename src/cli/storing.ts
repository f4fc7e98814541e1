import { Option } from 'commander';
import { Failure } from '../core/failure';
import { bytesText } from '../core/figures';
import type { GcResult, StorageResult } from '../operations';
import type { Register } from './command';
import { withProject } from './opened';
import { countText, tableText } from './text';

/** `storage` and `gc`. */
export function storingCommands(register: Register): void {
  register('storage [model]', 'what each version takes in the store', [], (around, [model]) =>
    withProject(around, async (project) => {
      const request = model === undefined ? {} : { model };
      const result = await project.storage(request, around.activity);
      return { document: result, text: storageText(result) };
    }),
  );
  const options = [
    new Option('--dry-run', 'only tell what would be freed'),
    new Option('--grace <hours>', 'how long what nobody needs any more stays (168; at least 1)'),
  ];
  register('gc', 'free what no version needs any more', options, (around, _, given) =>
    withProject(around, async (project) => {
      const dryRun = given.dryRun === true;
      const result = await project.gc({ dryRun, ...hoursIn(given.grace) }, around.activity);
      return { document: result, text: gcText(result) };
    }),
  );
}

/** @throws Failure `usage` */
function hoursIn(given: unknown): { hours?: number } {
  if (given === undefined) return {};
  const hours = Number(given);
  if (Number.isFinite(hours) && hours >= 0 && String(given).trim() !== '') return { hours };
  throw new Failure('usage', { what: `"${String(given)}" is no number of hours` });
}

function storageText({ store, versions }: StorageResult): string {
  const rows = versions.map(({ reference, size, own, shared }) => [
    ...[reference, bytesText(size), bytesText(own), bytesText(shared)],
  ]);
  const table = tableText([['version', 'size', 'of its own', 'shared'], ...rows]);
  const kept = store.size === 0 ? '' : ` for ${bytesText(store.size)} of model files`;
  const garbage =
    store.garbage === 0 ? '' : `\n${bytesText(store.garbage)} are needed by no version.`;
  return `${table}\n\n${bytesText(store.bytes)} in ${store.directory}${kept}.${garbage}`;
}

function gcText({ artifacts, bytes, applied }: GcResult): string {
  if (artifacts === 0 && bytes === 0) return 'Nothing to free.';
  const what = `${bytesText(bytes)}, ${countText(artifacts, 'stored file')} that no version needs`;
  return applied ? `Freed ${what}.` : `Would free ${what}. Nothing was changed.`;
}
