/** A row of a tree, as plain data: the views turn it into what VS Code shows. */
export interface Row {
  /** Unique in its tree and the same from one refresh to the next. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Plain text; a version's Markdown is made when it is asked for. */
  readonly tooltip?: string;
  readonly icon?: Icon;
  /** What menus go by. */
  readonly context: string;
  readonly folding: 'leaf' | 'folded' | 'unfolded';
  readonly opens?: Opening;
  /** Spoken instead of label and description, where symbols in them need words. */
  readonly spoken?: string;
}

/** The id of a product icon and of a theme colour. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}

export interface Opening {
  readonly command: string;
  readonly title: string;
  readonly arguments: readonly unknown[];
}
