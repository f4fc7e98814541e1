import type { EntryPoint, ParameterKind, SourceParameter } from './parameter';
import {
  argumentsOf,
  type CallArguments,
  calleeName,
  fieldDefault,
  isFieldCall,
  isNamespaceCall,
  isOptionCall,
  isQuietCall,
  optionOf,
} from './pythonArguments';
import { assignmentParts, chainOf, defaultsOf } from './pythonAssignments';
import {
  childrenOf,
  endOf,
  isParameter,
  readLiteral,
  type SyntaxNode,
  textOf,
} from './pythonLiteral';
import { readString } from './pythonText';
import { changingNames } from './state';

/** Nodes are followed no deeper than this: what lies below is no code that a person wrote. */
const deepestNode = 120;

/** Where the walk stands. */
interface Scope {
  /** Functions, classes and calls around it. */
  readonly path: readonly string[];
  /** What an assigned name is here. */
  readonly assigned: ParameterKind;
  /** Names that the code around changes, so that no value of theirs is a hyperparameter. */
  readonly changing: ReadonlySet<string>;
  readonly depth: number;
}

/** What one statement of a module holds, with offsets from the text's beginning. */
export interface FoundStatement {
  readonly parameters: SourceParameter[];
  readonly entryPoints: EntryPoint[];
  /** Module names that the statement itself counts up or assigns in a loop. */
  readonly changing: ReadonlySet<string>;
}

/** Looks through one statement of a module; never throws, whatever is broken in it. */
export function findInStatement(statement: SyntaxNode, text: string): FoundStatement {
  const changing = changingNames(statement, text);
  const walk = new Walk(text);
  walk.statement(statement, { path: [], assigned: 'constant', changing, depth: 0 });
  return { parameters: walk.parameters, entryPoints: walk.entryPoints, changing };
}

class Walk {
  readonly parameters: SourceParameter[] = [];
  readonly entryPoints: EntryPoint[] = [];

  constructor(private readonly text: string) {}

  statement(node: SyntaxNode, above: Scope): void {
    if (above.depth > deepestNode) return;
    const scope = { ...above, depth: above.depth + 1 };
    switch (node.name) {
      case 'AssignStatement':
        this.assignment(node, scope);
        return;
      case 'FunctionDefinition':
        this.function(node, scope);
        return;
      case 'ClassDefinition':
        this.class(node, scope);
        return;
      case 'DecoratedStatement':
        this.decorated(node, scope);
        return;
      case 'IfStatement':
        this.mainGuard(node);
        this.children(node, scope);
        return;
      case 'UpdateStatement':
        return;
      default:
        this.children(node, scope);
        return;
    }
  }

  /** Blocks are statements, everything else is searched for calls and dictionaries. */
  private children(node: SyntaxNode, scope: Scope): void {
    for (const child of childrenOf(node)) {
      if (child.name === 'Body' || /(?:Statement|Definition|Group)$/.test(child.name))
        this.statement(child, scope);
      else this.search(child, scope);
    }
  }

  private mainGuard(node: SyntaxNode): void {
    const condition = childrenOf(node)[1];
    const start = node.from;
    if (condition !== undefined && /__name__\s*==/.test(textOf(condition, this.text)))
      this.entryPoints.push({ kind: 'main', start });
  }

  private function(node: SyntaxNode, scope: Scope): void {
    const name = this.definedName(node);
    if (/^_?train(?:_|ing|er)?(?:_.*|[a-z]*)?$/.test(name) || /^_?fit$/.test(name))
      this.entryPoints.push({ kind: 'train', start: node.from });
    const path = /^__init__$|^__new__$/.test(name) ? scope.path : [...scope.path, name];
    const list = node.getChild('ParamList');
    for (const [argument, value] of defaultsOf(list, this.text))
      this.value(value, [...path, argument], 'default', scope);
    const body = node.getChild('Body');
    if (body === null) return;
    const changing = changingNames(body, this.text);
    this.children(body, { ...scope, path, changing, assigned: 'constant' });
  }

  private class(node: SyntaxNode, scope: Scope): void {
    const path = [...scope.path, this.definedName(node)];
    const body = node.getChild('Body');
    if (body !== null)
      this.children(body, { ...scope, path, assigned: 'field', changing: new Set() });
  }

  private definedName(node: SyntaxNode): string {
    const name = node.getChild('VariableName');
    return name === null ? '' : textOf(name, this.text);
  }

  private decorated(node: SyntaxNode, scope: Scope): void {
    const defined = node.getChild('FunctionDefinition') ?? node.getChild('ClassDefinition');
    const path = defined === null ? scope.path : [...scope.path, this.definedName(defined)];
    for (const decorator of node.getChildren('Decorator')) {
      const names = childrenOf(decorator).filter(({ name }) => name === 'VariableName');
      const last = names.at(-1);
      const list = decorator.getChild('ArgList');
      if (last === undefined || list === null) continue;
      const name = textOf(last, this.text);
      this.call(name, argumentsOf(list, this.text), null, { ...scope, path }, last);
    }
    if (defined !== null) this.statement(defined, scope);
  }

  /** `a = 1`, `a: int = 1`, `a = b = 1`, `a, b = 1, 2`, `cfg.lr = 1`, `cfg["lr"] = 1`. */
  private assignment(node: SyntaxNode, scope: Scope): void {
    const { targets, values, tuple } = assignmentParts(node);
    for (const names of targets) {
      const [name] = names;
      const [value] = values;
      if (names.length === 1 && !tuple && name && value) this.assigned(name, value, scope);
      else if (names.length < 2 || names.length !== values.length)
        for (const value of values) this.search(value, scope);
      else
        for (const [index, name] of names.entries())
          this.assigned(name, values[index] ?? name, scope);
    }
  }

  private assigned(target: SyntaxNode, value: SyntaxNode, scope: Scope): void {
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
  private value(
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

  private callNode(
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

  private call(
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
    const path = target ?? [...scope.path, ...(name === '' ? [] : [name])];
    const below = { ...scope, path };
    const namespace = isNamespaceCall(name, callee, this.text);
    const quiet = isQuietCall(name, callee, this.text);
    for (const node of [...positional, ...spread]) {
      if (node.name === 'DictionaryExpression') this.entries(node, path, scope);
      else if (node.name === 'ArrayExpression') this.items(node, path, 'entry', scope);
      else this.search(node, below);
    }
    for (const [keyword, value] of keywords) {
      if (quiet) this.search(value, below);
      else this.value(value, [...path, keyword], namespace ? 'entry' : 'keyword', scope);
    }
  }

  /** Calls and dictionaries inside an expression; its literals belong to nothing. */
  private search(node: SyntaxNode, above: Scope): void {
    if (above.depth > deepestNode) return;
    const scope = { ...above, depth: above.depth + 1 };
    if (node.name === 'CallExpression') this.callNode(node, null, scope);
    else if (node.name === 'DictionaryExpression') this.entries(node, scope.path, scope);
    else if (node.name !== 'LambdaExpression')
      for (const child of childrenOf(node)) this.search(child, scope);
  }
}
