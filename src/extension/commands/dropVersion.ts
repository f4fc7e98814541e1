import * as vscode from 'vscode';
import { numberTitle } from '../../core/labels';
import type { VersionRecord } from '../../core/version';
import { withActivity } from '../activity';
import type { Desk } from '../desk';
import { fullReference } from '../tree/versionDetails';
import { requireVersion } from './subject';

/** Withdraws a version or a backup; its record and the log entry stay. */
export async function dropVersion(desk: Desk, argument: unknown): Promise<VersionRecord | null> {
  const subject = await requireVersion(desk, argument, {
    id: 'drop.version',
    title: 'Drop which version or backup?',
    backups: true,
  });
  if (subject === undefined) return null;
  const { session, record } = subject;
  session.requireWritable('dropping a version');
  const title = `${record.model} ${numberTitle(record)}`;
  const chosen = await desk.prompts().confirm({
    id: 'drop.confirm',
    message: `Drop ${title}?`,
    detail: 'It is no longer listed. The record and the log entry stay, and Undo brings it back.',
    actions: ['Drop'],
  });
  if (chosen !== 'Drop') return null;
  const { version } = await withActivity(`Dropping ${title}`, (activity) =>
    session.project.drop({ reference: fullReference(record) }, activity),
  );
  await session.refresh();
  vscode.window.setStatusBarMessage(`$(check) ${title} dropped`, 5_000);
  return version;
}
