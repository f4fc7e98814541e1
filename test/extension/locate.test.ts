import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { locateProject, locateRepository } from '../../src/extension/project/locate';
import { nodePlatform } from '../../src/platform';

const { disk } = nodePlatform();
let folder: string;

const kindAt = async (file: string) => {
  const kind = (await disk.followedFacts(file))?.kind;
  return kind === 'file' || kind === 'directory' ? kind : null;
};
const readText = async (file: string) => {
  const bytes = await disk.readSmall(file, 8_192);
  return bytes === null ? null : new TextDecoder().decode(bytes);
};
const locate = (from: string) => locateProject(from, kindAt, readText);

function git(directory: string, ...words: string[]) {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words], {
    cwd: directory,
    stdio: 'ignore',
  });
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cairn-locate-'));
  const main = path.join(folder, 'main');
  mkdirSync(path.join(main, 'deep', 'er'), { recursive: true });
  git(main, 'init', '-q');
  git(main, 'commit', '-q', '--allow-empty', '-m', 'first');
  git(main, 'worktree', 'add', '-q', path.join(folder, 'linked'), '-b', 'other');
  mkdirSync(path.join(folder, 'bare-of-cairn'));
  git(path.join(folder, 'bare-of-cairn'), 'init', '-q');
  mkdirSync(path.join(main, '.git', 'cairn'));
  writeFileSync(path.join(main, '.git', 'cairn', 'history.db'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('finds the project from its top and from a folder below', async () => {
  const main = path.join(folder, 'main');
  const home = `${main}/.git/cairn`;
  expect(await locate(main)).toEqual({ root: main, home });
  expect(await locate(path.join(main, 'deep', 'er'))).toEqual({ root: main, home });
});

test('finds the common directory of a linked worktree', async () => {
  const linked = path.join(folder, 'linked');
  expect(await locate(linked)).toEqual({ root: linked, home: `${folder}/main/.git/cairn` });
});

test('a repository without Cairn is a repository and no project', async () => {
  const bare = path.join(folder, 'bare-of-cairn');
  expect(await locate(bare)).toBeNull();
  expect((await locateRepository(bare, kindAt, readText))?.root).toBe(bare);
});

test('a folder outside of any repository is neither', async () => {
  expect(await locate(folder)).toBeNull();
  expect(await locateRepository(folder, kindAt, readText)).toBeNull();
});
