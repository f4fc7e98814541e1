import type { EntryPoint, SourceParameter } from './parameter';
import { argumentsOf } from './pythonArguments';
import { assignmentParts, defaultsOf, isTarget } from './pythonAssignments';
import { childrenOf, type SyntaxNode, textOf } from './pythonLiteral';
import { deepestNode, type Scope, ValueWalk } from './pythonValues';
import { changingNames } from './state';

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
  const walk = new StatementWalk(text);
  walk.statement(statement, { path: [], assigned: 'constant', changing, depth: 0 });
  return { parameters: walk.parameters, entryPoints: walk.entryPoints, changing };
}

class StatementWalk extends ValueWalk {
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
      if (/(?:Body|Clause|Statement|Definition|Group)$/.test(child.name))
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
    if (!targets.flat().every(isTarget)) {
      // `lr =` with the next line behind it, while a person types: nobody knows what is whose.
      for (const part of [...targets.flat(), ...values]) this.search(part, scope);
      return;
    }
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
}
