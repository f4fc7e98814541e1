import { canonicalJson } from '../core/operation';
import { referenceTo, type VersionKind, type VersionRecord } from '../core/version';
import type { DatabaseFile } from './databaseFile';
import type { HistoryProblem } from './history';
import { shownSql } from './recordTables';
import {
  artifactsOf,
  type Extract,
  extractOf,
  extractValues,
  type RecordRow,
  recordOf,
} from './recordText';

function disagreement(what: string): HistoryProblem {
  return { code: 'record-disagrees', what };
}

const pageLength = 200;

interface RecordLine extends RecordRow {
  readonly id: number;
  readonly model: string;
  readonly kind: VersionKind;
  readonly number: number;
  readonly revision: number;
  readonly held: string;
}

/** Every record is JSON, is what its row says it is, and holds what `holdings` says. */
export function checkRecords(database: DatabaseFile): HistoryProblem[] {
  const problems: HistoryProblem[] = [];
  for (let last = 0; ; ) {
    const lines = database.all<RecordLine>(
      `SELECT r.id AS id, r.text AS text, r.withdrawn AS withdrawn, m.name AS model,
        v.kind AS kind, v.number AS number, r.revision AS revision,
        (SELECT json_group_array(sha256) FROM (SELECT sha256 FROM holdings
          WHERE record = r.id ORDER BY sha256)) AS held
        FROM records r JOIN versions v ON v.id = r.version JOIN models m ON m.id = v.model
        WHERE r.id > ? ORDER BY r.id LIMIT ${pageLength}`,
      last,
    );
    for (const line of lines) problems.push(...wrongWith(line));
    if (lines.length < pageLength) return problems;
    last = lines.at(-1)?.id ?? last;
  }
}

function wrongWith(line: RecordLine): HistoryProblem[] {
  const where = referenceTo(line, true);
  const record = readable(line);
  if (record === null) return [disagreement(`the record of ${where} is not JSON`)];
  const problems: HistoryProblem[] = [];
  const { model, kind, number, revision } = line;
  const { withdrawn: _, ...plain } = record;
  if (
    record.model !== model ||
    record.kind !== kind ||
    record.number !== number ||
    record.revision !== revision
  ) {
    problems.push(disagreement(`the record of ${where} is that of another version`));
  }
  if (canonicalJson(plain) !== line.text) {
    problems.push(disagreement(`the record of ${where} is not written as it was entered`));
  }
  if (JSON.stringify(artifactsOf(record)) !== line.held) {
    problems.push(disagreement(`the artifacts noted for ${where} are not those of its record`));
  }
  return problems;
}

function readable(row: RecordRow): VersionRecord | null {
  try {
    return recordOf(row);
  } catch (error) {
    // The damage that is looked for; its caller names the record.
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

interface VersionLine {
  readonly id: number;
  readonly model: string;
  readonly kind: VersionKind;
  readonly number: number;
  readonly shown: number;
  readonly withdrawn: 0 | 1;
  readonly label: string | null;
  readonly createdAt: string;
  readonly description: string;
  readonly creatorName: string;
  readonly creatorEmail: string;
  readonly rivals: number;
}

/** What was extracted of every version is what its record says now, and labels are unique. */
export function checkVersions(database: DatabaseFile): HistoryProblem[] {
  const lines = database.all<VersionLine>(
    `SELECT v.id AS id, m.name AS model, v.kind AS kind, v.number AS number, v.shown AS shown,
      v.withdrawn AS withdrawn, v.label AS label, v.created_at AS createdAt,
      v.description AS description, v.creator_name AS creatorName,
      v.creator_email AS creatorEmail,
      (SELECT count(*) FROM versions o INDEXED BY versions_by_label WHERE o.model = v.model AND o.label = v.label
        AND o.kind = 'version' AND o.withdrawn = 0 AND o.label IS NOT NULL AND o.id <> v.id
        AND v.kind = 'version' AND v.withdrawn = 0) AS rivals
      FROM versions v JOIN models m ON m.id = v.model ORDER BY v.id`,
  );
  return lines.flatMap((line) => wrongWithVersion(database, line));
}

function wrongWithVersion(database: DatabaseFile, line: VersionLine): HistoryProblem[] {
  const where = referenceTo({ ...line, revision: line.shown });
  const row = database.first<RecordRow & { revision: number }>(shownSql, line.id);
  if (row === undefined) return [disagreement(`${where} has no record`)];
  const record = readable(row);
  if (record === null) return [];
  const problems: HistoryProblem[] = [];
  const expected = extractOf(record);
  const values = [row.revision, row.withdrawn === null ? 0 : 1, ...extractValues(expected)];
  const found = [line.shown, line.withdrawn, ...extractValues({ ...line, ...noValues })];
  if (canonicalJson(values) !== canonicalJson(found)) {
    problems.push(disagreement(`what is listed for ${where} is not what its record says`));
  }
  if (!sameValues(database, line.id, expected)) {
    problems.push(disagreement(`metrics or parameters of ${where} are not those of its record`));
  }
  if (line.rivals > 0) problems.push(disagreement(`another version has the label of ${where}`));
  return problems;
}

const noValues = { metrics: [], parameters: [] };

interface ValueLine {
  readonly name: string;
  readonly value: string | number | null;
  readonly stale?: number;
}

function sameValues(database: DatabaseFile, version: number, expected: Extract): boolean {
  const from = (table: string) =>
    `FROM ${table} t JOIN names n ON n.id = t.name WHERE t.version = ?`;
  const metrics = database.all<ValueLine>(
    `SELECT n.name AS name, t.value AS value, t.stale AS stale ${from('metrics')}`,
    version,
  );
  const parameters = database.all<ValueLine>(
    `SELECT n.name AS name, t.value AS value ${from('parameters')}`,
    version,
  );
  return (
    textOf(metrics) === textOf(expected.metrics) &&
    textOf(parameters) === textOf(expected.parameters)
  );
}

/** The type goes with the value: 1 and "1" differ. A name is quoted, so that none can end a line. */
function textOf(values: readonly ValueLine[]): string {
  const lines = values.map(
    ({ name, value, stale }) => `${JSON.stringify(name)} ${typeof value} ${stale} ${value}`,
  );
  return lines.sort().join('\n');
}
