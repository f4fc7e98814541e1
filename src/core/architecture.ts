/** A part of a model as its file tells it: a layer, an operator, a group of either. */
export interface ArchitectureNode {
  /** Its own name within its parent; empty where it has none. */
  readonly name: string;
  /** `Dense`, `Conv`, `TreeEnsemble`, …; empty for a mere group. */
  readonly kind: string;
  readonly attributes: Readonly<Record<string, string | number | boolean | null>>;
  readonly children: readonly ArchitectureNode[];
}
