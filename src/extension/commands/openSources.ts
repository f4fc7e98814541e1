import * as vscode from 'vscode';
import type { FileChange } from '../../core/comparison';
import type { CompareSection } from '../../wire/comparePanel';
import type { Desk } from '../desk';
import { openCodeDiff, openFileDiff } from '../files/codeDiffs';
import type { ProjectSession } from '../project/session';
import type { ScmRow } from '../scm/scmRows';
import { fullReference } from '../tree/versionDetails';
import { requireVersion } from './subject';

/** A code file of a version or of the working changes, from a row of the tree. */
export interface CodeFileAsked {
  readonly from: string | null;
  readonly to: string | null;
  readonly change: FileChange;
}

export async function openCodeFile(desk: Desk, asked: CodeFileAsked): Promise<void> {
  const session = desk.projects.active;
  if (session !== null) await openFileDiff(session, asked.from, asked.to, asked.change);
}

/** All code that a version changed against the one it came from. */
export async function openCodeOfVersion(desk: Desk, argument: unknown): Promise<void> {
  const subject = await requireVersion(desk, argument, {
    id: 'openCode',
    title: 'Open the code changes of which version?',
    accepts: ({ parent }) => parent !== null,
  });
  if (subject === undefined || subject.record.parent === null) return;
  await openCodeDiff(subject.session, subject.record.parent, fullReference(subject.record));
}

/** What a click on a row of Source Control opens. */
export function openScmRow(session: ProjectSession, row: ScmRow): Promise<void> {
  switch (row.group) {
    case 'code':
      return openWorkingCode(session, row);
    case 'parameters':
      return openParameter(session, row);
    case 'modelFiles':
    case 'data':
    case 'metrics':
      return openCompared(session, row);
  }
}

async function openWorkingCode(session: ProjectSession, { current, model }: ScmRow): Promise<void> {
  if (current !== null) return openCodeDiff(session, current, null);
  const status = session.statuses.find((one) => one.model === model);
  const entries = (status?.changes.code ?? []).map(({ path }) => {
    const uri = session.fileUri(path);
    return [uri, undefined, uri];
  });
  await vscode.commands.executeCommand('vscode.changes', `${model}: Code`, entries);
}

const sectionOf: Partial<Readonly<Record<ScmRow['group'], CompareSection>>> = {
  modelFiles: 'weights',
  data: 'data',
  metrics: 'metrics',
};

/** The comparison of a row's model with the working files, at what the row is about. */
async function openCompared(session: ProjectSession, row: ScmRow): Promise<void> {
  if (row.current === null) {
    await vscode.commands.executeCommand('revealInExplorer', session.fileUri(row.text));
  } else {
    const section = sectionOf[row.group];
    await vscode.commands.executeCommand('cairn.compareWithWorking', row.current, section);
  }
}

/** The line that set the parameter in the current version, in the file as it is now. */
async function openParameter(session: ProjectSession, row: ScmRow): Promise<void> {
  const { model, key } = row;
  const record = (await session.overview()).find(({ name }) => name === model)?.currentRecord;
  const origin = record?.parameterOrigins?.[key ?? ''];
  const place = /^(.*?)(?::(\d+))?$/.exec(origin ?? '');
  const path = place?.[1] ?? '';
  if (path === '' || path === 'option') return openCompared(session, row);
  const document = await vscode.workspace.openTextDocument(session.fileUri(path));
  const line = Math.min(Number(place?.[2] ?? 1), document.lineCount) - 1;
  await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(line, 0, line, 0),
  });
}

/** Opens `cairn.yaml` of the (chosen) project. */
export async function openConfiguration(desk: Desk): Promise<void> {
  const session = await desk.projects.require();
  if (session === undefined) return;
  const document = await vscode.workspace.openTextDocument(session.fileUri('cairn.yaml'));
  await vscode.window.showTextDocument(document);
}
