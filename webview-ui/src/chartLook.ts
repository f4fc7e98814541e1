/** The colours and the font of VS Code's theme, as a chart needs them: as values, not variables. */
export interface ChartTheme {
  readonly text: string;
  readonly quiet: string;
  readonly gridLine: string;
  readonly background: string;
  readonly pointer: string;
  readonly tooltipBackground: string;
  readonly tooltipBorder: string;
  readonly tooltipText: string;
  readonly fontFamily: string;
  readonly fontSize: number;
  /** Of the lines, in order; after the last one they begin anew with another dash. */
  readonly lines: readonly string[];
}

/** VS Code's colours for charts that every theme defines with full strength. */
export const lineVariables = [
  '--vscode-charts-blue',
  '--vscode-charts-green',
  '--vscode-charts-purple',
  '--vscode-charts-red',
  '--vscode-charts-yellow',
  '--vscode-charts-foreground',
] as const;

/** How the dashes and gaps of a line follow each other, in pixels; empty for none. */
export const lineDashes = [[], [7, 4], [2, 3]] as const;
export type LineDash = (typeof lineDashes)[number];

/**
 * The colour (an index into `lines`) and the dash of a line by its place in the palette. Lines
 * that lie next to each other differ in both, so that colour alone tells nothing.
 */
export function lineLook(place: number): { readonly colour: number; readonly dash: LineDash } {
  const round = Math.floor(place / lineVariables.length);
  return {
    colour: place % lineVariables.length,
    dash: lineDashes[(place + round) % lineDashes.length] ?? lineDashes[0],
  };
}
