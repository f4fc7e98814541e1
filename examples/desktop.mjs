import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const OLDEST = { major: 1, minor: 101 };

/**
 * What decides whether a desktop VS Code can be opened from here.
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {NodeJS.ProcessEnv} environment
 * @property {boolean} root whether we run as root
 * @property {boolean} wsl whether this Linux lies inside Windows
 * @property {() => string | null} version what `code --version` says first; null without `code`
 */

/**
 * The command of the desktop VS Code, or why there is none to use: `code` may also be the command
 * line of a remote window, of the Windows around WSL, or of a machine without a screen.
 * @param {Machine} [machine]
 * @returns {{ command: string } | { reason: string }}
 */
export function desktopVscode(machine = thisMachine()) {
  const { platform, environment } = machine;
  if (environment.VSCODE_IPC_HOOK_CLI) {
    return { reason: 'this terminal belongs to a remote window' };
  }
  if (platform === 'linux') {
    if (machine.wsl) return { reason: 'this is a Linux inside Windows' };
    if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) {
      return { reason: 'this machine has no screen' };
    }
    if (machine.root) return { reason: 'the desktop VS Code does not run as root' };
  }
  const version = machine.version();
  if (version === null) return { reason: 'there is no `code` on the PATH' };
  if (isOlder(version)) {
    const wanted = `${OLDEST.major}.${OLDEST.minor}`;
    return { reason: `the installed VS Code is ${version}, and Cairn needs ${wanted}` };
  }
  return { command: 'code' };
}

/** @param {string} version */
function isOlder(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor);
}

/** @returns {Machine} */
function thisMachine() {
  const { platform } = process;
  return {
    platform,
    environment: process.env,
    root: process.getuid?.() === 0,
    wsl: platform === 'linux' && /microsoft/i.test(readFileSync('/proc/version', 'utf8')),
    version: () => {
      const shell = platform === 'win32';
      const { status, stdout } = spawnSync('code', ['--version'], { encoding: 'utf8', shell });
      const first = stdout?.split('\n')[0]?.trim() ?? '';
      return status === 0 && /^\d+\.\d+\.\d+/.test(first) ? first : null;
    },
  };
}
