import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Workspace } from '../operations/sandbox';
import type { Said } from './commandLine';

/** A failure as a person reads it: nothing on standard output, a sentence and a next step. */
export function expectRefusal(said: Said, exit: number, message: string, hint: string): void {
  expect(said).toEqual({
    ...{ exit, signal: null, stdout: '' },
    stderr: `${message}\nHint: ${hint}\n`,
  });
}

/** A failure as a program reads it. */
export function errorOf(said: Said): { code: string; message: string; hint: string; data: object } {
  expect(said.stdout).toBe('');
  return JSON.parse(said.stderr).error;
}

/**
 * Everything that must be as before when something was refused: working files, index, references,
 * what was stored, and no unfinished writes.
 */
export function standing(workspace: Workspace) {
  const git = join(workspace.root, '.git');
  return {
    files: filesOf(workspace),
    head: readFileSync(join(git, 'HEAD'), 'utf8'),
    index: existsSync(join(git, 'index')) ? readFileSync(join(git, 'index'), 'hex') : null,
    references: workspace.git('for-each-ref'),
    stored: below(join(git, 'cairn', 'artifacts')),
    unfinished: below(join(git, 'cairn', 'tmp')),
    locks: below(git).filter((path) => path.endsWith('.lock')),
  };
}

const largest = 1_000_000;

/** Working files with their modes and contents; of large ones only their sizes. */
function filesOf({ root }: Workspace): Record<string, string> {
  const paths = below(root).filter((path) => !path.startsWith(join(root, '.git/')));
  return Object.fromEntries(
    paths.map((path) => {
      const { mode, size } = lstatSync(path);
      const content = size > largest ? `${size} bytes` : readFileSync(path, 'latin1');
      return [path, `${(mode & 0o777).toString(8)} ${content}`];
    }),
  );
}

function below(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Runs something that must be refused, and makes sure that it left everything as it was. */
export async function leavingEverything(
  workspace: Workspace,
  act: () => Promise<Said>,
): Promise<Said> {
  const before = standing(workspace);
  const said = await act();
  expect(standing(workspace)).toEqual(before);
  return said;
}
