import { Option } from 'commander';
import type { ArchitectureNode } from '../core/architecture';
import { bytesText, shapeText } from '../core/figures';
import { type Inspection, inspectFile } from '../operations';
import type { Register } from './command';
import type { Answer } from './output';
import { countText, valueText } from './text';

/** `inspect`: what a model file holds. */
export function inspectingCommand(register: Register): void {
  const all = new Option('--all', 'every tensor, every layer and all of the metadata');
  register(
    'inspect <file>',
    'what a model file holds: tensors, metadata, architecture',
    [all],
    async ({ platform, directory }, [path = ''], options) =>
      inspectAnswer(await inspectFile(platform, { directory, path }), options.all === true),
  );
}

/** So many lines of each part are shown to people; `--all` and `--json` have them all. */
const shown = 40;

function inspectAnswer(inspection: Inspection, all: boolean): Answer {
  const { tensors, ...rest } = inspection;
  const plain = tensors.map(({ name, dtype, shape, bytes, strides }) => ({
    ...{ name, dtype, shape, bytes },
    ...(strides === undefined ? {} : { strides }),
  }));
  const { path, format, bytes, parameters, metadata, architecture, warnings } = rest;
  return {
    document: { path, format, bytes, tensors: plain, parameters, metadata, architecture, warnings },
    text: inspectionText(inspection, all ? Number.POSITIVE_INFINITY : shown),
  };
}

function inspectionText(inspection: Inspection, limit: number): string {
  const { path, format, bytes, tensors, parameters, metadata, architecture, warnings } = inspection;
  const count = parameters === null ? '' : `, ${parameters.toLocaleString('en')} parameters`;
  const parts = [
    [`${path}: ${format}, ${bytesText(bytes)}, ${countText(tensors.length, 'tensor')}${count}`],
    limited('Metadata', metadataLines(metadata), limit),
    limited('Architecture', architecture === null ? [] : layerLines(architecture, 0), limit),
    limited('Tensors', tensorLines(tensors), limit),
    limited(
      'Warnings',
      warnings.map(({ message }) => message),
      limit,
    ),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function limited(title: string, lines: readonly string[], limit: number): string[] {
  if (lines.length === 0) return [];
  const rest = lines.length - limit;
  const more = rest > 0 ? [`  and ${rest} more; "--all" shows them`] : [];
  return [title, ...lines.slice(0, limit).map((line) => `  ${line}`), ...more];
}

function metadataLines(metadata: Inspection['metadata']): string[] {
  return Object.entries(metadata).map(([key, value]) => `${key}: ${valueText(value)}`);
}

function tensorLines(tensors: Inspection['tensors']): string[] {
  const width = Math.min(
    60,
    Math.max(0, ...tensors.slice(0, 10_000).map(({ name }) => name.length)),
  );
  return tensors.map(({ name, dtype, shape, bytes }) => {
    const size = shapeText(shape);
    return `${(name === '' ? '(the array)' : name).padEnd(width)}  ${dtype.padEnd(5)} ${size}  ${bytesText(bytes)}`;
  });
}

function layerLines(node: ArchitectureNode, depth: number): string[] {
  const attributes = Object.entries(node.attributes)
    .slice(0, 6)
    .map(([key, value]) => `${key}=${valueText(value)}`);
  const name = [node.name, node.kind].filter((part) => part !== '').join(': ');
  const line = `${'  '.repeat(depth)}${name}${attributes.length === 0 ? '' : ` (${attributes.join(', ')})`}`;
  return [line, ...node.children.flatMap((child) => layerLines(child, depth + 1))];
}
