import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { isFailure } from '../core/failure';
import type { EnvironmentRecord } from '../core/version';
import type { Platform } from '../platform';

export interface EnvironmentOptions {
  /** The Python that the editor uses; absolute, or relative to the root. */
  readonly interpreter?: string;
  /** Packages to record, at most; default 3,000. */
  readonly limit?: number;
}

const packageLimit = 3_000;
const fileLimit = 64 * 1024;

/**
 * Which Python a project uses, and which packages are in it, read from the names of `dist-info`
 * directories (PEP 376, 427): Python itself is never run. Looked for in this order: the given
 * interpreter, an activated environment, one in the project's folder, Conda's base, the `python3`
 * that the search path finds. Without one
 * there is only the platform.
 */
export async function readEnvironment(
  platform: Platform,
  root: string,
  options: EnvironmentOptions = {},
): Promise<EnvironmentRecord> {
  const known = prefixes(platform, root, options);
  for (const prefix of [...known, ...(await searchedPrefixes(platform))]) {
    const found = await readPrefix(platform, prefix);
    if (found === null) continue;
    const { python, packages } = found;
    return {
      ...(python === null ? {} : { python }),
      packages: Object.fromEntries(
        [...packages].sort(byName).slice(0, options.limit ?? packageLimit),
      ),
      platform: platform.system,
    };
  }
  return { platform: platform.system };
}

function byName([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : 1;
}

/** Where environments may be: directories with `bin` or `Scripts` in them. */
function prefixes(
  { environment }: Platform,
  root: string,
  { interpreter }: EnvironmentOptions,
): string[] {
  const { VIRTUAL_ENV: virtual, CONDA_PREFIX: conda, CONDA_DEFAULT_ENV: condaName } = environment;
  const local = ['.venv', 'venv', 'env', '.conda'].map((name) => join(root, name));
  const activated = conda !== undefined && condaName !== 'base' ? conda : undefined;
  const candidates = [
    interpreter === undefined ? undefined : prefixOf(resolve(root, interpreter)),
    virtual,
    activated,
    ...local,
    conda,
  ];
  return candidates.filter((path) => path !== undefined && isAbsolute(path)) as string[];
}

/** Where the `python3` of the search path belongs to; pyenv's shims stand for the chosen version. */
async function searchedPrefixes(platform: Platform): Promise<string[]> {
  const directories = (platform.environment.PATH ?? '').split(delimiter).filter(isAbsolute);
  const found: string[] = [];
  for (const directory of directories) {
    const real = await ifReadable(() => platform.disk.realPath(join(directory, 'python3')));
    if (real === null) continue;
    if (basename(directory) === 'shims') found.push(...(await pyenvPrefix(platform, directory)));
    else found.push(prefixOf(real));
  }
  return [...new Set(found)];
}

/** pyenv's `version` names the one in use, where `PYENV_VERSION` does not. */
async function pyenvPrefix(platform: Platform, shims: string): Promise<string[]> {
  const root = dirname(shims);
  const bytes = await ifReadable(() => platform.disk.readSmall(join(root, 'version'), fileLimit));
  const named = bytes === null ? undefined : new TextDecoder().decode(bytes).split(/\s/, 1)[0];
  const version = platform.environment.PYENV_VERSION ?? named;
  return version === undefined || version === '' ? [] : [join(root, 'versions', version)];
}

/** `<prefix>/bin/python`, `<prefix>\Scripts\python.exe`, Conda's `<prefix>\python.exe`. */
function prefixOf(interpreter: string): string {
  const directory = dirname(interpreter);
  return /[\\/](?:bin|scripts)$/i.test(directory) ? dirname(directory) : directory;
}

interface Prefix {
  readonly python: string | null;
  readonly packages: ReadonlyMap<string, string>;
}

async function readPrefix(platform: Platform, prefix: string): Promise<Prefix | null> {
  const settings = await venvSettings(platform, prefix);
  const version =
    versionIn(settings) ??
    (await condaPython(platform, prefix)) ??
    // pyenv's `versions/3.11.7`, uv's `cpython-3.11.7-linux`.
    /[\\/](?:versions[\\/]|cpython-)(\d+\.\d+\.\d+)/.exec(prefix)?.[1] ??
    (await namedPython(platform, prefix));
  const sites = await siteDirectories(platform, prefix, version);
  if (settings === null && sites.length === 0) return null;
  const python = version ?? sites.find((site) => site.python !== null)?.python ?? null;
  const shared = settings?.get('include-system-site-packages')?.toLowerCase() === 'true';
  const home = shared ? settings?.get('home') : undefined;
  const outer = home === undefined ? [] : await siteDirectories(platform, dirname(home), python);
  const packages = new Map<string, string>();
  // The environment's own packages hide those around it; the same within its directories.
  for (const { path } of [...sites, ...outer]) {
    for (const [name, version] of await packagesIn(platform, path)) {
      if (!packages.has(name)) packages.set(name, version);
    }
  }
  return { python, packages };
}

/** `pyvenv.cfg`: `key = value` lines (PEP 405). */
async function venvSettings(
  platform: Platform,
  prefix: string,
): Promise<Map<string, string> | null> {
  const bytes = await ifReadable(() =>
    platform.disk.readSmall(join(prefix, 'pyvenv.cfg'), fileLimit),
  );
  if (bytes === null) return null;
  const pairs = new TextDecoder()
    .decode(bytes)
    .split(/\r?\n/)
    .map((line) => /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(line))
    .filter((match) => match !== null);
  return new Map(pairs.map(([, key = '', value = '']) => [key.toLowerCase(), value]));
}

/** venv writes `version`, virtualenv and uv `version_info` (`3.11.7.final.0`). */
function versionIn(settings: ReadonlyMap<string, string> | null): string | null {
  const text = settings?.get('version_info') ?? settings?.get('version') ?? '';
  return /^\d+\.\d+(?:\.\d+)?(?:(?:a|b|rc)\d+)?/.exec(text)?.[0] ?? null;
}

/** Conda keeps a file `conda-meta/python-3.11.7-<build>.json` for the Python it installed. */
async function condaPython(platform: Platform, prefix: string): Promise<string | null> {
  const names = await namesIn(platform, join(prefix, 'conda-meta'));
  const versions = names.map((name) => /^python-(\d+\.\d+\.\d+)-[^-]+\.json$/.exec(name)?.[1]);
  return versions.find((version) => version !== undefined) ?? null;
}

/** `bin/python3` is a link to `python3.11`. */
async function namedPython(platform: Platform, prefix: string): Promise<string | null> {
  const real = await ifReadable(() => platform.disk.realPath(join(prefix, 'bin', 'python3')));
  return /python(\d+\.\d+)$/.exec(real ?? '')?.[1] ?? null;
}

interface Site {
  readonly path: string;
  /** `3.11` where the directory's name tells. */
  readonly python: string | null;
}

/** Directories of packages: `lib/python3.11/site-packages`, Windows' `Lib/site-packages`, Debian's. */
async function siteDirectories(
  platform: Platform,
  prefix: string,
  version: string | null,
): Promise<Site[]> {
  const libraries = ['local/lib', 'lib', 'lib64', 'Lib'].map((name) => join(prefix, name));
  const sites: Site[] = [];
  const seen = new Set<string>();
  for (const library of libraries) {
    for (const site of await sitesIn(platform, library)) {
      if (version !== null && site.python !== null && !isOf(site.python, version)) continue;
      // `lib64` is a link to `lib`; `Lib` is `lib` where case does not count.
      const real = await platform.disk.realPath(site.path);
      if (real === null || seen.has(real)) continue;
      seen.add(real);
      sites.push(site);
    }
  }
  return sites;
}

/** `3.11` of `3.11.7`, and not of `3.1`. */
function isOf(minor: string, version: string): boolean {
  return version === minor || version.startsWith(`${minor}.`);
}

async function sitesIn(platform: Platform, library: string): Promise<Site[]> {
  const pythons = (await namesIn(platform, library))
    .map((name) => /^(?:python|pypy)(\d+(?:\.\d+)?)$/.exec(name))
    .filter((match) => match !== null);
  const places = [
    { path: join(library, 'site-packages'), python: null },
    ...pythons.flatMap(([name, version = '']) => [
      {
        path: join(library, name, 'site-packages'),
        python: version.includes('.') ? version : null,
      },
      {
        path: join(library, name, 'dist-packages'),
        python: version.includes('.') ? version : null,
      },
    ]),
  ];
  const kept: Site[] = [];
  for (const place of places) {
    if ((await ifReadable(() => platform.disk.followedFacts(place.path)))?.kind === 'directory') {
      kept.push(place);
    }
  }
  return kept;
}

// `torch-2.13.0+cu126.dist-info`; `scikit_learn-1.5.0-py3.11.egg-info`. What pip could not remove
// begins with `~`.
const installed =
  /^(?<name>[A-Za-z0-9][\w.]*)-(?<version>\d[^-]*)(?:-py\d[\w.]*)?\.(?:dist|egg)-info$/;

async function packagesIn(platform: Platform, site: string): Promise<[string, string][]> {
  const names = await namesIn(platform, site);
  return names.flatMap((entry): [string, string][] => {
    const { name, version } = installed.exec(entry)?.groups ?? {};
    return name === undefined || version === undefined ? [] : [[normalized(name), version]];
  });
}

/** PEP 503: `Scikit_Learn` is `scikit-learn`. */
function normalized(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

async function namesIn(platform: Platform, directory: string): Promise<string[]> {
  const entries = await ifReadable(() => platform.disk.list(directory));
  return (entries ?? []).map(({ name }) => name);
}

/** An environment that may not be read is as good as none: it must not keep a version from being. */
async function ifReadable<T>(call: () => Promise<T | null>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (isFailure(error, 'unreadable')) return null;
    throw error;
  }
}
