import * as vscode from 'vscode';

/** Which of what is told beside code a person wants to see. */
export interface InlineSettings {
  readonly values: boolean;
  readonly differences: boolean;
  readonly hover: boolean;
  readonly codeLens: boolean;
  readonly codeActions: boolean;
  readonly constants: boolean;
  readonly linesWithProblems: boolean;
}

const defaults: InlineSettings = {
  values: true,
  differences: true,
  hover: true,
  codeLens: true,
  codeActions: true,
  constants: false,
  linesWithProblems: false,
};

export function inlineSettings(document: vscode.TextDocument): InlineSettings {
  const configuration = vscode.workspace.getConfiguration('cairn.inline', document);
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [name, configuration.get(name, value)]),
  ) as unknown as InlineSettings;
}
