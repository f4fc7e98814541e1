import { childrenOf, type SyntaxNode, textOf } from './pythonLiteral';
import { readString } from './pythonText';

/**
 * `cfg.optimizer["lr"]` as its names, without a leading `self`; `null` for any other target of an
 * assignment.
 */
export function chainOf(target: SyntaxNode, text: string): string[] | null {
  if (target.name === 'VariableName') {
    const name = textOf(target, text);
    return name === 'self' ? [] : [name];
  }
  if (target.name !== 'MemberExpression') return null;
  const [object, mark, key] = childrenOf(target);
  const before = object === undefined ? null : chainOf(object, text);
  if (before === null || key === undefined) return null;
  if (mark?.name === '.' && key.name === 'PropertyName') return [...before, textOf(key, text)];
  const name = mark?.name === '[' && key.name === 'String' ? readString(textOf(key, text)) : null;
  return name === null ? null : [...before, name];
}

/** Whether something can be assigned to it. */
export function isTarget({ name }: SyntaxNode): boolean {
  return /^(?:VariableName|MemberExpression|(?:Tuple|Array|Parenthesized)Expression|\*)$/.test(
    name,
  );
}

/** Each list of targets before a `=`, and the values at the end. */
export function assignmentParts(node: SyntaxNode) {
  const parts: SyntaxNode[][] = [[]];
  let tuple = false;
  for (const child of childrenOf(node)) {
    if (child.name === 'AssignOp') {
      parts.push([]);
      tuple = false;
    } else if (child.name === ',') tuple = true;
    else if (!/^TypeDef$|^Comment$/.test(child.name)) parts.at(-1)?.push(child);
  }
  const values = parts.pop() ?? [];
  return { targets: parts, values, tuple };
}

/** The arguments of a function that have a default, with it. */
export function defaultsOf(list: SyntaxNode | null, text: string): [string, SyntaxNode][] {
  const defaults: [string, SyntaxNode][] = [];
  let name = '';
  let assigned = false;
  for (const child of list === null ? [] : childrenOf(list)) {
    if (child.name === ',') [name, assigned] = ['', false];
    else if (child.name === 'AssignOp') assigned = true;
    else if (assigned && name !== '' && !child.type.isError && child.name !== 'Comment') {
      defaults.push([name, child]);
      name = '';
    } else if (!assigned && child.name === 'VariableName') name = textOf(child, text);
  }
  return defaults;
}
