/** A part of a model as its file tells it: a layer, an operator, a group of either. */
export interface ArchitectureNode {
  /** Its own name within its parent; empty where it has none. */
  readonly name: string;
  /** `Dense`, `Conv`, `TreeEnsemble`, …; empty for a mere group. */
  readonly kind: string;
  readonly attributes: Readonly<Record<string, string | number | boolean | null>>;
  readonly children: readonly ArchitectureNode[];
}

export interface ArchitectureChange {
  /** Names from the root, joined with slashes; empty for the root. */
  readonly path: string;
  readonly status: 'added' | 'removed' | 'changed';
  readonly kind: string;
  /** Which attribute was what and is what. */
  readonly attributes: readonly {
    readonly key: string;
    readonly from: unknown;
    readonly to: unknown;
  }[];
}

/**
 * Layers that came, went, or have another kind or attribute. Layers are taken for one another by
 * name; then, among those of one kind in the same place, by their names without a number at the end,
 * which frameworks count up with every model that is made. What is in a layer that came or went is
 * not told apart.
 */
export function architectureChanges(
  from: ArchitectureNode,
  to: ArchitectureNode,
): ArchitectureChange[] {
  return [...changesOf(from, to, '')];
}

function* changesOf(
  from: ArchitectureNode,
  to: ArchitectureNode,
  path: string,
): Generator<ArchitectureChange> {
  const attributes = attributeChanges(from, to);
  if (attributes.length > 0) yield { path, status: 'changed', kind: to.kind, attributes };
  const below = (name: string) => (path === '' ? name : `${path}/${name}`);
  const { pairs, removed } = pairedChildren(from, to);
  for (const { name, old, now } of pairs) {
    if (old !== undefined) yield* changesOf(old, now, below(name));
    else yield { path: below(name), status: 'added', kind: now.kind, attributes: [] };
  }
  for (const [name, { kind }] of removed) {
    yield { path: below(name), status: 'removed', kind, attributes: [] };
  }
}

interface ChildPair {
  readonly name: string;
  readonly old: ArchitectureNode | undefined;
  readonly now: ArchitectureNode;
}

function pairedChildren(from: ArchitectureNode, to: ArchitectureNode) {
  const before = named(from.children);
  const after = named(to.children);
  const left = new Map([...before].filter(([name]) => !after.has(name)));
  const byStem = new Map<string, string[]>();
  for (const [name, node] of left) {
    const key = stemOf(name, node);
    const known = byStem.get(key);
    if (known === undefined) byStem.set(key, [name]);
    else known.push(name);
  }
  const pairs = [...after].map(([name, now]): ChildPair => {
    const same = before.get(name);
    const other = same === undefined ? byStem.get(stemOf(name, now))?.shift() : undefined;
    const old = same ?? (other === undefined ? undefined : left.get(other));
    if (other !== undefined) left.delete(other);
    return { name, old, now };
  });
  return { pairs, removed: left };
}

function stemOf(name: string, { kind }: ArchitectureNode): string {
  return `${kind} ${name.replace(/[_#]?\d+$/, '')}`;
}

/** Nodes without a name, or of one that a sibling has too, are told apart by their place. */
function named(nodes: readonly ArchitectureNode[]): Map<string, ArchitectureNode> {
  const found = new Map<string, ArchitectureNode>();
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const own = node.name === '' ? node.kind : node.name;
    const count = (counts.get(own) ?? 0) + 1;
    counts.set(own, count);
    found.set(count === 1 ? own : `${own}#${count}`, node);
  }
  return found;
}

function attributeChanges(from: ArchitectureNode, to: ArchitectureNode) {
  const keys = [...new Set([...Object.keys(from.attributes), ...Object.keys(to.attributes)])];
  const value = (node: ArchitectureNode, key: string) =>
    Object.hasOwn(node.attributes, key) ? node.attributes[key] : null;
  const changed = keys
    .filter((key) => !Object.is(value(from, key), value(to, key)))
    .map((key) => ({ key, from: value(from, key), to: value(to, key) }));
  return from.kind === to.kind
    ? changed
    : [{ key: 'kind', from: from.kind, to: to.kind }, ...changed];
}

const mostTold = 3;

/** "architecture: added dropout_1 (Dropout), removed flatten (Flatten), dense: units 64 → 128". */
export function architectureSentence(changes: readonly ArchitectureChange[]): string[] {
  if (changes.length === 0) return [];
  const told = changes.slice(0, mostTold).map(({ path, status, kind, attributes }) => {
    const name = path === '' ? 'the whole' : path;
    if (status !== 'changed') return `${status} ${name}${kind === '' ? '' : ` (${kind})`}`;
    const values = attributes
      .slice(0, mostTold)
      .map(({ key, from, to }) => `${key} ${textOf(from)} → ${textOf(to)}`);
    return `${name}: ${values.join(', ')}${attributes.length > mostTold ? ', …' : ''}`;
  });
  const rest = changes.length - told.length;
  return [`architecture: ${told.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`];
}

const longestValue = 40;

function textOf(value: unknown): string {
  const text = value === null ? 'none' : String(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
