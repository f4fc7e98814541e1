import type { EntryPoint, ParameterKind, SourceParameter } from './parameter';
import {
  argumentsOf,
  type CallArguments,
  calleeName,
  fieldDefault,
  isDefaultsCall,
  isFieldCall,
  isOptionCall,
  isQuietKeyword,
  isUpdateCall,
  keywordKind,
  makesObject,
  optionOf,
} from './pythonArguments';
import { chainOf } from './pythonAssignments';
import {
  childrenOf,
  endOf,
  isNumeric,
  isParameter,
  readLiteral,
  type SyntaxNode,
  textOf,
} from './pythonLiteral';
import { readString } from './pythonText';

/** Nodes are followed no deeper than this: what lies below is no code that a person wrote. */
export const deepestNode = 120;

/** Where the walk stands. */
export interface Scope {
  /** Functions, classes and calls around it. */
  readonly path: readonly string[];
  /** What an assigned name is here. */
  readonly assigned: ParameterKind;
  /** Names that the code around changes, so that no value of theirs is a hyperparameter. */
  readonly changing: ReadonlySet<string>;
  readonly depth: number;
}

/** Looks through expressions: literals with a name, entries of dictionaries, arguments of calls. */
export class ValueWalk {
  readonly parameters: SourceParameter[] = [];
  readonly entryPoints: EntryPoint[] = [];

  constructor(protected readonly text: string) {}

  protected assigned(target: SyntaxNode, value: SyntaxNode, scope: Scope): void {
    const chain = chainOf(target, this.text);
    const [first] = chain ?? [];
    if (chain === null || first === undefined) {
      this.search(value, scope);
      return;
    }
    const plain = target.name === 'VariableName';
    const counted = plain && scope.changing.has(first);
    if (counted || /^(?:__.*__|_)$/.test(first)) {
      this.search(value, scope);
      return;
    }
    // What is set on `self` belongs to the class, whichever method does it.
    const own = !plain && textOf(target, this.text).startsWith('self.');
    const around = own && scope.path.length > 1 ? scope.path.slice(0, 1) : scope.path;
    this.value(value, [...around, ...chain], plain ? scope.assigned : 'entry', scope);
  }

  /** A value that belongs to a path: its literal, its entries, or the keywords of its call. */
  protected value(
    node: SyntaxNode,
    path: readonly string[],
    kind: ParameterKind,
    above: Scope,
  ): void {
    if (above.depth > deepestNode) return;
    const scope = { ...above, depth: above.depth + 1 };
    const value = readLiteral(node, this.text, 0);
    if (value !== undefined) {
      const name = path.at(-1) ?? '';
      const dotted = path.join('.');
      if (name !== '' && isParameter(dotted, value))
        this.parameters.push({
          name,
          path: dotted,
          kind,
          value,
          start: node.from,
          end: endOf(node),
        });
    } else if (node.name === 'DictionaryExpression') this.entries(node, path, scope);
    else if (node.name === 'CallExpression') this.callNode(node, path, scope, kind);
    else if (/^(?:Array|Tuple|Parenthesized)Expression$/.test(node.name))
      this.items(node, path, kind, scope);
    else if (node.name !== 'LambdaExpression') this.search(node, { ...scope, path });
  }

  private items(
    node: SyntaxNode,
    path: readonly string[],
    kind: ParameterKind,
    scope: Scope,
  ): void {
    const items = childrenOf(node).filter(({ name }) => !/^[()[\],]$|^Comment$/.test(name));
    if (node.name === 'ParenthesizedExpression') {
      for (const item of items) this.value(item, path, kind, scope);
      return;
    }
    for (const [index, item] of items.entries()) {
      if (item.name === 'DictionaryExpression') this.entries(item, [...path, String(index)], scope);
      else this.search(item, { ...scope, path });
    }
  }

  private entries(node: SyntaxNode, path: readonly string[], scope: Scope): void {
    let key: string | null = null;
    let colon = false;
    for (const child of childrenOf(node)) {
      if (child.name === ',') [key, colon] = [null, false];
      else if (child.name === ':') colon = true;
      else if (child.type.isError || /^[{}]$|^Comment$/.test(child.name)) continue;
      else if (colon && key !== null) {
        this.value(child, [...path, key], 'entry', scope);
        key = null;
      } else if (!colon && child.name === 'String') key = readString(textOf(child, this.text));
      else this.search(child, { ...scope, path });
    }
  }

  protected callNode(
    node: SyntaxNode,
    target: readonly string[] | null,
    scope: Scope,
    kind: ParameterKind = 'keyword',
  ): void {
    const callee = node.firstChild;
    const given = argumentsOf(node.getChild('ArgList'), this.text);
    const name = calleeName(callee, this.text);
    if (name === 'fit' && callee?.name === 'MemberExpression')
      this.entryPoints.push({ kind: 'fit', start: node.from });
    if (/Trainer$/.test(name)) this.entryPoints.push({ kind: 'trainer', start: node.from });
    const standard = target === null ? null : fieldDefault(name, given);
    if (standard !== null && target !== null) {
      this.value(standard, target, kind === 'keyword' ? 'field' : kind, scope);
      return;
    }
    this.chained(callee, target, scope);
    this.call(name, given, target, scope, callee);
  }

  /** `Net(hidden=64).to(device)`: what is called on belongs to the same target. */
  private chained(callee: SyntaxNode | null, target: readonly string[] | null, scope: Scope): void {
    const object = callee?.name === 'MemberExpression' ? callee.firstChild : null;
    if (object === null || object === undefined || scope.depth > deepestNode) return;
    const below = { ...scope, depth: scope.depth + 1 };
    if (object.name === 'CallExpression') this.callNode(object, target, below);
    else if (object.name !== 'VariableName') this.search(object, below);
  }

  protected call(
    name: string,
    given: CallArguments,
    target: readonly string[] | null,
    scope: Scope,
    callee: SyntaxNode | null,
  ): void {
    const { positional, keywords, spread } = given;
    if (isOptionCall(name)) {
      const option = optionOf(name, given, this.text);
      if (option !== null) this.value(option.value, [...scope.path, option.name], 'option', scope);
      return;
    }
    if (isFieldCall(name) && target !== null) return;
    const path = target ?? this.pathOfCall(name, callee, scope);
    const below = { ...scope, path };
    for (const [index, node] of positional.entries())
      this.place(node, `${name}(${index + 1})`, name, below);
    for (const node of spread) this.place(node, '', '', below);
    const kind = keywordKind(name, callee, this.text);
    for (const [keyword, value] of keywords) {
      const literal = readLiteral(value, this.text, 0);
      if (kind === null || isQuietKeyword(keyword, literal)) this.search(value, below);
      else this.value(value, [...path, keyword], kind, scope);
    }
  }

  /** What is updated, or whose defaults are set, has the names; else what is called. */
  private pathOfCall(name: string, callee: SyntaxNode | null, scope: Scope): readonly string[] {
    if (isDefaultsCall(name)) return scope.path;
    const object = callee?.name === 'MemberExpression' ? callee.firstChild : null;
    const chain = object && isUpdateCall(name) ? chainOf(object, this.text) : null;
    return [...scope.path, ...(chain ?? (name === '' ? [] : [name]))];
  }

  /** An argument by its place: numbers count where an object is made, by what and which place. */
  private place(node: SyntaxNode, place: string, name: string, scope: Scope): void {
    const value = makesObject(name) ? readLiteral(node, this.text, 0) : undefined;
    const around = scope.path.at(-1) === name ? scope.path.slice(0, -1) : scope.path;
    if (value !== undefined && isNumeric(value))
      this.value(node, [...around, place], 'place', scope);
    else if (node.name === 'DictionaryExpression') this.entries(node, scope.path, scope);
    else if (node.name === 'ArrayExpression') this.items(node, scope.path, 'entry', scope);
    else this.search(node, scope);
  }

  /** Calls and dictionaries inside an expression; its literals belong to nothing. */
  protected search(node: SyntaxNode, above: Scope): void {
    if (above.depth > deepestNode) return;
    const scope = { ...above, depth: above.depth + 1 };
    if (node.name === 'CallExpression') this.callNode(node, null, scope);
    else if (node.name === 'DictionaryExpression') this.entries(node, scope.path, scope);
    else if (node.name === 'NamedExpression') this.named(node, scope);
    else if (node.name !== 'LambdaExpression')
      for (const child of childrenOf(node)) this.search(child, scope);
  }

  /** `(lr := 0.1)`. */
  private named(node: SyntaxNode, scope: Scope): void {
    const [target, , value] = childrenOf(node);
    if (target !== undefined && value !== undefined) this.assigned(target, value, scope);
  }
}
