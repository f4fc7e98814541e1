import type { parser } from '@lezer/python';
import type { ParameterValue } from '../core/parameters';
import { readNumber, readString } from './pythonText';

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

const longestString = 200;
/** A list of more items is data. */
export const mostItems = 1000;
/** Nesting of containers that are followed. */
export const deepest = 8;

/** `undefined` for anything that is no literal. */
export function readLiteral(
  node: SyntaxNode,
  text: string,
  depth: number,
): ParameterValue | undefined {
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
export function endOf(node: SyntaxNode): number {
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

/** Whether a literal of this name is a hyperparameter: no place, no secret, no long text. */
export function isParameter(name: string, value: ParameterValue): boolean {
  if (Array.isArray(value)) {
    return value.length > 0 && value.every((item: ParameterValue) => isParameter(name, item));
  }
  if (typeof value !== 'string') return true;
  // `MAX_TOKENS` is a number; as a text, nothing that ends so belongs into a record.
  return value.length <= longestString && !places.test(name) && !secrets.test(name);
}

/** A number, or a list of numbers. */
export function isNumeric(value: ParameterValue): boolean {
  if (typeof value === 'number') return true;
  return Array.isArray(value) && value.length > 0 && value.every(isNumeric);
}

/** Its children, errors and comments included. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

/** The text that it covers. */
export function textOf(node: SyntaxNode, text: string): string {
  return text.slice(node.from, node.to);
}

/** All of them; `undefined` where one is no literal, or there are too many. */
export function readAll(
  nodes: readonly SyntaxNode[],
  text: string,
  depth: number,
): ParameterValue[] | undefined {
  if (nodes.length > mostItems) return undefined;
  const values = nodes.map((node) => readLiteral(node, text, depth));
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length ? undefined : known;
}
