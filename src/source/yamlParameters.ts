import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { ParameterValue } from '../core/parameters';
import { type FoundText, nothingFound, type SourceParameter } from './parameter';
import { isParameter } from './pythonLiteral';

/** A parameter file is written by hand; more than this is data. */
const longestDocument = 1024 * 1024;
const deepest = 32;
/** `${optimizer.lr}`, which OmegaConf computes. */
const interpolation = /\$\{/;

/**
 * The values of a YAML document: paths with dots, lists of plain values whole, lists of maps by index. What is merged or referred to
 * (`<<`, `*alias`, `${…}`) stands somewhere else and is left out. Works on text that does not parse
 * at the moment: what is read before and after the broken place counts.
 */
export function findInYaml(text: string): FoundText {
  if (text.length > longestDocument) return nothingFound;
  const document = parseDocument(text, {
    prettyErrors: false,
    logLevel: 'silent',
    uniqueKeys: false,
    strict: false,
  });
  const parameters: SourceParameter[] = [];
  visit(document.contents, [], parameters);
  const ended = parameters.map((found) => ({ ...found, end: endOf(text, found) }));
  return { ...nothingFound, parameters: ended.sort((a, b) => a.start - b.start) };
}

function visit(node: unknown, path: readonly string[], found: SourceParameter[]): void {
  if (path.length > deepest) return;
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (isScalar(key) && key.value !== null) visit(value, [...path, String(key.value)], found);
    }
    return;
  }
  const value = leafOf(node);
  const range = isScalar(node) || isSeq(node) ? node.range : null;
  if (value !== undefined && range) add(path, value, range[0], range[1], found);
  else if (isSeq(node))
    for (const [index, item] of node.items.entries()) visit(item, [...path, String(index)], found);
}

/** A list in lines of its own ends with the last item, not with the line end behind it. */
function endOf(text: string, { start, end }: SourceParameter): number {
  return start + text.slice(start, end).trimEnd().length;
}

function add(
  path: readonly string[],
  value: ParameterValue,
  start: number,
  end: number,
  found: SourceParameter[],
): void {
  const dotted = path.join('.');
  // An empty value has no text that another could take the place of.
  if (end <= start || dotted === '' || !isParameter(dotted, value)) return;
  found.push({ name: path.at(-1) ?? '', path: dotted, kind: 'document', value, start, end });
}

/**
 * The values of a JSON document; comments, which JSON with comments has, become spaces, so that
 * every offset still holds.
 */
export function findInJson(text: string): FoundText {
  return findInYaml(
    text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (piece) =>
      piece.startsWith('"') ? piece : piece.replace(/[^\r\n]/g, ' '),
    ),
  );
}

/** `undefined` for what is no plain value or list of plain values. */
function leafOf(node: unknown): ParameterValue | undefined {
  if (isScalar(node)) return scalar(node.value);
  if (!isSeq(node) || node.items.length === 0 || node.items.length > 1000) return undefined;
  const items = node.items.map((item) =>
    isScalar(item) ? scalar(item.value) : isSeq(item) ? leafOf(item) : undefined,
  );
  const known = items.filter((item) => item !== undefined);
  return known.length === items.length ? known : undefined;
}

function scalar(value: unknown): ParameterValue | undefined {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return interpolation.test(value) ? undefined : value;
  return undefined;
}
