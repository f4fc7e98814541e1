import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const guard = 'CAIRN_ON_INSTALLED_NODE';

/**
 * Runs this process's script again on a Node that npm installed beside it (the package `node`).
 * `directory`: where the script lies; looked for there and in every directory above.
 * Returns its exit code; `null` when there is none, or when this already is one.
 */
export function startOnInstalledNode(directory: string, argv: readonly string[]): number | null {
  if (process.env[guard] !== undefined) return null;
  const node = installedNode(directory);
  if (node === null) return null;
  const environment = { ...process.env, [guard]: '1' };
  const { status, error } = spawnSync(node, [...argv], { stdio: 'inherit', env: environment });
  return error === undefined ? (status ?? 1) : null;
}

function installedNode(directory: string): string | null {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (let place = directory; ; place = dirname(place)) {
    const candidate = join(place, 'node_modules', 'node', 'bin', name);
    if (existsSync(candidate)) return candidate;
    if (place === dirname(place)) return null;
  }
}
