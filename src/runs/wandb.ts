import type { ParameterValue } from '../core/parameters';
import { flattenParameters } from '../core/parameters';
import type { Platform } from '../platform';
import { type ForeignRun, isoFrom, singlePoints, spanOf } from './foreignRun';
import { JsonProblem, parseJson } from './jsonText';
import { metricValue } from './metricNumber';
import { PointSet } from './points';
import { parametersIn, textAt } from './toolFiles';
import { fieldBytes, fieldInteger, fieldsOf, fieldText, viewOf } from './wireFields';

const blockLength = 32 * 1024;
const headLength = 7;
const fileLimit = 512 * 1024 * 1024;

interface Log {
  readonly points: PointSet;
  readonly config: Record<string, ParameterValue>;
  title: string | null;
  commit: string | null;
  exit: number | null;
  startedAt: number | null;
  extent: number;
}

/**
 * A W&B run's folder (`wandb/offline-run-*`): its log `run-*.wandb` with the whole history, and the
 * files `config.yaml`, `wandb-summary.json`, `wandb-metadata.json` where the log is not there.
 */
export async function readWandbRun(
  platform: Platform,
  root: string,
  path: string,
): Promise<ForeignRun | null> {
  const name = path.split('/').at(-1) ?? path;
  const id = /^(?:offline-)?run-\d{8}_\d{6}-(.+)$/.exec(name)?.[1];
  if (id === undefined) return null;
  const log = await readLog(platform, `${root}/${path}`);
  const files = `${path}/files`;
  const config = await textAt(platform, root, `${files}/config.yaml`);
  const metadata = await jsonAt(platform, root, `${files}/wandb-metadata.json`);
  const summary = await jsonAt(platform, root, `${files}/wandb-summary.json`);
  const logged = log.points.all();
  const series = logged.length > 0 ? logged : singlePoints(withoutOwn(summary));
  const span = spanOf(series);
  return {
    key: id,
    title: log.title ?? name,
    state: log.exit === null ? 'vanished' : log.exit === 0 ? 'finished' : 'failed',
    startedAt: isoFrom(log.startedAt) ?? span.startedAt ?? momentIn(name),
    endedAt: span.endedAt,
    parameters: { ...(config === null ? {} : configIn(parametersIn(config))), ...log.config },
    tags: {},
    series,
    commit: log.commit ?? commitIn(metadata),
    command: typeof metadata.program === 'string' ? [metadata.program] : [],
    extent: log.extent,
  };
}

/** `run-20261121_100000-abc`: the local time of its beginning. */
function momentIn(name: string): string | null {
  const match = /-(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)-/.exec(name);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return isoFrom(
    new Date(year ?? 0, (month ?? 1) - 1, day, hour ?? 0, minute ?? 0, second ?? 0).getTime(),
  );
}

function commitIn(metadata: Record<string, unknown>): string | null {
  const git = metadata.git as { commit?: unknown } | undefined;
  return typeof git?.commit === 'string' ? git.commit : null;
}

/** `lr.value` is the parameter `lr`; what begins with `_wandb` is W&B's own. */
function configIn(flat: Readonly<Record<string, ParameterValue>>): Record<string, ParameterValue> {
  const found: Record<string, ParameterValue> = {};
  for (const [key, value] of Object.entries(flat)) {
    const match = /^(.+?)\.value(\..+)?$/.exec(key);
    if (match !== null && !key.startsWith('_wandb')) found[`${match[1]}${match[2] ?? ''}`] = value;
  }
  return found;
}

function withoutOwn(summary: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(summary).filter(([key]) => !key.startsWith('_')));
}

async function jsonAt(
  platform: Platform,
  root: string,
  path: string,
): Promise<Record<string, unknown>> {
  const file = await textAt(platform, root, path);
  return file === null ? {} : (objectFrom(file.text) ?? {});
}

function objectFrom(text: string): Record<string, unknown> | null {
  const value = valueFrom(text);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}

function valueFrom(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonProblem) return undefined;
    throw error;
  }
}

async function readLog(platform: Platform, directory: string): Promise<Log> {
  const log: Log = {
    ...{ points: new PointSet(), config: {}, title: null, commit: null, exit: null },
    ...{ startedAt: null, extent: 0 },
  };
  const entries = (await platform.disk.list(directory)) ?? [];
  const file = entries.find(({ name }) => /^run-.+\.wandb$/.test(name));
  if (file === undefined) return log;
  const bytes = await platform.disk.readSmall(`${directory}/${file.name}`, fileLimit);
  if (bytes === null) return log;
  log.extent = bytes.length;
  for (const record of recordsIn(bytes)) take(log, record);
  return log;
}

/**
 * The records of a log in LevelDB's format: blocks of 32 KiB with pieces `u32 crc, u16 length, u8
 * type` (1 whole, 2 first, 3 middle, 4 last), behind a header of 7 bytes
 * (https://github.com/google/leveldb/blob/main/doc/log_format.md, wandb/sdk/internal/datastore.py).
 */
function* recordsIn(bytes: Uint8Array): Iterable<Uint8Array> {
  if (bytes.length < headLength || String.fromCharCode(...bytes.subarray(0, 4)) !== ':W&B') return;
  const view = viewOf(bytes);
  let pieces: Uint8Array[] = [];
  let at = headLength;
  while (at + headLength <= bytes.length) {
    const left = blockLength - (at % blockLength);
    if (left < headLength) {
      at += left;
      continue;
    }
    const [length, type] = [view.getUint16(at + 4, true), view.getUint8(at + 6)];
    const end = at + headLength + length;
    if (type === 0 || type > 4 || end > bytes.length) return;
    pieces.push(bytes.subarray(at + headLength, end));
    at = end;
    if (type === 1 || type === 4) {
      yield pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
      pieces = [];
    }
  }
}

/** `Record{2: history, 5: config, 17: run, 18: exit}` (wandb/proto/wandb_internal.proto). */
function take(log: Log, record: Uint8Array): void {
  for (const { number, bytes } of fieldsOf(record)) {
    if (number === 2) takeHistory(log, bytes);
    else if (number === 5) Object.assign(log.config, itemsIn(bytes, 1));
    else if (number === 17) takeRun(log, bytes);
    else if (number === 18) log.exit = fieldInteger(bytes, 1) ?? 0;
  }
}

function takeRun(log: Log, run: Uint8Array): void {
  log.title = fieldText(run, 8) ?? log.title;
  const config = fieldBytes(run, 4);
  if (config !== null) Object.assign(log.config, itemsIn(config, 1));
  const start = fieldBytes(run, 17);
  const seconds = start === null ? null : fieldInteger(start, 1);
  log.startedAt = seconds === null ? log.startedAt : seconds * 1000;
  const git = fieldBytes(run, 21);
  log.commit = (git === null ? null : fieldText(git, 2)) ?? log.commit;
}

function takeHistory(log: Log, history: Uint8Array): void {
  const items = itemsIn(history, 1);
  const own = fieldBytes(history, 2);
  const step = typeof items._step === 'number' ? items._step : own && fieldInteger(own, 1);
  const time = typeof items._timestamp === 'number' ? items._timestamp * 1000 : Number.NaN;
  for (const [name, value] of Object.entries(items)) {
    const number = metricValue(value);
    if (name.startsWith('_') || number === null || number === undefined) continue;
    log.points.add(name, 'step', step ?? 0, Number(number), time);
  }
}

/** `{1: key, 2: nested_key…, 16: value_json}`, nested ones joined with dots. */
function itemsIn(message: Uint8Array, number: number): Record<string, ParameterValue> {
  const tree: Record<string, unknown> = {};
  for (const field of fieldsOf(message)) {
    if (field.number !== number) continue;
    const nested = [...fieldsOf(field.bytes)]
      .filter((part) => part.number === 2)
      .map(({ bytes }) => new TextDecoder().decode(bytes));
    const key = fieldText(field.bytes, 1) || nested.join('.');
    const text = fieldText(field.bytes, 16);
    if (key !== '' && !key.startsWith('_wandb') && text !== null) tree[key] = valueFrom(text);
  }
  try {
    return flattenParameters(tree);
  } catch (error) {
    // Nesting without end is nothing that was measured.
    if (error instanceof RangeError) return {};
    throw error;
  }
}
