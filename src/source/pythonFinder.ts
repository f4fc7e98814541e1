import { TreeFragment } from '@lezer/common';
import { parser } from '@lezer/python';
import { longestSource } from '../core/pastValues';
import { type EntryPoint, type FoundText, nothingFound, type SourceParameter } from './parameter';
import { childrenOf, type SyntaxNode } from './pythonLiteral';
import { type FoundStatement, findInStatement } from './pythonParameters';
import { changedRanges } from './textChanges';

/** Statements whose findings are kept, as characters of their text. */
const keptCharacters = 4 * 1024 * 1024;

interface KeptStatement extends FoundStatement {
  readonly skeleton: number;
}

/**
 * Finds the hyperparameters of Python texts that are alike, one after the other: versions of a
 * script, or a script while a person types. Only what changed against the text before is parsed
 * and looked through again. Any text will do, also one that does not parse at the moment.
 */
export class PythonFinder {
  private text = '';
  private fragments: readonly TreeFragment[] = [];
  /** By the statement's text; offsets are from its beginning. */
  private kept = new Map<string, KeptStatement>();
  private characters = 0;

  find(text: string): FoundText {
    if (text.length > longestSource) return nothingFound;
    const statements = childrenOf(this.parse(text))
      .flatMap((node) => (node.name === 'StatementGroup' ? childrenOf(node) : [node]))
      .filter((node) => node.name !== 'Comment');
    const found = statements.map((node) => ({ node, own: this.statement(node, text) }));
    const changing = new Set(found.flatMap(({ own }) => [...own.changing]));
    const parameters: SourceParameter[] = [];
    const entryPoints: EntryPoint[] = [];
    let skeleton = 0;
    for (const { node, own } of found) {
      skeleton = (Math.imul(skeleton, 31) + own.skeleton) | 0;
      for (const parameter of own.parameters) {
        if (!(changing.has(parameter.path) && parameter.kind === 'constant'))
          parameters.push(moved(parameter, node.from));
      }
      for (const point of own.entryPoints)
        entryPoints.push({ ...point, start: point.start + node.from });
    }
    parameters.sort((a, b) => a.start - b.start);
    return { parameters, entryPoints, skeleton };
  }

  private parse(text: string): SyntaxNode {
    const known = TreeFragment.applyChanges(this.fragments, changedRanges(this.text, text));
    const tree = parser.parse(text, known);
    this.fragments = TreeFragment.addTree(tree, known);
    this.text = text;
    return tree.topNode;
  }

  private statement(node: SyntaxNode, text: string): KeptStatement {
    const own = text.slice(node.from, node.to);
    const known = this.kept.get(own);
    if (known !== undefined) return known;
    const { parameters, entryPoints, changing } = findInStatement(node, text);
    const made: KeptStatement = {
      parameters: parameters.map((parameter) => moved(parameter, -node.from)),
      entryPoints: entryPoints.map((point) => ({ ...point, start: point.start - node.from })),
      changing,
      skeleton: skeletonOf(own, node.from, parameters),
    };
    this.keep(own, made);
    return made;
  }

  private keep(own: string, made: KeptStatement): void {
    this.characters += own.length;
    if (this.characters > keptCharacters) {
      this.kept = new Map();
      this.characters = own.length;
    }
    this.kept.set(own, made);
  }
}

function moved(parameter: SourceParameter, by: number): SourceParameter {
  return { ...parameter, start: parameter.start + by, end: parameter.end + by };
}

/** FNV-1a over a statement without the literals in it. */
function skeletonOf(own: string, from: number, parameters: readonly SourceParameter[]): number {
  let hash = 0x811c9dc5;
  let at = 0;
  const take = (end: number) => {
    for (; at < end; at++) hash = Math.imul(hash ^ own.charCodeAt(at), 0x01000193);
  };
  for (const { start, end } of parameters.toSorted((a, b) => a.start - b.start)) {
    take(start - from);
    at = Math.max(at, end - from);
    hash = Math.imul(hash ^ 0xffff, 0x01000193);
  }
  take(own.length);
  return hash | 0;
}
