import { describe, expect, test } from 'vitest';
import { desktopVscode, type Machine } from '../../examples/desktop.mjs';

const desktop: Machine = {
  platform: 'linux',
  environment: { DISPLAY: ':0' },
  root: false,
  wsl: false,
  version: () => '1.101.0',
};

describe('the desktop VS Code is opened', () => {
  test.each<[string, Partial<Machine>]>([
    ['on Linux with X', {}],
    ['on Linux with Wayland', { environment: { WAYLAND_DISPLAY: 'wayland-0' } }],
    ['on macOS', { platform: 'darwin', environment: {} }],
    ['on Windows', { platform: 'win32', environment: {} }],
    ['when it is newer', { version: () => '2.0.0-insider' }],
  ])('%s', (_, differing) => {
    expect(desktopVscode({ ...desktop, ...differing })).toEqual({ command: 'code' });
  });
});

describe('the browser is used', () => {
  test.each<[string, Partial<Machine>, string]>([
    [
      'in a remote terminal',
      { environment: { VSCODE_IPC_HOOK_CLI: '/x', DISPLAY: ':0' } },
      'remote',
    ],
    ['without a screen', { environment: {} }, 'no screen'],
    ['as root', { root: true }, 'root'],
    ['inside Windows', { wsl: true }, 'inside Windows'],
    ['without `code`', { version: () => null }, 'no `code`'],
    ['when it is older', { version: () => '1.100.3' }, '1.101'],
  ])('%s', (_, differing, reason) => {
    const answer = desktopVscode({ ...desktop, ...differing });
    expect(answer).toEqual({ reason: expect.stringContaining(reason) });
  });
});
