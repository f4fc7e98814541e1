import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The lint rules that are this project's own: the clock, randomness, failures that vanish. */

const root = path.join(import.meta.dirname, '../..');

const clocks = {
  'now.ts': 'Date.now()',
  'date.ts': 'new Date()',
  'random.ts': 'Math.random()',
  'performance.ts': 'performance.now()',
  'hrtime.ts': 'process.hrtime.bigint()',
  'uuid.ts': 'crypto.randomUUID()',
};
const swallowing = 'export function run(act: () => void): void {\n  try {\n    act();\n  } catch';
const sources: Record<string, string> = {
  'src/git/parse.ts': 'export const at = (text: string): Date => new Date(text);\n',
  'src/git/bytes.ts':
    "import { randomBytes } from 'node:crypto';\nexport const value = randomBytes(4);\n",
  'src/git/hash.ts':
    "import { createHash } from 'node:crypto';\nexport const value = createHash('md5');\n",
  'src/git/empty.ts': `${swallowing} {}\n}\n`,
  'src/git/commented.ts': `${swallowing} {\n    // nothing\n  }\n}\n`,
  'src/git/named.ts': `${swallowing} (error) {\n    // nothing\n  }\n}\n`,
  'src/git/checked.ts': `${swallowing} (error) {\n    if (!(error instanceof RangeError)) throw error;\n  }\n}\n`,
};
for (const [name, call] of Object.entries(clocks)) {
  sources[`src/git/${name}`] = `export const value = ${call};\n`;
  sources[`src/platform/${name}`] = `export const value = ${call};\n`;
}

let folder: string;
let report: string;

/** What the linter says about one file. */
function said(file: string): string {
  return report
    .split('\n')
    .filter((line) => line.includes(file))
    .join('\n');
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cairn-lint-'));
  cpSync(path.join(root, 'biome.json'), path.join(folder, 'biome.json'));
  for (const [file, text] of Object.entries(sources)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  mkdirSync(path.join(folder, 'test/floors'), { recursive: true });
  for (const rule of ['clock.grit', 'swallow.grit']) {
    cpSync(path.join(import.meta.dirname, rule), path.join(folder, 'test/floors', rule));
  }
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');
  const parameters = ['lint', '--vcs-enabled=false', '--reporter=github', '--max-diagnostics=none'];
  const { stdout } = spawnSync(process.execPath, [biome, ...parameters, '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  report = stdout;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(Object.entries(clocks))('%s: %s is refused outside the platform', (name) => {
  expect(said(`src/git/${name}`)).toContain('come in through the Platform object');
  expect(said(`src/platform/${name}`)).not.toContain('come in through the Platform object');
});

test('reading a time that is given is no clock', () => {
  expect(said('src/git/parse.ts')).toBe('');
});

test('randomness is not imported outside the platform, hashing is', () => {
  expect(said('src/git/bytes.ts')).toContain('Randomness comes from the Platform');
  expect(said('src/git/hash.ts')).toBe('');
});

test('a catch that swallows everything is refused', () => {
  expect(said('src/git/empty.ts')).toContain('swallows every failure');
  expect(said('src/git/commented.ts')).toContain('swallows every failure');
  expect(said('src/git/named.ts')).toContain('swallows every failure');
  expect(said('src/git/checked.ts')).toBe('');
});
