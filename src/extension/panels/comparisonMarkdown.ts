import { code, escaped, table } from '../../core/markdown';
import type { CompareView, ValueRow } from '../../wire/comparePanel';

/** A whole comparison as Markdown for an issue, a pull request or a report. */
export function comparisonMarkdown(view: CompareView): string {
  const titles = view.sides.map(({ title }) => title);
  const head = (what: string) => [what, ...titles.map(escaped)];
  return [
    `## ${escaped(view.model)}: ${titles.map(escaped).join(' / ')}`,
    ...view.overview.map(
      ({ side, sentences }) =>
        `**${escaped(titles[side] ?? '')}**: ${sentences.map(escaped).join(' · ')}`,
    ),
    section('Metrics', head('Metric'), metricLines(view)),
    section('Parameters', head('Parameter'), valueLines(view.parameters)),
    section('Model files', head('File'), fileLines(view)),
    section('Data', head('Dataset'), valueLines(view.data)),
    section('Environment', head(''), valueLines(view.environment)),
    ...view.code.map(({ side, files }) =>
      section(
        `Code, ${titles[side] ?? ''}`,
        ['File', 'Status'],
        files.map(({ path, status }) => [code(path), status]),
      ),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return rows.length === 0 ? '' : `### ${escaped(title)}\n\n${table(head, rows)}`;
}

function metricLines({ metrics }: CompareView): string[][] {
  return metrics.map(({ key, cells }) => [
    escaped(key),
    ...cells.map(({ text, delta, verdict }) =>
      [text ?? '', delta ?? '', verdict ?? ''].filter((part) => part !== '').join(' '),
    ),
  ]);
}

/** Only what differs: a report is about the difference. */
function valueLines(rows: readonly ValueRow[]): string[][] {
  return rows
    .filter(({ changed }) => changed)
    .map(({ key, cells }) => [
      escaped(key),
      ...cells.map(({ text }) => (text === null ? '' : code(text))),
    ]);
}

function fileLines({ files }: CompareView): string[][] {
  return files.map(({ path, cells }) => [
    code(path),
    ...cells.map(({ status, size, digest }) =>
      [size ?? '', digest === null ? '' : code(digest), status ?? '']
        .filter((part) => part !== '')
        .join(' '),
    ),
  ]);
}
