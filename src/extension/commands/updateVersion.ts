import * as vscode from 'vscode';
import { isFailure } from '../../core/failure';
import { figure } from '../../core/figures';
import { numberTitle, parameterText } from '../../core/labels';
import { requireLabel } from '../../core/names';
import type { ParameterValue } from '../../core/parameters';
import { type JsonNumber, toJsonNumber, type VersionRecord } from '../../core/version';
import type { UpdateRequest } from '../../operations/project';
import { withActivity } from '../activity';
import type { Desk } from '../desk';
import type { ProjectSession } from '../project/session';
import { fullReference } from '../tree/versionDetails';
import { requireVersion } from './subject';

type Amendment = Omit<UpdateRequest, 'reference' | 'reason'>;
type Topic = 'description' | 'label' | 'metric' | 'parameter' | 'files' | 'metricsFile';

const topics: readonly { value: Topic; label: string; description: string }[] = [
  { value: 'description', label: 'Description', description: 'what changed in this version' },
  { value: 'label', label: 'Label', description: 'a name to find it by' },
  { value: 'metric', label: 'Metric', description: 'add or correct one value' },
  { value: 'metricsFile', label: 'Metrics from a File', description: 'JSON or CSV' },
  { value: 'parameter', label: 'Parameter', description: 'add or correct one value' },
  { value: 'files', label: 'Model Files', description: 'take them anew from the working files' },
];

/** Adds a revision to a version: asks what is to be amended, how, and why. */
export async function updateVersion(desk: Desk, argument: unknown): Promise<VersionRecord | null> {
  const subject = await requireVersion(desk, argument, {
    id: 'update.version',
    title: 'Update which version?',
    placeholder: 'Earlier revisions stay readable',
  });
  if (subject === undefined) return null;
  const { session, record } = subject;
  session.requireWritable('updating a version');
  const amendment = await askAmendment(desk, session, record);
  if (amendment === undefined) return null;
  const reason = await desk.prompts().input({
    id: 'update.reason',
    title: `Update ${numberTitle(record)}`,
    prompt: 'Why? It is kept with the revision.',
    check: (text) => (text.trim() === '' ? 'A few words.' : null),
  });
  if (reason === undefined) return null;
  const request = { ...amendment, reference: fullReference(record), reason: reason.trim() };
  const { version, warnings } = await withActivity(`Updating ${numberTitle(record)}`, (activity) =>
    session.project.update(request, activity),
  );
  for (const { message } of warnings) desk.log.warn(message);
  await session.refresh();
  const text = `$(check) ${numberTitle(version)} is at revision ${version.revision}`;
  vscode.window.setStatusBarMessage(text, 5_000);
  return version;
}

async function askAmendment(
  desk: Desk,
  session: ProjectSession,
  record: VersionRecord,
): Promise<Amendment | undefined> {
  const title = `Update ${numberTitle(record)}`;
  const topic = await desk.prompts().pick({ id: 'update.topic', title }, topics);
  switch (topic) {
    case undefined:
      return undefined;
    case 'description':
      return askDescription(desk, title, record);
    case 'label':
      return askLabel(desk, title, record);
    case 'metric':
      return askMetric(desk, title, record);
    case 'parameter':
      return askParameter(desk, title, record);
    case 'metricsFile':
      return askMetricsFile(desk, session);
    case 'files':
      return { files: record.files.map(({ path }) => path) };
  }
}

async function askDescription(
  desk: Desk,
  title: string,
  record: VersionRecord,
): Promise<Amendment | undefined> {
  const message = await desk
    .prompts()
    .input({ id: 'update.description', title, value: record.description });
  return message === undefined ? undefined : { message: message.trim() };
}

async function askLabel(
  desk: Desk,
  title: string,
  record: VersionRecord,
): Promise<Amendment | undefined> {
  const label = await desk.prompts().input({
    id: 'update.label',
    title,
    prompt: 'Letters, digits, dots, dashes and underscores',
    value: record.label ?? '',
    check: whyNotALabel,
  });
  return label === undefined ? undefined : { label };
}

function whyNotALabel(text: string): string | null {
  try {
    requireLabel(text);
    return null;
  } catch (thrown) {
    // The reason is all that is wanted here.
    if (isFailure(thrown, 'name-invalid')) return thrown.data.why;
    throw thrown;
  }
}

async function askMetric(
  desk: Desk,
  title: string,
  record: VersionRecord,
): Promise<Amendment | undefined> {
  const known = Object.entries(record.metrics).map(([key, value]) => [key, figure(value)] as const);
  const key = await askKey(desk, title, 'update.metric', known);
  if (key === undefined) return undefined;
  const text = await desk.prompts().input({
    id: 'update.metricValue',
    title: `${title}: ${key}`,
    value: String(record.metrics[key] ?? ''),
    check: (entered) => (metricValue(entered) === null ? 'A number, NaN or Infinity.' : null),
  });
  const value = text === undefined ? null : metricValue(text);
  return value === null ? undefined : { metrics: { [key]: value } };
}

function metricValue(text: string): JsonNumber | null {
  const trimmed = text.trim();
  const number = Number(trimmed);
  if (trimmed === '' || (Number.isNaN(number) && trimmed !== 'NaN')) return null;
  return toJsonNumber(number);
}

async function askParameter(
  desk: Desk,
  title: string,
  record: VersionRecord,
): Promise<Amendment | undefined> {
  const known = Object.entries(record.parameters).map(
    ([key, value]) => [key, parameterText(value)] as const,
  );
  const key = await askKey(desk, title, 'update.parameter', known);
  if (key === undefined) return undefined;
  const value = record.parameters[key];
  const text = await desk.prompts().input({
    id: 'update.parameterValue',
    title: `${title}: ${key}`,
    prompt: 'A number, true, false, null, a list in brackets, or text',
    value: value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value),
  });
  return text === undefined ? undefined : { parameters: { [key]: parameterValue(text) } };
}

/** JSON where it is a value of a parameter, else the text itself. */
function parameterValue(text: string): ParameterValue {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? text
      : (value as ParameterValue);
  } catch (thrown) {
    // Not JSON: then it is plain text.
    if (thrown instanceof SyntaxError) return text;
    throw thrown;
  }
}

async function askKey(
  desk: Desk,
  title: string,
  id: string,
  known: readonly (readonly [string, string])[],
): Promise<string | undefined> {
  const another = { value: null, label: '$(add) Another…', description: '' };
  const choices = known.map(([key, text]) => ({ value: key, label: key, description: text }));
  const key = await desk.prompts().pick<string | null>({ id, title }, [...choices, another]);
  if (key !== null) return key;
  const named = await desk.prompts().input({
    id: `${id}Name`,
    title,
    prompt: 'Its name',
    check: (text) => (text.trim() === '' ? 'A name.' : null),
  });
  return named?.trim();
}

async function askMetricsFile(desk: Desk, session: ProjectSession): Promise<Amendment | undefined> {
  const file = await desk.prompts().file({
    id: 'update.metricsFile',
    title: 'Metrics of this version',
    folder: session.root,
    kinds: { Metrics: ['json', 'csv'] },
  });
  if (file === undefined) return undefined;
  return { metricsFile: session.recordPath(vscode.Uri.file(file)) ?? file };
}
