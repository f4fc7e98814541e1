import { Failure } from './failure';
import { referenceTo, type VersionRecord } from './version';

/** What a version commit says: the record as it was published, and the log's head before it. */
export interface VersionMessage {
  readonly record: VersionRecord;
  readonly logHead: string;
}

const logTrailer = 'Cairn-Log: ';

/**
 * The message of a version commit: `<model> v<number>: <description>`, an empty line, the record as
 * JSON, an empty line, the digest of the operation log's head. The record's `code.commit` is `null`
 * in it, because a commit cannot hold its own id.
 */
export function formatVersionMessage({ record, logHead }: VersionMessage): string {
  const name = referenceTo(record).replace('@', ' ');
  const subject = record.description.split(/\r?\n/, 1)[0] ?? '';
  const withdrawn = record.withdrawn === undefined ? '' : ' (withdrawn)';
  const published = { ...record, code: { ...record.code, commit: null } };
  const json = JSON.stringify(published, null, 2);
  return `${name}: ${subject}${withdrawn}\n\n${json}\n\n${logTrailer}${logHead}\n`;
}

/**
 * Reads a version commit's message back; `commit` is filled in.
 * `null` when it is no version commit. @throws Failure `record-invalid` when it is a broken one
 */
export function parseVersionMessage(message: string, commit: string): VersionMessage | null {
  const start = message.indexOf('\n\n{\n');
  const end = message.lastIndexOf(`\n}\n\n${logTrailer}`);
  if (start < 0 || end < start) return null;
  const record = parseRecord(message.slice(start + 2, end + 2), commit);
  const logHead = message.slice(end + 4 + logTrailer.length).trim();
  if (!/^[0-9a-f]{64}$/.test(logHead))
    throw new Failure('record-invalid', { where: commit, why: 'it has no digest of the log' });
  return { record: { ...record, code: { ...record.code, commit } }, logHead };
}

function parseRecord(json: string, where: string): VersionRecord {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Failure('record-invalid', { where, why: 'its record is no JSON' }, { cause: error });
  }
  return requireRecord(value, where);
}

/** Checks the shape of a record that comes from outside. @throws Failure `record-invalid` */
function requireRecord(value: unknown, where: string): VersionRecord {
  const why = whyNotARecord(value);
  if (why !== null) throw new Failure('record-invalid', { where, why });
  return value as VersionRecord;
}

function whyNotARecord(value: unknown): string | null {
  if (!isObject(value)) return 'the record is no object';
  if (value.format !== 1)
    return `the record's format is ${JSON.stringify(value.format)}, known is 1`;
  if (typeof value.model !== 'string') return 'the record names no model';
  if (!isCount(value.number) || !isCount(value.revision)) return 'the record has no number';
  if (value.kind !== 'version' && value.kind !== 'backup') return 'the record is of no known kind';
  if (typeof value.createdAt !== 'string' || Number.isNaN(Date.parse(value.createdAt)))
    return 'the record has no time';
  if (typeof value.description !== 'string') return 'the record has no description';
  for (const key of ['creator', 'parameters', 'metrics', 'environment', 'code'] as const) {
    if (!isObject(value[key])) return `the record's ${key} is no object`;
  }
  if (!Array.isArray(value.files) || !value.files.every(isFile))
    return "the record's files are not a list of files";
  return Array.isArray(value.datasets) ? null : "the record's datasets are no list";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isFile(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.path === 'string' &&
    typeof value.sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(value.sha256) &&
    Number.isSafeInteger(value.size)
  );
}
