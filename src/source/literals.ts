import { parser } from '@lezer/python';
import type { ParameterValue } from '../core/parameters';
import { readNumber, readString } from './pythonText';
import { changingNames } from './state';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** A literal that is assigned to a name at the top of a module. */
export interface SourceLiteral {
  /** The variable's name; for an entry of a dictionary with the keys after dots (`CONFIG.lr`). */
  readonly name: string;
  readonly value: ParameterValue;
  /** Of the literal, counted from 1. */
  readonly line: number;
  /** Where the literal's text begins and ends, as string offsets. */
  readonly start: number;
  readonly end: number;
}

/** Longer source is generated, not written by hand, and holds no hyperparameters. */
const longestSource = 2 * 1024 * 1024;
const longestString = 200;
const mostItems = 1000;
const deepest = 8;

/**
 * The hyperparameters of a script: numbers, texts of at most 200 characters, booleans, `None`, and
 * lists and tuples of these, assigned to names at the top of the module (`LR = 1e-3`,
 * `lr: float = 1e-3`, `a, b = 1, 2`); entries of dictionaries one by one. In the order of the text;
 * a name that is assigned twice comes twice, and the last one counts.
 *
 * Left out: what is computed, what stands in functions, classes and blocks, names that the module
 * counts up or assigns in a loop, `__dunder__` names, empty containers, texts that name a place
 * (`DATA_PATH`) or a secret (`API_TOKEN`). Works on text that does not parse at the moment: only
 * the broken statement is left out. Nothing of text over 2 MiB.
 */
export function findLiterals(text: string): SourceLiteral[] {
  if (text.length > longestSource) return [];
  const tree = parser.parse(text).topNode;
  const changing = changingNames(tree, text);
  const lines = lineStarts(text);
  const found: SourceLiteral[] = [];
  for (const { name, values, tuple } of assignmentsIn(tree, text)) {
    if (changing.has(name) || /^__.*__$/.test(name) || name === '_') continue;
    const literals = tuple ? tupleOf(name, values, text) : literalsOf(name, values[0], text, 0);
    for (const literal of literals) {
      if (!isParameter(literal.name, literal.value)) continue;
      found.push({ ...literal, line: lineOf(lines, literal.start) });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

interface Assignment {
  readonly name: string;
  readonly values: readonly SyntaxNode[];
  /** They are a tuple without parentheses. */
  readonly tuple: boolean;
}

function assignmentsIn(tree: SyntaxNode, text: string): Assignment[] {
  return childrenOf(tree)
    .flatMap((node) => (node.name === 'StatementGroup' ? childrenOf(node) : [node]))
    .filter((node) => node.name === 'AssignStatement')
    .flatMap((statement) => assignmentsOf(statement, text));
}

/** `A = 1`, `A: int = 1`, `A = B = 1`, `A, B = 1, 2`. */
function assignmentsOf(statement: SyntaxNode, text: string): Assignment[] {
  const parts: SyntaxNode[][] = [[]];
  let commas = 0;
  for (const child of childrenOf(statement)) {
    if (child.name === 'AssignOp') {
      parts.push([]);
      commas = 0;
    } else if (child.name === ',') commas++;
    else if (child.name !== 'TypeDef') parts.at(-1)?.push(child);
  }
  const values = parts.pop() ?? [];
  const tuple = commas > 0;
  return parts.flatMap((targets) => {
    if (!targets.every((target) => target.name === 'VariableName')) return [];
    const names = targets.map((target) => textOf(target, text));
    if (names.length === 1) return [{ name: names[0] ?? '', values, tuple }];
    if (names.length !== values.length) return [];
    return names.map((name, index) => ({
      name,
      values: values.slice(index, index + 1),
      tuple: false,
    }));
  });
}

type Found = Omit<SourceLiteral, 'line'>;

function literalsOf(
  name: string,
  node: SyntaxNode | undefined,
  text: string,
  depth: number,
): Found[] {
  if (node === undefined || depth > deepest) return [];
  if (node.name === 'DictionaryExpression') return entriesOf(name, node, text, depth);
  const value = readLiteral(node, text, depth);
  return value === undefined ? [] : [{ name, value, start: node.from, end: endOf(node) }];
}

function tupleOf(name: string, nodes: readonly SyntaxNode[], text: string): Found[] {
  const value = readAll(nodes, text, 0);
  const [first, last] = [nodes[0], nodes.at(-1)];
  if (value === undefined || first === undefined || last === undefined) return [];
  // A comma at the end belongs to the literal: without it, one item would be no tuple.
  const comma = /^[ \t]*,/.exec(text.slice(endOf(last)));
  return [{ name, value, start: first.from, end: endOf(last) + (comma?.[0].length ?? 0) }];
}

function readAll(
  nodes: readonly SyntaxNode[],
  text: string,
  depth: number,
): ParameterValue[] | undefined {
  if (nodes.length > mostItems) return undefined;
  const values = nodes.map((node) => readLiteral(node, text, depth));
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length ? undefined : known;
}

function entriesOf(name: string, dictionary: SyntaxNode, text: string, depth: number): Found[] {
  const parts = childrenOf(dictionary).filter((child) => !/^[{},:]$|^Comment$/.test(child.name));
  // Keys and values take turns only where there is no `**other` and nothing is broken.
  if (parts.length % 2 !== 0 || parts.length > mostItems) return [];
  const found: Found[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [key, value] = [parts[index], parts[index + 1]];
    const keyText = key?.name === 'String' ? readString(textOf(key, text)) : null;
    if (keyText === null || value === undefined) continue;
    found.push(...literalsOf(`${name}.${keyText}`, value, text, depth + 1));
  }
  return found;
}

/** `undefined` for anything that is no literal. */
function readLiteral(node: SyntaxNode, text: string, depth: number): ParameterValue | undefined {
  switch (node.name) {
    case 'Number':
      return readNumber(textOf(node, text)) ?? undefined;
    case 'MemberExpression':
      return readWithBareDot(node, text);
    case 'UnaryExpression':
      return readSigned(node, text);
    case 'String':
      return readString(textOf(node, text)) ?? undefined;
    case 'ContinuedString':
      return readContinued(node, text);
    case 'Boolean':
      return textOf(node, text) === 'True';
    case 'None':
      return null;
    case 'ParenthesizedExpression':
    case 'TupleExpression':
    case 'ArrayExpression':
      return depth > deepest ? undefined : readItems(node, text, depth);
    default:
      return undefined;
  }
}

function readSigned(node: SyntaxNode, text: string): ParameterValue | undefined {
  const [sign, number] = childrenOf(node);
  if (number === undefined || sign?.name !== 'ArithOp') return undefined;
  const value = number.name === 'UnaryExpression' ? undefined : readLiteral(number, text, deepest);
  if (typeof value !== 'number' && !isLongNumber(number, value)) return undefined;
  const operator = textOf(sign, text);
  if (operator === '+') return value;
  if (operator !== '-') return undefined;
  return typeof value === 'string' ? `-${value}` : 0 - value;
}

/** A number too long for JavaScript is its text. */
function isLongNumber(node: SyntaxNode, value: ParameterValue | undefined): value is string {
  return node.name === 'Number' && typeof value === 'string';
}

/** `5.`, which the grammar takes for an attribute that is not typed yet. */
function readWithBareDot(node: SyntaxNode, text: string): number | undefined {
  const [number, dot, ...rest] = childrenOf(node);
  const bare = rest.every((child) => child.type.isError || child.name === 'Comment');
  if (number?.name !== 'Number' || dot?.name !== '.' || !bare) return undefined;
  const digits = textOf(number, text).replaceAll('_', '');
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}

/** Where a literal's own text ends: error recovery draws a comment behind `5.` into it. */
function endOf(node: SyntaxNode): number {
  const last = node.name === 'UnaryExpression' ? node.lastChild : null;
  if (last !== null) return endOf(last);
  return node.name === 'MemberExpression' ? (childrenOf(node)[1]?.to ?? node.to) : node.to;
}

function readContinued(node: SyntaxNode, text: string): string | undefined {
  const parts = childrenOf(node).map((part) =>
    part.name === 'String' ? readString(textOf(part, text)) : null,
  );
  return parts.includes(null) ? undefined : parts.join('');
}

function readItems(node: SyntaxNode, text: string, depth: number): ParameterValue | undefined {
  const items = childrenOf(node).filter((child) => !/^[()[\],]$|^Comment$/.test(child.name));
  const values = readAll(items, text, depth + 1);
  return node.name === 'ParenthesizedExpression' ? values?.[0] : values;
}

const places = /(?:^|[_.])(?:paths?|dirs?|directory|files?|filename|folder|url|uri)$/i;
const secrets =
  /(?:^|[_.])(?:token|secret|password|passwd|credentials?|(?:api|access|private)_?key)s?$/i;

function isParameter(name: string, value: ParameterValue): boolean {
  if (Array.isArray(value)) {
    return value.length > 0 && value.every((item: ParameterValue) => isParameter(name, item));
  }
  if (typeof value !== 'string') return true;
  // `MAX_TOKENS` is a number; as a text, nothing that ends so belongs into a record.
  return value.length <= longestString && !places.test(name) && !secrets.test(name);
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

function textOf(node: SyntaxNode, text: string): string {
  return text.slice(node.from, node.to);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { index } of text.matchAll(/\r\n|\r|\n/g)) {
    starts.push(index + (text.startsWith('\r\n', index) ? 2 : 1));
  }
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
