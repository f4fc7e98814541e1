import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const OLDEST = [1, 101];

/**
 * The desktop VS Code's command, or the reason why there is none to use: `code` may also be the
 * command line of a remote window, of a Windows outside WSL, or of a machine without a screen.
 * @param {NodeJS.ProcessEnv} [environment]
 * @param {typeof run} [ask]
 * @returns {{ command: string } | { reason: string }}
 */
export function desktopVscode(environment = process.env, ask = run) {
  if (environment.VSCODE_IPC_HOOK_CLI)
    return { reason: 'this terminal belongs to a remote window' };
  if (process.platform === 'linux') {
    if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY)
      return { reason: 'there is no screen' };
    if (process.getuid?.() === 0) return { reason: 'the desktop VS Code does not run as root' };
    if (insideWsl()) return { reason: 'inside WSL' };
  }
  const version = ask('code');
  if (version === null) return { reason: 'there is no `code` on the PATH' };
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return { reason: `the installed VS Code is ${version}, older than ${OLDEST.join('.')}` };
  }
  return { command: 'code' };
}

/** The version that a `code` command says, or null when there is none. @param {string} command */
function run(command) {
  const shell = process.platform === 'win32';
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8', shell });
  const first = stdout?.split('\n')[0]?.trim() ?? '';
  return status === 0 && /^\d+\.\d+\.\d+/.test(first) ? first : null;
}

function insideWsl() {
  return /microsoft/i.test(readFileSync('/proc/version', 'utf8'));
}
