import * as vscode from 'vscode';
import { counted } from '../../core/labels';
import { placeText } from '../../core/scan';
import type { Desk } from '../desk';
import { lookAtModel } from '../modelEditor/modelEditor';

/** The file that was clicked on, else one that the person names. */
async function chosenFiles(given: unknown, title: string): Promise<readonly vscode.Uri[]> {
  if (given instanceof vscode.Uri) return [given];
  const canSelectMany = true;
  return (await vscode.window.showOpenDialog({ title, canSelectMany })) ?? [];
}

/** Opens model files in Cairn's own editor. */
export async function inspectModels(given: unknown): Promise<void> {
  for (const uri of await chosenFiles(given, 'Inspect Model File')) {
    await vscode.commands.executeCommand('vscode.openWith', uri, 'cairn.model.option');
  }
}

/** Scans model files, tells the worst, and writes all findings to the output. */
export async function scanModels(desk: Desk, given: unknown): Promise<void> {
  const uris = await chosenFiles(given, 'Scan Model Files');
  if (uris.length === 0) return;
  const scans = await Promise.all(
    uris.map(async ({ fsPath }) => (await lookAtModel(desk, fsPath)).scan),
  );
  for (const { path, verdict, findings } of scans) {
    desk.log.info(`${path}: ${verdict}`);
    for (const { severity, message, where } of findings) {
      desk.log.info(`  ${severity}: ${message} ${placeText(where)}`);
    }
  }
  const found = scans.filter(({ findings }) => findings.length > 0);
  const [first] = found.flatMap(({ findings }) => findings);
  const message =
    first === undefined
      ? `Nothing dangerous found in ${counted(scans.length, 'file')}.`
      : `Something was found in ${counted(found.length, 'file')} of ${scans.length}. ${first.message}`;
  const dangerous = found.some(({ verdict }) => verdict === 'dangerous');
  const kind = first === undefined ? 'information' : dangerous ? 'error' : 'warning';
  const chosen = await desk
    .prompts()
    .tell({ id: 'scan.done', kind, message, actions: ['Show Output'] });
  if (chosen === 'Show Output') desk.log.show();
}
