import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRepository, type Repository } from '../../src/git';
import { nodePlatform } from '../../src/platform';

const folder = mkdtempSync(path.join(tmpdir(), 'cairn-past-'));
const script = 'tr é.py';
const commits: string[] = [];
let repository: Repository;

function git(...words: string[]): string {
  return execFileSync('git', words, { cwd: folder, encoding: 'utf8' }).trim();
}

/** A commit with a second parent, as versions have one. */
function commit(text: string | null): void {
  if (text !== null) writeFileSync(path.join(folder, script), text);
  git('add', '-A');
  const tree = git('write-tree');
  const first = commits.at(-1);
  const parents = first === undefined ? [] : ['-p', first, '-p', git('rev-parse', 'HEAD')];
  commits.push(git('commit-tree', tree, ...parents, '-m', 'a version'));
}

beforeAll(async () => {
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.org');
  writeFileSync(path.join(folder, 'other.txt'), 'x');
  git('add', '-A');
  git('commit', '-q', '-m', 'begin');
  commit('a\nlr = 1\nb\n');
  commit('new first line\na\nlr = 1\nb\n');
  commit('new first line\na\nlr = 2\nb\n');
  writeFileSync(path.join(folder, 'other.txt'), 'y');
  commit(null);
  repository = await openRepository(nodePlatform(), folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file through many commits', () => {
  it('tells the blob at each place, and where there is none', async () => {
    const places = commits.flatMap((one) => [
      { commit: one, path: script },
      { commit: one, path: 'no\nsuch' },
      { commit: one, path: 'nothing.py' },
    ]);
    const found = await repository.past.blobsAt(places);
    const own = found.filter((_, index) => index % 3 === 0);
    expect(own.map((blob) => blob?.size)).toEqual([11, 26, 26, 26]);
    expect(own[2]).toEqual(own[3]);
    expect(found.filter((_, index) => index % 3 !== 0).every((blob) => blob === null)).toBe(true);
    expect(await repository.past.blobsAt([])).toEqual([]);
  });

  it('reads many blobs, one at a time', async () => {
    const blobs = await repository.past.blobsAt(
      commits.map((one) => ({ commit: one, path: script })),
    );
    const asked = Array.from({ length: 150 }, (_, index) => blobs[index % 4]?.oid ?? '');
    const texts: string[] = [];
    for await (const bytes of repository.past.contents(asked)) texts.push(bytes.toString('utf8'));
    expect(texts).toHaveLength(150);
    expect(texts[0]).toBe('a\nlr = 1\nb\n');
    expect(texts[147]).toBe('new first line\na\nlr = 2\nb\n');
    const lost = async () => {
      for await (const bytes of repository.past.contents(['1'.repeat(40)]))
        texts.push(String(bytes));
    };
    await expect(lost()).rejects.toMatchObject({ code: 'unreadable' });
  });

  it('tells what changed between pairs', async () => {
    const [first = '', second = '', third = '', fourth = ''] = commits;
    const pairs = [
      { from: third, to: fourth },
      { from: first, to: fourth },
      { from: second, to: second },
      { from: second, to: third },
    ];
    expect(await repository.past.changedPaths(pairs)).toEqual([
      ['other.txt'],
      ['other.txt', script],
      [],
      [script],
    ]);
  });

  it('tells which commits changed some lines, and where they are', async () => {
    const [first, , third, tip = ''] = commits;
    const changes = await repository.past.lineChanges({ tip, path: script, from: 3, to: 3 });
    expect(changes).toEqual([
      {
        commit: third,
        path: script,
        pathBefore: script,
        before: { from: 3, count: 1 },
        after: { from: 3, count: 1 },
      },
      {
        commit: first,
        path: script,
        pathBefore: null,
        before: { from: 1, count: 0 },
        after: { from: 2, count: 1 },
      },
    ]);
    expect(await repository.past.lineChanges({ tip, path: 'no.py', from: 1, to: 1 })).toEqual([]);
  });
});
