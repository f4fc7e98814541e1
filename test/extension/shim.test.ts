import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { shimFiles } from '../../src/extension/terminal/shim';

test.skipIf(process.platform === 'win32')('the shim hands its words on unchanged', () => {
  const folder = mkdtempSync(path.join(tmpdir(), "cairn it's "));
  try {
    const script = path.join(folder, 'cli.js');
    writeFileSync(
      script,
      'console.log(JSON.stringify([process.env.ELECTRON_RUN_AS_NODE, ...process.argv.slice(2)]));',
    );
    const [posix] = shimFiles(process.execPath, script);
    const file = path.join(folder, 'cairn');
    writeFileSync(file, posix!.text);
    chmodSync(file, posix!.mode);
    const words = ['commit', '-m', 'a  b', "it's", '$HOME', '*'];
    const said = execFileSync(file, words, { encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual(['1', ...words]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the Windows shim doubles what batch files would expand', () => {
  const [, windows] = shimFiles('C:\\VS Code\\Code.exe', 'C:\\100%\\cli.js');
  expect(windows?.name).toBe('cairn.cmd');
  expect(windows?.text).toContain('"C:\\VS Code\\Code.exe" "C:\\100%%\\cli.js" %*\r\n');
});
