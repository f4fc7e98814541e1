import { resolve } from 'node:path';
import { Failure, isFailure, throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import { type FileScan, type ScanFinding, verdictOf } from '../core/scan';
import { companionBytes, scanModel } from '../formats';
import { openFileReader, type Platform } from '../platform';
import { besideFile } from './beside';

export interface ScanRequest {
  /** What the paths are relative to. */
  readonly directory: string;
  /** Files, and directories with all that they hold. */
  readonly paths: readonly string[];
}

export interface ScanResult {
  /** Sorted within each directory. */
  readonly files: readonly FileScan[];
}

/** Nobody's models: Git's own, packages, environments. */
const passedOver = new Set(['.git', '.hg', 'node_modules', '__pycache__', '.venv', 'venv']);
const mostFiles = 100_000;

/**
 * Looks for what is dangerous in model files, without loading them, in a project or not. Files that
 * cannot be read are told as such; links are not followed.
 * @throws Failure `no-such-file`, `usage` where there are too many files; `Cancelled`
 */
export async function scanFiles(
  platform: Platform,
  { directory, paths }: ScanRequest,
  activity?: Activity,
): Promise<ScanResult> {
  const found: string[] = [];
  for (const path of paths) await collect(platform, directory, path, found, true);
  const files: FileScan[] = [];
  for (const [done, path] of found.entries()) {
    throwIfCancelled(activity?.signal);
    activity?.progress?.({ phase: 'checking', path, done, total: found.length, unit: 'files' });
    files.push(await scanFile(platform, resolve(directory, path), path));
  }
  return { files };
}

async function collect(
  platform: Platform,
  directory: string,
  path: string,
  found: string[],
  named: boolean,
): Promise<void> {
  const absolute = resolve(directory, path);
  const facts = named
    ? await platform.disk.followedFacts(absolute)
    : await platform.disk.facts(absolute);
  if (facts === null && named) throw new Failure('no-such-file', { path });
  if (facts?.kind === 'file' || (named && facts?.kind === 'other')) found.push(path);
  if (found.length > mostFiles) {
    throw new Failure('usage', { what: `there are over ${mostFiles} files to look at` });
  }
  if (facts?.kind !== 'directory') return;
  for (const { name, kind } of (await platform.disk.list(absolute)) ?? []) {
    if (kind === 'directory' && passedOver.has(name)) continue;
    const below = path === '.' ? name : `${path.replace(/[\\/]+$/, '')}/${name}`;
    await collect(platform, directory, below, found, false);
  }
}

/** Scans one file by its absolute path; `path` is what it is called in the result. */
async function scanFile(platform: Platform, absolute: string, path: string): Promise<FileScan> {
  try {
    const reader = await openFileReader(platform.disk, absolute);
    try {
      const { format, verdict, findings } = await scanModel(reader, path);
      if (format !== 'onnx') return { path, format, verdict, findings };
      const all = [...findings, ...(await besideFindings(platform, absolute, reader, path))];
      return { path, format, verdict: verdictOf(all, true), findings: all };
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (!isFailure(error, 'unreadable') && !isFailure(error, 'file-changed')) throw error;
    const why = 'why' in error.data ? error.data.why : 'it changed while it was read';
    return unreadable(path, why);
  }
}

function unreadable(path: string, why: string): FileScan {
  const message = `The file could not be read: ${why}.`;
  const finding = { code: 'file-not-read', severity: 'unreadable', message, where: {} } as const;
  return { path, format: 'unknown', verdict: 'unreadable', findings: [finding] };
}

const refusals = {
  outside: 'lies outside the directory of the model: loading it reads that file',
  link: 'is a symbolic link: loading the model reads wherever it leads',
  'hard-link': 'is a hard link, another name of a file that may be none of the model',
  missing: null,
} as const;

/** Files that a model names are judged where they lie: a link in its directory leads out of it. */
async function besideFindings(
  platform: Platform,
  absolute: string,
  reader: Parameters<typeof companionBytes>[0],
  path: string,
): Promise<ScanFinding[]> {
  const findings: ScanFinding[] = [];
  for (const { file } of await companionBytes(reader, path)) {
    const found = await besideFile(platform, absolute, file);
    const why = 'refused' in found ? refusals[found.refused] : null;
    if (why === null) continue;
    const message = `${JSON.stringify(file)}, which has the model's values, ${why}.`;
    findings.push({ code: 'external-link', severity: 'dangerous', message, where: {} });
  }
  return findings;
}
