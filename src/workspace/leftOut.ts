import type { DirectoryEntry } from '../platform';

/** Directories that hold nobody's own models: tools' databases, packages, caches. */
const names = new Set([
  '.git',
  '.hg',
  '.svn',
  '.dvc',
  'node_modules',
  'site-packages',
  'dist-packages',
  'mlruns',
  'wandb',
  '.aim',
  '.neptune',
  '.keepsake',
  '.venv',
  '.conda',
  '.tox',
  '.nox',
  '.pixi',
  '.eggs',
  '__pycache__',
  '.cache',
  '.ipynb_checkpoints',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.vscode',
  '.vscode-server',
  '.idea',
  '.huggingface',
  '.Trash',
]);

// The Hugging Face hub's cache: `models--google--bert`, `datasets--…`, with snapshots in them.
const hubCache = /^(?:models|datasets|spaces)--/;

/** Whether a directory is left out for its name. */
export function isLeftOut(name: string): boolean {
  return names.has(name) || hubCache.test(name) || name.endsWith('.egg-info');
}

/** Files and directories that make the directory they lie in something else than the project. */
const marks = new Set([
  // A Python environment, a Conda environment.
  'pyvenv.cfg',
  'conda-meta',
  // A repository of its own: a submodule, a clone, a linked worktree.
  '.git',
  'CACHEDIR.TAG',
]);

/** Whether a directory is left out for what lies in it. */
export function isForeign(entries: readonly DirectoryEntry[]): boolean {
  return entries.some(({ name }) => marks.has(name));
}
