import type { ArchitectureNode } from '../../core/architecture';
import { bytesText, figure, shapeText } from '../../core/figures';
import { type FileScan, placeText } from '../../core/scan';
import type { TensorHistogram } from '../../core/tensorHistogram';
import type { Inspection } from '../../operations';
import type { HistogramView, LayerRow, ModelView, TensorPage } from '../../wire/modelPanel';

/** What the editor of model files shows, made of what the file tells. */

const verdicts: Readonly<Record<FileScan['verdict'], readonly [string, ModelView['danger']]>> = {
  clean: ['Nothing dangerous found.', 'none'],
  suspicious: ['Suspicious: loading this file runs code of a library or of its author.', 'warning'],
  dangerous: ['Dangerous: do not load this file.', 'danger'],
  unreadable: ['This file could not be scanned whole.', 'warning'],
  'not-a-model': ['This is no model file that Cairn knows.', 'none'],
};

const mostLayers = 5000;
const mostRows = 2000;

export function modelView(inspection: Inspection, scan: FileScan): ModelView {
  const { format, bytes, tensors, parameters, metadata, architecture, warnings } = inspection;
  const [verdict, danger] = verdicts[scan.verdict];
  const count = parameters === null ? [] : [`${parameters.toLocaleString('en')} parameters`];
  return {
    summary: [format, bytesText(bytes), `${tensors.length} tensors`, ...count].join(' · '),
    ...{ verdict, danger },
    findings: scan.findings.map(({ severity, message, where }) => ({
      ...{ severity, message },
      place: placeText(where),
    })),
    warnings: warnings.slice(0, mostRows).map(({ message }) => message),
    metadata: Object.entries(metadata)
      .slice(0, mostRows)
      .map(([key, value]) => ({ key, value: told(value) })),
    layers: architecture === null ? [] : layerRows(architecture).slice(0, mostLayers),
    tensors: tensors.length,
  };
}

function layerRows(node: ArchitectureNode, depth = 0): LayerRow[] {
  const { name, kind, attributes, children } = node;
  const pairs = Object.entries(attributes).map(([key, value]) => `${key} ${told(value)}`);
  const row = { depth, name, kind, attributes: pairs.slice(0, 8).join(', ') };
  return [row, ...children.flatMap((child) => layerRows(child, depth + 1))];
}

/** Numbers of single precision have eight digits more than they mean. */
function told(value: string | number | boolean | null): string {
  return typeof value === 'number' ? figure(value) : String(value);
}

const pageLength = 200;

/** One page of the tensors whose names, types or shapes have the text. */
export function tensorPage(
  tensors: Inspection['tensors'],
  search: string,
  from: number,
): TensorPage {
  const wanted = search.trim().toLowerCase();
  const rows = tensors.map(({ name, dtype, shape, bytes }) => ({
    ...{ name, dtype, size: bytesText(bytes) },
    shape: shapeText(shape),
  }));
  const found = rows.filter(({ name, dtype, shape }) =>
    `${name} ${dtype} ${shape}`.toLowerCase().includes(wanted),
  );
  return { rows: found.slice(from, from + pageLength), total: found.length };
}

export function histogramView(histogram: TensorHistogram | null): HistogramView | null {
  if (histogram === null) return null;
  const { least, greatest, mean, deviation, counts, nan, infinite } = histogram;
  const broken = [
    ...(nan === 0 ? [] : [`${nan} NaN`]),
    ...(infinite === 0 ? [] : [`${infinite} infinite`]),
  ];
  const spread = `from ${figure(least)} to ${figure(greatest)}, mean ${figure(mean)}, standard deviation ${figure(deviation)}`;
  return { counts, sentence: [spread, ...broken].join(', ') };
}
