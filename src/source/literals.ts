import { parser } from '@lezer/python';
import type { ParameterValue } from '../core/parameters';
import { longestSource } from '../core/pastValues';
import {
  childrenOf,
  deepest,
  endOf,
  isParameter,
  mostItems,
  readAll,
  readLiteral,
  type SyntaxNode,
  textOf,
} from './pythonLiteral';
import { readString } from './pythonText';
import { changingNames } from './state';

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
