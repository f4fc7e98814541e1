import { type Lines, mapLines } from '../core/lineMapping';
import type { LineHistory, LinesAsked, LineVersion } from '../core/pastValues';
import type { VersionRecord } from '../core/version';
import { parseVersionMessage } from '../core/versionMessage';
import type { LineChange } from '../git';
import { notebookLines, parameterLanguage } from '../source';
import type { ParameterHistoryIndex } from './parameterHistoryIndex';
import { primaryOf } from './resolve';
import { branchOf, type Rooms } from './rooms';

/** Versions that a person looks through; older ones are left out. */
const mostVersions = 50;

/**
 * The versions that changed some lines of a file as an editor has it, from the model's branch;
 * renames are followed, withdrawn versions left out. `null` where the file belongs to no model.
 */
export async function lineHistory(
  rooms: Rooms,
  index: ParameterHistoryIndex,
  request: LinesAsked,
): Promise<LineHistory | null> {
  const owner = await index.ownerOf(request.path, false);
  if (owner === null) return null;
  const { model } = owner;
  const primary = await primaryOf(rooms, model);
  const tip = await rooms.repository.ref(branchOf(model));
  const committed = tip === null ? null : await textAt(rooms, tip, request.path);
  const lines = committed === null ? null : linesIn(committed, request);
  if (tip === null || lines === null) return { model, primary, versions: [] };
  const { past } = rooms.repository;
  const changes = await past.lineChanges({ tip, path: request.path, ...lines });
  const versions: LineVersion[] = [];
  for (const change of changes) {
    const version = await versionOf(rooms, change);
    if (version !== null) versions.push(version);
    if (versions.length === mostVersions) break;
  }
  return { model, primary, versions };
}

/** Where the lines are in the committed file; `null` where nothing of them is there. */
function linesIn(committed: string, { path, texts, text, from, to }: LinesAsked): Lines | null {
  if (parameterLanguage(path) !== 'notebook')
    return mapLines(texts[text] ?? '', committed, { from, to });
  // The code of all cells, as one text on either side.
  const before = texts.slice(0, text).reduce((sum, cell) => sum + cell.split('\n').length, 0);
  const there = notebookLines(committed);
  const all = there.map((line) => line.text).join('\n');
  const lines = mapLines(texts.join('\n'), all, { from: from + before, to: to + before });
  const first = lines === null ? undefined : there[lines.from - 1];
  const last = lines === null ? undefined : there[lines.to - 1];
  return first === undefined || last === undefined ? null : { from: first.line, to: last.line };
}

/** A file's text in a commit; `null` where there is none. */
async function textAt({ repository }: Rooms, commit: string, path: string): Promise<string | null> {
  const [blob] = await repository.past.blobsAt([{ commit, path }]);
  if (!blob) return null;
  return new TextDecoder().decode(await repository.blob(blob.oid));
}

async function versionOf(rooms: Rooms, change: LineChange): Promise<LineVersion | null> {
  const commit = await rooms.repository.commitObject(change.commit);
  const message = commit === null ? null : parseVersionMessage(commit.message, commit.oid);
  if (commit === null || message === null) return null;
  const record = known(rooms, message.record);
  if (record === null || record.withdrawn !== undefined) return null;
  const { path, pathBefore, after } = change;
  const previous = await recordAt(rooms, commit.parents[0] ?? null);
  return { record, previous, path, pathBefore, from: after.from, count: after.count };
}

async function recordAt(rooms: Rooms, oid: string | null): Promise<VersionRecord | null> {
  const commit = oid === null ? null : await rooms.repository.commitObject(oid);
  const message = commit === null ? null : parseVersionMessage(commit.message, commit.oid);
  return message === null ? null : known(rooms, message.record);
}

/** The history's own record: it knows what was withdrawn since. */
function known(rooms: Rooms, { model, number, revision }: VersionRecord): VersionRecord | null {
  return rooms.history.find(model, 'version', number, revision);
}
