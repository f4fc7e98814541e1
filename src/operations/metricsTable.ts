import {
  type ColumnValues,
  type MetricsTable,
  runReference,
  type TableColumn,
  type TableColumnName,
  type TableRow,
} from '../core/metricsTable';
import { plainParameter } from '../core/plainParameter';
import type { RunRecord } from '../core/run';
import { toJsonNumber } from '../core/version';
import { knownModels, resolveModel } from './models';
import type { Rooms } from './rooms';

type Plain = number | string | null;

/** `layer_2` before `layer_10`. */
const byName = new Intl.Collator('en', { numeric: true });

/** The rows of a table, and what its columns are made of. */
interface Ground {
  readonly edition: string;
  readonly rows: readonly TableRow[];
  /** Rows of versions by their id in the database; those of runs follow. */
  readonly places: ReadonlyMap<number, number>;
  readonly runs: readonly RunRecord[];
  /** Versions whose metric belongs to older weights, by the metric. */
  readonly stale: ReadonlyMap<string, readonly number[]>;
  /** The runs' last values, by metric and then by run. */
  readonly last: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** The tables that a project was asked for last: their columns are read as they are looked at. */
export class MetricsTables {
  private readonly grounds = new Map<string, Ground>();

  constructor(private readonly rooms: Rooms) {}

  /** As `TableVerbs.table`. */
  async table(request: { readonly model: string }): Promise<MetricsTable> {
    const model = await resolveModel(this.rooms, request.model);
    const ground = await this.read(model);
    const { edition, rows } = ground;
    return { edition, rows, columns: columnsOf(this.rooms, model, ground) };
  }

  /** As `TableVerbs.tableColumns`. */
  async tableColumns(request: {
    readonly model: string;
    readonly edition: string;
    readonly columns: readonly TableColumnName[];
  }): Promise<readonly ColumnValues[] | null> {
    const model = await resolveModel(this.rooms, request.model);
    if (editionOf(this.rooms) !== request.edition) return null;
    const known = this.grounds.get(model);
    const ground = known?.edition === request.edition ? known : await this.read(model);
    return request.columns.map((column) => valuesOf(this.rooms, ground, column));
  }

  private async read(model: string): Promise<Ground> {
    const ground = groundOf(this.rooms, model, (await knownModels(this.rooms)).length === 1);
    this.grounds.set(model, ground);
    return ground;
  }
}

/** The log grows with whatever happens to versions; runs come and go beside it. */
function editionOf({ history }: Rooms): string {
  const { runs, total } = history.runs.list({ limit: 1 });
  return `${history.logHead().slice(0, 16)}.${total}.${runs[0]?.id ?? ''}`;
}

function groundOf(rooms: Rooms, model: string, isOnly: boolean): Ground {
  const { history } = rooms;
  const versions = history.table.versions(model);
  const all = history.runs.list({}).runs;
  // A run that names no model belongs to the only one there is.
  const runs = all.filter((run) => run.model === model || (run.model === null && isOnly));
  const cameOf = history.table.runs(model);
  const runOf = new Map(cameOf.map(({ version, run }) => [version, [run]]));
  const references = new Map(versions.map((one) => [one.id, versionReference(model, one)]));
  const made = Map.groupBy(cameOf, ({ run }) => run);
  const rows = [
    ...versions.map(
      (one): TableRow => ({
        reference: versionReference(model, one),
        title: `v${one.number}`,
        ...{ number: one.number, label: one.label, description: one.description },
        ...{ createdAt: one.createdAt, state: null, curves: one.curves === 1 },
        creator: { name: one.creatorName, email: one.creatorEmail },
        relatives: runOf.get(one.id) ?? [],
      }),
    ),
    ...runs.map(
      (run): TableRow => ({
        reference: runReference(run.id),
        title: run.title ?? run.id,
        ...{ number: null, label: null, creator: null },
        ...{ description: run.source, createdAt: run.startedAt, state: run.state, curves: true },
        relatives: (made.get(run.id) ?? []).map(({ version }) => references.get(version) ?? ''),
      }),
    ),
  ];
  const places = new Map(versions.map(({ id }, index) => [id, index]));
  const stale = Map.groupBy(history.table.stale(), ([name]) => name);
  return {
    ...{ edition: editionOf(rooms), rows, places, runs, last: lastValues(rooms, runs) },
    stale: new Map([...stale].map(([name, found]) => [name, found.map(([, version]) => version)])),
  };
}

function versionReference(
  model: string,
  { number, revision }: { number: number; revision: number },
) {
  return `${model}@v${number}.${revision}`;
}

function lastValues({ history }: Rooms, runs: readonly RunRecord[]) {
  const last = new Map<string, Map<string, number>>();
  if (runs.length === 0) return last;
  for (const { run, name, value } of history.runs.lastValues()) {
    const column = last.get(name) ?? new Map<string, number>();
    last.set(name, column.set(run, value ?? Number.NaN));
  }
  return last;
}

/** What is known of a column while its rows are gone through. */
interface Tally {
  count: number;
  values: number;
  readonly ends: Plain[];
}

function columnsOf(rooms: Rooms, model: string, { rows, runs, last }: Ground): TableColumn[] {
  const tallies = { metric: new Map<string, Tally>(), parameter: new Map<string, Tally>() };
  const tallyOf = (kind: 'metric' | 'parameter', key: string) => {
    const tally = tallies[kind].get(key) ?? { count: 0, values: 0, ends: [] };
    tallies[kind].set(key, tally);
    return tally;
  };
  for (const { kind, name, count, values, least, greatest } of rooms.history.table.keys(model)) {
    const tally = tallyOf(kind, name);
    tally.count += count;
    tally.values += values;
    if (values > 0) tally.ends.push(least, greatest);
  }
  const ids = new Set(runs.map(({ id }) => id));
  for (const [key, column] of last) {
    const own = [...column].filter(([run]) => ids.has(run));
    for (const [, value] of own) add(tallyOf('metric', key), Number.isNaN(value) ? null : value);
  }
  for (const { parameters } of runs) {
    for (const [key, value] of Object.entries(parameters)) {
      add(tallyOf('parameter', key), plainParameter(value));
    }
  }
  return (['metric', 'parameter'] as const).flatMap((kind) =>
    [...tallies[kind]]
      .sort(([a], [b]) => byName.compare(a, b))
      .map(([key, tally]) => column(kind, key, tally, rows.length)),
  );
}

function add(tally: Tally, value: Plain): void {
  tally.count++;
  if (value === null) return;
  tally.values++;
  tally.ends.push(value);
}

function column(
  kind: 'metric' | 'parameter',
  key: string,
  { count, values, ends }: Tally,
  rows: number,
): TableColumn {
  const numeric = kind === 'metric' || (values > 0 && ends.every((end) => typeof end === 'number'));
  const varies = count < rows || values < count || ends.some((end) => end !== ends[0]);
  return { kind, key, numeric, varies, count };
}

function valuesOf(rooms: Rooms, ground: Ground, { kind, key }: TableColumnName): ColumnValues {
  const { rows, places, runs } = ground;
  const found = new Array<Plain | undefined>(rows.length).fill(undefined);
  for (const [version, value] of rooms.history.table.values(kind, key)) {
    const at = places.get(version);
    if (at !== undefined) found[at] = value;
  }
  runs.forEach((run, index) => {
    found[places.size + index] = ofRun(ground, run, kind, key);
  });
  const at: number[] = [];
  const values: ColumnValues['values'][number][] = [];
  for (let place = 0; place < found.length; place++) {
    const value = found[place];
    if (value === undefined) continue;
    at.push(place);
    values.push(kind === 'parameter' ? value : toJsonNumber((value as number) ?? Number.NaN));
  }
  const old = kind === 'metric' ? (ground.stale.get(key) ?? []) : [];
  const stale = old.flatMap((version) => places.get(version) ?? []);
  return { kind, key, at: at.length === rows.length ? null : at, values, stale };
}

function ofRun(
  { last }: Ground,
  { id, parameters }: RunRecord,
  kind: 'metric' | 'parameter',
  key: string,
): Plain | undefined {
  if (kind === 'metric') return last.get(key)?.get(id);
  return Object.hasOwn(parameters, key) ? plainParameter(parameters[key] ?? null) : undefined;
}
