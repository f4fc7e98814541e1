import { Option } from 'commander';
import type { ImportResult } from '../operations';
import type { Register } from './command';
import { withProject } from './opened';
import { countText, tableText } from './text';

/** `import`. */
export function importCommand(register: Register): void {
  register(
    'import [path]',
    'bring in the runs that other tools left: MLflow, DVC, TensorBoard, W&B, Lightning, Hugging Face',
    [new Option('--dry-run', 'only tell what was found')],
    (around, [path], options) =>
      withProject(around, async (project) => {
        const dryRun = options.dryRun === true;
        const request = { dryRun, ...(path === undefined ? {} : { path }) };
        const result = await project.importHistory(request, around.activity);
        return { document: result, text: importText(result, dryRun) };
      }),
  );
}

function importText({ sources, runs }: ImportResult, dryRun: boolean): string {
  if (sources.length === 0) return 'Nothing was found that another tool left.';
  const withRuns = sources.filter(({ found, leftOut }) => found > 0 || leftOut.length === 0);
  const rows = withRuns.map(({ tool, path, found, imported, known }) => [
    tool,
    path === '' ? '.' : path,
    `${countText(found, 'run')} found`,
    dryRun ? `${found - known} new` : `${imported} imported`,
    `${known} here already`,
  ]);
  const left = sources.flatMap(({ tool, leftOut }) =>
    leftOut.map(({ what, why }) => `Left out of ${tool}: ${what}: ${why}.`),
  );
  const end = dryRun
    ? 'Nothing was changed.'
    : `${countText(runs, 'run')} imported; see "cairn runs".`;
  return [tableText(rows), ...left, end].join('\n');
}
