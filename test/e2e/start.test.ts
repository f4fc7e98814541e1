import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

/** Runs `npm start` with options; resolves to its exit code and everything that it printed. */
function start(...options: string[]): Promise<{ code: number | null; printed: string }> {
  const script = path.join(import.meta.dirname, '../../examples/start.mjs');
  const example = path.join(import.meta.dirname, '../../.vscode-test/example/digits');
  const child = spawn(process.execPath, [script, ...options], {
    env: { ...process.env, CAIRN_EXAMPLE: example },
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve({ code, printed }));
  });
}

test('the start command makes the example and opens VS Code on it', async () => {
  const { code, printed } = await start('--check');
  expect(printed).toMatch(/VS Code with Cairn: http:\/\/127\.0\.0\.1:\d+\//);
  expect(code).toBe(0);
}, 400_000);

test('the start command says what is wrong with an option', async () => {
  const { code, printed } = await start('--port', 'seventy');
  expect(printed).toContain('--port takes a number from 1 to 65535, not "seventy".');
  expect(code).toBe(1);
});
