import type { ParameterValue } from '../core/parameters';
import type { ParameterKind } from './parameter';
import { childrenOf, readLiteral, type SyntaxNode, textOf } from './pythonLiteral';
import { readString } from './pythonText';

/** The arguments of a call, as they are written. */
export interface CallArguments {
  readonly positional: readonly SyntaxNode[];
  readonly keywords: readonly (readonly [name: string, value: SyntaxNode])[];
  /** What stands behind `*` and `**`. */
  readonly spread: readonly SyntaxNode[];
}

/** Groups an argument list by its commas; an argument without its value is left out. */
export function argumentsOf(list: SyntaxNode | null, text: string): CallArguments {
  const positional: SyntaxNode[] = [];
  const keywords: [string, SyntaxNode][] = [];
  const spread: SyntaxNode[] = [];
  for (const group of groupsOf(list)) {
    const [first, second, third] = group;
    if (first === undefined) continue;
    if (first.name === '*' || first.name === '**') {
      if (second !== undefined) spread.push(second);
    } else if (second?.name === 'AssignOp') {
      if (first.name === 'VariableName' && third !== undefined && !third.type.isError)
        keywords.push([textOf(first, text), third]);
    } else if (group.length === 1) positional.push(first);
    else spread.push(...group);
  }
  return { positional, keywords, spread };
}

function groupsOf(list: SyntaxNode | null): SyntaxNode[][] {
  const groups: SyntaxNode[][] = [[]];
  for (const child of list === null ? [] : childrenOf(list)) {
    if (child.name === ',') groups.push([]);
    else if (!/^[()]$|^Comment$/.test(child.name)) groups.at(-1)?.push(child);
  }
  return groups;
}

/** The last name of what is called (`Adam` of `torch.optim.Adam`); empty where there is none. */
export function calleeName(callee: SyntaxNode | null, text: string): string {
  if (callee === null) return '';
  if (callee.name === 'VariableName') return textOf(callee, text);
  const last = callee.name === 'MemberExpression' ? callee.lastChild : null;
  return last?.name === 'PropertyName' ? textOf(last, text) : '';
}

const optionCalls = new Set(['add_argument', 'add_option', 'option', 'argument']);
const flagCall = /^DEFINE_(?:float|integer|string|bool|boolean|enum|list|multi_\w+)$/;

/** Whether a call of this name declares an option of the command line. */
export function isOptionCall(name: string): boolean {
  return optionCalls.has(name) || flagCall.test(name);
}

/**
 * The name and default of an option: argparse's `dest` or first long flag with `_` for `-`, click's
 * the same, absl's first argument. `null` where it has no default that is a literal.
 */
export function optionOf(
  name: string,
  { positional, keywords }: CallArguments,
  text: string,
): { name: string; value: SyntaxNode } | null {
  const texts = positional
    .map((node) => (node.name === 'String' ? readString(textOf(node, text)) : null))
    .filter((flag) => flag !== null);
  const named = new Map(keywords);
  const flag = flagCall.test(name);
  const value = named.get('default') ?? (flag ? positional[1] : undefined);
  const option = destinationOf(named.get('dest'), texts, text);
  if (value === undefined || option === '' || readLiteral(value, text, 0) === undefined)
    return null;
  return { name: option, value };
}

function destinationOf(dest: SyntaxNode | undefined, flags: readonly string[], text: string) {
  const said = dest?.name === 'String' ? readString(textOf(dest, text)) : null;
  // click takes a name without dashes, wherever it stands; argparse the first long flag.
  const chosen =
    said ??
    flags.find((flag) => /^[A-Za-z_]\w*$/.test(flag)) ??
    flags.find((flag) => flag.startsWith('--')) ??
    flags[0] ??
    '';
  return chosen.split('/')[0]?.replace(/^-+/, '').replaceAll('-', '_') ?? '';
}

const fieldCalls = new Set([
  ...['field', 'Field', 'Option', 'Argument', 'Query', 'PrivateAttr', 'attrib', 'ib', 'Param'],
  ...['ListField', 'tyro_field', 'ArgField', 'HfArg'],
]);

/** The default that `field(default=…)`, `Field(0.1, ge=0)` and the like give; `null` without one. */
export function fieldDefault(
  name: string,
  { positional, keywords }: CallArguments,
): SyntaxNode | null {
  if (!fieldCalls.has(name)) return null;
  const named = new Map(keywords);
  const factory = named.get('default_factory');
  const made = factory?.name === 'LambdaExpression' ? factory.lastChild : null;
  return named.get('default') ?? made ?? positional[0] ?? null;
}

/** Whether a call of this name is a field's declaration, so that its other keywords mean nothing. */
export function isFieldCall(name: string): boolean {
  return fieldCalls.has(name);
}

const namespaceCalls = new Set([
  ...['SimpleNamespace', 'Namespace', 'EasyDict', 'edict', 'dict', 'AttrDict', 'AttributeDict'],
  ...[
    'ConfigDict',
    'Munch',
    'Bunch',
    'Dict',
    'Box',
    'DotMap',
    'DictConfig',
    'CN',
    'CfgNode',
    'OrderedDict',
  ],
]);

/** Whether a call of this name, on this object, makes an object out of names and values. */
function isNamespaceCall(name: string, callee: SyntaxNode | null, text: string): boolean {
  if (namespaceCalls.has(name)) return true;
  const object = callee?.firstChild;
  return (
    name === 'create' &&
    object !== null &&
    object !== undefined &&
    calleeName(object, text) === 'OmegaConf'
  );
}

/** Whether a call of this name changes entries of the object that it is called on. */
export function isUpdateCall(name: string): boolean {
  return /^(?:update|merge_with|merge_update|override|set_params)$/.test(name);
}

/** Whether a call of this name gives options of the command line their defaults. */
export function isDefaultsCall(name: string): boolean {
  return name === 'set_defaults';
}

/** Whether a call of this name makes an object: a class by its capital, and no exception. */
export function makesObject(name: string): boolean {
  return (
    /^[A-Z]/.test(name) &&
    !/(?:Error|Exception|Warning|Exit|Tensor|Path|Decimal|Counter|Thread|Timer|Lock|Queue)$/.test(
      name,
    )
  );
}

const quietNames =
  /^(?:print|pprint|open|join|format|warn|warning|debug|info|error|critical|exception|input|exit|getLogger|basicConfig|filterwarnings|tqdm|trange|track|ArgumentParser|OptionParser|add_argument_group|add_subparsers|add_parser|add_mutually_exclusive_group|sorted|sort|min|max|zip|enumerate|sum|round|int|str|dumps|makedirs|mkdir|savefig|subplots|figure|imshow|legend|Figure|Console|Progress)$/;
const quietObjects =
  /^(?:self\.)?_?(?:plt|pyplot|matplotlib(?:\.\w+)*|ax|axs|axes?|fig|figure|sns|logging|logger|log|console|os|sys|re|json|warnings|shutil|subprocess|textwrap)(?:\[.*\])?$/;
/** Keywords that say how something is told, drawn, laid out or kept, in any call. */
const quietKeywords =
  /^(?:verbose|verbose_eval|show_progress|progress_bar|prog_bar|enable_progress_bar|keepdims?|non_blocking|set_to_none|retain_graph|create_graph|map_location|weights_only|return_X_y|as_frame|inplace|exist_ok|parents|flush|end|sep|desc|leave|file|encoding|newline|indent|help|description|metavar)$/;

/**
 * What the keywords of a call are; `null` where they say how something is told or drawn, and nothing
 * about the training.
 */
export function keywordKind(
  name: string,
  callee: SyntaxNode | null,
  text: string,
): ParameterKind | null {
  if (isDefaultsCall(name)) return 'option';
  if (isNamespaceCall(name, callee, text) || isUpdateCall(name)) return 'entry';
  const object = callee?.name === 'MemberExpression' ? callee.firstChild : null;
  const on = object === null || object === undefined ? '' : textOf(object, text);
  return quietNames.test(name) || quietObjects.test(on) ? null : 'keyword';
}

/** `dim=1` says how numbers are laid out; `dim=512` is a width. */
export function isQuietKeyword(name: string, value: ParameterValue | undefined): boolean {
  if (/^(?:dim|axis)$/.test(name)) return typeof value === 'number' && Math.abs(value) < 10;
  return quietKeywords.test(name);
}
