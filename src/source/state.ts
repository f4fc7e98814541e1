import type { parser } from '@lezer/python';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

const scopes = new Set(['FunctionDefinition', 'ClassDefinition', 'LambdaExpression']);
const loops = new Set(['ForStatement', 'WhileStatement']);

/**
 * Names that a module changes while it runs, so that their first value is a start and no
 * hyperparameter: `best = 0.0` before a loop that assigns `best`, `steps = 0` before `steps += 1`.
 * Only the module's own statements count, not those in functions and classes.
 */
export function changingNames(tree: SyntaxNode, text: string): Set<string> {
  const names = new Set<string>();
  let loopDepth = 0;
  tree.cursor().iterate(
    (node) => {
      if (scopes.has(node.name)) return false;
      if (loops.has(node.name)) loopDepth++;
      if (node.name === 'UpdateStatement' || (node.name === 'AssignStatement' && loopDepth > 0)) {
        for (const name of targetsOf(node.node, text)) names.add(name);
      }
      return true;
    },
    (node) => {
      if (loops.has(node.name)) loopDepth--;
    },
  );
  return names;
}

/** The names before the operator. */
function targetsOf(statement: SyntaxNode, text: string): string[] {
  const names: string[] = [];
  for (let child = statement.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === 'AssignOp' || child.name === 'UpdateOp') break;
    if (child.name === 'VariableName') names.push(text.slice(child.from, child.to));
  }
  return names;
}
