import { isFailure } from '../core/failure';
import type { Platform } from '../platform';
import { mlflowValues } from './mlflowFiles';
import { parametersIn, textAt } from './toolFiles';

/** A version of a model in MLflow's registry. */
export interface RegisteredVersion {
  readonly name: string;
  readonly version: string;
  /** `Production`, …; `null` where none is set. */
  readonly stage: string | null;
  readonly aliases: readonly string[];
  /** The run it was made by; `null` where none is named. */
  readonly run: string | null;
}

/** Why a run of MLflow is not brought in. */
export const deletedThere = 'they were deleted there';

/** By run: `digits v3 Production @champion`. */
export function textsByRun(versions: readonly RegisteredVersion[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const version of versions) {
    if (version.run === null) continue;
    found.set(version.run, [...(found.get(version.run) ?? []), textOf(version)]);
  }
  return found;
}

/** Those that no run which is here made, as what is left out. */
export function withoutRun(
  versions: readonly RegisteredVersion[],
  runs: ReadonlySet<string>,
): { what: string; why: string }[] {
  return versions
    .filter(({ run }) => run === null || !runs.has(run))
    .map((version) => ({
      what: `registered model ${textOf(version)}`,
      why: version.run === null ? 'it names no run' : `its run ${version.run} is not here`,
    }));
}

function textOf({ name, version, stage, aliases }: RegisteredVersion): string {
  const isStaged = stage !== null && stage !== '' && stage !== 'None';
  const words = [`${name} v${version}`, ...(isStaged ? [stage] : [])];
  return [...words, ...aliases.map((alias) => `@${alias}`)].join(' ');
}

/** The id in `models:/m-<32 hex>`: since MLflow 3 versions are made of models that runs logged. */
export function modelIn(source: string): string | null {
  return /^models:\/(m-[0-9a-f]{32})\/?$/.exec(source)?.[1] ?? null;
}

/** The registry of a file store: `models/<name>/{meta.yaml, version-N/meta.yaml, aliases/<alias>}`. */
export async function mlflowRegistry(
  platform: Platform,
  store: string,
): Promise<{ versions: readonly RegisteredVersion[]; leftOut: { what: string; why: string }[] }> {
  const versions: RegisteredVersion[] = [];
  const leftOut: { what: string; why: string }[] = [];
  for (const { name } of (await platform.disk.list(`${store}/models`)) ?? []) {
    const path = `models/${name}`;
    const aliases = Object.entries(await mlflowValues(platform, store, `${path}/aliases`));
    for (const entry of (await platform.disk.list(`${store}/${path}`)) ?? []) {
      const version = /^version-(\d+)$/.exec(entry.name)?.[1];
      if (version === undefined) continue;
      try {
        const made = await versionAt(platform, store, `${path}/${entry.name}`);
        const named = aliases.filter(([, value]) => value.trim() === version);
        versions.push({ name, version, aliases: named.map(([alias]) => alias), ...made });
      } catch (error) {
        if (!isFailure(error, 'unreadable')) throw error;
        leftOut.push({ what: `${path}/${entry.name}`, why: error.data.why });
      }
    }
  }
  return { versions, leftOut };
}

async function versionAt(platform: Platform, store: string, path: string) {
  const file = await textAt(platform, store, `${path}/meta.yaml`);
  const meta = file === null ? {} : parametersIn(file);
  const stage = typeof meta.current_stage === 'string' ? meta.current_stage : null;
  return { stage, run: await runOf(platform, store, meta) };
}

async function runOf(
  platform: Platform,
  store: string,
  meta: Readonly<Record<string, unknown>>,
): Promise<string | null> {
  if (typeof meta.run_id === 'string' && meta.run_id !== '') return meta.run_id;
  const model = modelIn(String(meta.source ?? ''));
  if (model === null) return null;
  for (const { name, kind } of (await platform.disk.list(store)) ?? []) {
    if (kind !== 'directory' || name.startsWith('.')) continue;
    const file = await textAt(platform, store, `${name}/models/${model}/meta.yaml`);
    const run = file === null ? undefined : parametersIn(file).source_run_id;
    if (typeof run === 'string') return run;
  }
  return null;
}
