import type { FileChange, FileWeights } from './comparison';
import type {
  ComparisonEvidence,
  ComparisonReport,
  DataTable,
  SideWeights,
  ValueRow,
} from './comparisonReport';
import { weightsOverview } from './comparisonSentences';
import { figure, shapeText } from './figures';
import { code, escaped, table } from './markdown';
import { chanceSentence } from './predictionSentences';
import type { TensorDifference } from './tensorComparison';

/** So many tensors and classes are listed; more would bury the rest of a pull request. */
const mostTensors = 20;

/**
 * A whole comparison as Markdown for an issue, a pull request or a report: what the panel copies
 * and what `cairn diff --markdown` prints.
 */
export function comparisonMarkdown(
  report: ComparisonReport,
  evidence: ComparisonEvidence,
  weights: readonly SideWeights[],
): string {
  const titles = report.sides.map(({ title }) => title);
  const head = (what: string) => [what, ...titles.map(escaped)];
  return [
    `## ${escaped(report.model)}: ${titles.map(escaped).join(' / ')}`,
    ...report.overview.map(({ side, sentences }) => {
      const all = [...sentences, ...moreSentences(side, evidence, weights)];
      return `**${escaped(titles[side] ?? '')}**: ${all.map(escaped).join(' · ')}`;
    }),
    section('Metrics', head('Metric'), metricLines(report)),
    section('Parameters', head('Parameter'), valueLines(report.parameters)),
    section('Model files', head('File'), fileLines(report)),
    ...weights.flatMap(({ side, files }) =>
      files.map((file) => weightsSection(titles[side] ?? '', file)),
    ),
    section('Data', head('Dataset'), valueLines(report.data)),
    section('Tables', head('Dataset'), tableLines(evidence.tables)),
    section('Environment', head(''), valueLines(report.environment)),
    ...report.code.map(({ side, files }) =>
      section(`Code, ${titles[side] ?? ''}`, ['File', 'Status', 'Lines'], files.map(codeLine)),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** What the evidence adds to the overview of one side. */
export function moreSentences(
  side: number,
  { predictions }: ComparisonEvidence,
  weights: readonly SideWeights[],
): string[] {
  const files = weights.find((one) => one.side === side)?.files ?? [];
  const judged = predictions.find((one) => one.side === side);
  const chance = judged === undefined || 'why' in judged ? [] : [chanceSentence(judged)];
  return [...chance, ...weightsOverview(files)];
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return rows.length === 0 ? '' : `### ${escaped(title)}\n\n${table(head, rows)}`;
}

function metricLines({ metrics }: ComparisonReport): string[][] {
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

function fileLines({ files }: ComparisonReport): string[][] {
  return files.map(({ path, cells }) => [
    code(path),
    ...cells.map(({ status, size, digest }) =>
      [size ?? '', digest === null ? '' : code(digest), status ?? '']
        .filter((part) => part !== '')
        .join(' '),
    ),
  ]);
}

function codeLine({ path, status, lines }: FileChange): string[] {
  const counts = lines === undefined || lines === null ? '' : `+${lines.added} −${lines.removed}`;
  return [code(path), status, counts];
}

function weightsSection(title: string, { path, tensors, architecture }: FileWeights): string {
  const different = tensors.filter(({ status }) => status !== 'same');
  const shown = different.slice(0, mostTensors).map(tensorLine);
  const rest = different.length - shown.length;
  const head = ['Tensor', 'Status', 'Shape', '‖Δ‖/‖W‖', 'Cosine'];
  const changed = section(`Weights of ${path}, ${title}`, head, shown);
  const layers = (architecture ?? []).map(({ path: layer, status, kind, attributes }) => [
    ...[code(layer), status, escaped(kind)],
    attributes.map(({ key, from, to }) => escaped(`${key} ${from} → ${to}`)).join(', '),
  ]);
  const built = section(
    `Architecture of ${path}, ${title}`,
    ['Layer', 'Status', 'Kind', ''],
    layers,
  );
  return [changed, rest > 0 ? `and ${rest} more` : '', built]
    .filter((part) => part !== '')
    .join('\n\n');
}

function tensorLine({ name, status, from, to, figures }: TensorDifference): string[] {
  return [
    code(name),
    status,
    shapeText((to ?? from)?.shape ?? []),
    figures === null || figures.relative === null ? '' : figure(figures.relative),
    figures === null || figures.cosine === null ? '' : String(Number(figures.cosine.toFixed(6))),
  ];
}

/** Tables that differ in what is told of them here. */
function tableLines(tables: ComparisonEvidence['tables']): string[][] {
  const paths = [...new Set(tables.flatMap((side) => side.map(({ path }) => path)))].sort();
  const rows = paths.map((path) => [
    code(path),
    ...tables.map((side) => tableText(side.find((one) => one.path === path))),
  ]);
  return rows.filter(([, ...cells]) => new Set(cells).size > 1);
}

function tableText(data: DataTable | undefined): string {
  if (data === undefined) return '';
  const { rows, columns, classes } = data;
  const balance = classes?.counts.map(({ label, count }) => `${escaped(label)}: ${count}`) ?? [];
  return [`${rows} × ${columns}`, ...balance].join(', ');
}
