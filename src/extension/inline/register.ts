import * as vscode from 'vscode';
import type { Desk } from '../desk';
import { EntryLens } from './entryLens';
import { InlineSource } from './inlineSource';
import { InlineToggle } from './inlineToggle';
import { InlineValueDecorations } from './inlineValues';
import { showLineVersions } from './lineVersions';
import { useValue, type ValueUse } from './useValue';
import { ValueActions, ValueHover } from './valueProviders';

/** Files and notebook cells that may hold parameters; whether they do is asked of the engine. */
const documents: vscode.DocumentSelector = [
  { scheme: 'file', pattern: '**/*.{py,pyw,yaml,yml,json,jsonc,toml}' },
  { scheme: 'vscode-notebook-cell', language: 'python' },
];
const scripts: vscode.DocumentSelector = [
  { scheme: 'file', language: 'python' },
  { scheme: 'vscode-notebook-cell', language: 'python' },
];

/** What is told beside code, with its commands. */
export function registerInline(desk: Desk) {
  const source = new InlineSource(desk);
  const inlineValues = new InlineValueDecorations(desk, source);
  const inlineToggle = new InlineToggle(desk, source);
  const entryLens = new EntryLens(desk, source);
  const command = (id: string, title: string, handler: (given: unknown) => Promise<unknown>) =>
    vscode.commands.registerCommand(id, (given: unknown) =>
      desk.reporter.attempt(title, () => handler(given)),
    );
  const { registerHoverProvider, registerCodeActionsProvider, registerCodeLensProvider } =
    vscode.languages;
  desk.context.subscriptions.push(
    source,
    registerHoverProvider(documents, new ValueHover(desk, source)),
    registerCodeActionsProvider(documents, new ValueActions(desk, source), {
      providedCodeActionKinds: ValueActions.kinds,
    }),
    registerCodeLensProvider(scripts, entryLens),
    command('cairn.inline.toggle', 'Past values', () => source.toggle()),
    command('cairn.inline.useValue', 'Use this value', (use) => useValue(desk, use as ValueUse)),
    command('cairn.lineVersions', 'Versions of lines', () => showLineVersions(desk)),
  );
  return { inlineValues, inlineToggle, entryLens };
}
