import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configuration, violations } from './check.mjs';

/** One file each that breaks one rule; the key is the rule, the value is the file and its text. */
const breaches: Record<string, [file: string, text: string]> = {
  'core-imports-core': ['src/core/a.ts', "import '../platform/clean';"],
  'wire-imports-core': ['src/wire/a.ts', "import '../platform/clean';"],
  'platform-imports-core': ['src/platform/a.ts', "import '../git/index';"],
  'source-imports-core': ['src/source/a.ts', "import '../platform/clean';"],
  'formats-imports-ground': ['src/formats/a.ts', "import '../git/index';"],
  'artifacts-imports-ground': [
    'src/artifacts/a.ts',
    "import type { Clean } from '../git/index';\nexport type A = Clean;",
  ],
  'history-imports-ground': ['src/history/a.ts', "import '../operations/clean';"],
  'git-imports-ground': ['src/git/a.ts', "export { clean } from '../runs/index';"],
  'runs-imports-ground': ['src/runs/a.ts', "import '../wire/clean';"],
  'workspace-imports-ground': ['src/workspace/a.ts', "export const a = import('../git/index');"],
  'operations-imports-rooms': ['src/operations/a.ts', "import '../cli/clean';"],
  'cli-imports-down': ['src/cli/a.ts', "import '../extension/clean';"],
  'engine-imports-down': ['src/engine/a.ts', "import '../cli/clean';"],
  'extension-imports-down': ['src/extension/a.ts', "import '../../webview-ui/src/clean';"],
  'webview-imports-letters': ['webview-ui/src/a.ts', "import '../../src/platform/clean';"],
  'rooms-have-one-door': ['src/operations/b.ts', "import '../git/clean';"],
  'vscode-in-extension': ['src/operations/c.ts', "import 'vscode';"],
  'sqlite-in-history': ['src/operations/d.ts', "import 'better-sqlite3';"],
  'simple-git-in-git': ['src/operations/e.ts', "import 'simple-git';"],
  'lezer-in-source': ['src/operations/f.ts', "import '@lezer/python';"],
  'widgets-in-webviews': ['src/operations/g.ts', "import 'lit';"],
  'toolkit-in-controls': ['webview-ui/src/b.ts', "import '@vscode/webview-ui-toolkit';"],
  'disk-and-processes-in-platform': ['src/git/b.ts', "import 'node:fs/promises';"],
  'threads-in-platform-and-engine': ['src/git/c.ts', "import 'node:worker_threads';"],
  'nouns-need-no-node': ['src/core/b.ts', "import 'node:path';"],
  'nouns-need-no-package': ['src/core/c.ts', "import 'yaml';"],
  'everything-resolves': ['src/git/d.ts', "import './nowhere';"],
  'no-cycles': ['src/git/e.ts', "import './f';"],
  'names-say-what': ['src/git/utils.ts', ''],
  'one-door-a-room': ['src/git/inner/index.ts', ''],
};

const floors = ['core', 'wire', 'platform', 'git', 'runs', 'operations', 'cli', 'extension'];
const clean = 'export type Clean = number;\nexport const clean = 1;\n';

let root: string;
let found: Awaited<ReturnType<typeof violations>>;

function write(file: string, text: string): void {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'cairn-floors-'));
  for (const floor of floors) write(`src/${floor}/clean.ts`, clean);
  for (const room of ['git', 'runs']) write(`src/${room}/index.ts`, "export * from './clean';\n");
  write('webview-ui/src/clean.ts', clean);
  write('src/operations/good.ts', "import '../git/index';\nimport 'node:path';\n");
  write('src/git/f.ts', "import './e';\n");
  write(
    'src/git/g.ts',
    "import 'simple-git';\nimport 'node:crypto';\nimport '../platform/clean';\n",
  );
  for (const [file, text] of Object.values(breaches)) write(file, `${text}\n`);
  found = await violations(root);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a breach of the floors is found', () => {
  test.each(Object.entries(breaches))('%s', (rule, [file]) => {
    expect(found).toContainEqual(expect.objectContaining({ rule, from: file }));
  });

  test('of every rule that there is', () => {
    const rules = configuration().forbidden?.map((rule) => rule.name) ?? [];
    expect(rules.length).toBeGreaterThan(20);
    for (const rule of rules) expect(Object.keys(breaches)).toContain(rule);
  });
});

test('what keeps the floors is not reported', () => {
  const innocent = ['src/operations/good.ts', 'src/git/g.ts', 'src/git/index.ts'];
  // The tree has no node_modules, so packages that may be imported do not resolve.
  const reported = found.filter(({ rule }) => rule !== 'everything-resolves');
  expect(reported.filter(({ from }) => innocent.includes(from))).toEqual([]);
});
