import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { initializeRepository, openRepository } from '../../src/git';
import { gitEnvironment } from '../../src/git/environment';
import { failureFrom } from '../../src/git/gitFailure';
import { FaultySeam, thrownBy } from '../platform/faultySeam';
import { take, UserRepository, Workshop } from './userRepository';

const workshop = new Workshop('opening');

const open = (directory: string, more: Record<string, string> = {}) =>
  openRepository(workshop.platform(more), directory);

describe('a repository is found', () => {
  it('from its top, from below, through a link, in a linked worktree and in a submodule', async () => {
    const user = workshop.repository({ 'a/b/c.py': '1' });
    const main = await open(join(user.root, 'a/b'));
    const git = join(user.root, '.git');
    expect(main).toMatchObject({ root: user.root, gitDirectory: git, commonDirectory: git });
    expect(main.worktree).toBe('main');
    const link = workshop.freshPath('link');
    symlinkSync(join(user.root, 'a'), link);
    expect(await open(link)).toMatchObject({ root: user.root, commonDirectory: git });

    const linked = workshop.freshPath('main');
    user.git('worktree', 'add', '--quiet', linked);
    const there = await open(linked);
    expect(there).toMatchObject({ root: linked, commonDirectory: git });
    expect(there.worktree).toBe(`worktrees/${basename(linked)}`);

    const above = workshop.repository();
    above.git('submodule', '--quiet', 'add', user.root, 'sub');
    const sub = await open(join(above.root, 'sub'));
    const modules = join(above.root, '.git/modules/sub');
    expect(sub).toMatchObject({ root: join(above.root, 'sub'), commonDirectory: modules });
    expect(sub.worktree).toBe('main');
    expect(await sub.checkedOutIn('main')).toBe(sub.root);
    const inside = new UserRepository(workshop, sub.root);
    inside.write({ 'new.py': '2' });
    expect((await take(inside)).files).toEqual({ 'a/b/c.py': '1', 'new.py': '2' });
  });

  it('under names with line breaks, and where the worktree is elsewhere', async () => {
    const odd = join(workshop.freshPath('two\nlines'), 'x\n');
    mkdirSync(odd, { recursive: true });
    workshop.git(odd, 'init', '--quiet');
    const repository = await open(odd);
    expect(repository).toMatchObject({ root: odd, commonDirectory: join(odd, '.git') });
    const elsewhere = workshop.freshPath('elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'a.py'), '1');
    workshop.git(odd, 'config', 'core.worktree', elsewhere);
    const moved = await open(odd);
    expect(moved.root).toBe(elsewhere);
    expect([...(await moved.ignored(['a.py']))]).toEqual([]);
    expect(await moved.head()).toEqual({ commit: null, branch: 'main' });
  });

  it('from the directory alone, whatever variables say', async () => {
    const user = workshop.repository({ 'a.py': '1' });
    const other = workshop.repository({ 'other.py': '1' });
    const misleading = {
      GIT_DIR: join(other.root, '.git'),
      GIT_WORK_TREE: other.root,
      GIT_INDEX_FILE: join(other.root, '.git/index'),
      GIT_OBJECT_DIRECTORY: join(other.root, '.git/objects'),
      GIT_COMMON_DIR: join(other.root, '.git'),
      GIT_NAMESPACE: 'x',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.bare',
      GIT_CONFIG_VALUE_0: 'true',
      GIT_LITERAL_PATHSPECS: '1',
      GIT_EDITOR: 'false',
      GIT_SSH_COMMAND: 'false',
      GIT_ASKPASS: 'false',
      GIT_TRACE: '1',
      EDITOR: 'false',
      PAGER: 'false',
      PREFIX: '/x',
      LC_ALL: 'de_DE.UTF-8',
      LANGUAGE: 'de',
    };
    const repository = await open(user.root, misleading);
    expect(repository.root).toBe(user.root);
    user.write({ 'b.py': '2' });
    expect((await take(user, {}, repository)).files).toEqual({ 'a.py': '1', 'b.py': '2' });
    expect(await repository.tracked()).toEqual(new Set(['a.py']));
  });

  it('and the variables that are taken away are all of Git’s own list', () => {
    const listed = workshop.git(workshop.directory, 'rev-parse', '--local-env-vars');
    const names = listed.split('\n').filter(Boolean);
    expect(names.length).toBeGreaterThan(10);
    const kept = { HOME: '/h', GIT_CONFIG_GLOBAL: '/g', GIT_CEILING_DIRECTORIES: '/c' };
    const given = { ...Object.fromEntries(names.map((name) => [name, 'x'])), ...kept };
    expect(gitEnvironment(given)).toEqual({
      ...kept,
      LC_ALL: 'C',
      LANGUAGE: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
    });
  });
});

describe('a repository is not found', () => {
  it('where there is none, none with files, none of ours, or no Git', async () => {
    const empty = workshop.freshPath('empty');
    mkdirSync(empty);
    const none = { code: 'not-a-repository', data: { directory: empty } };
    await expect(open(empty)).rejects.toMatchObject(none);
    await expect(open(join(empty, 'nowhere'))).rejects.toMatchObject({ code: 'not-a-repository' });
    writeFileSync(join(empty, 'file'), '');
    await expect(open(join(empty, 'file'))).rejects.toMatchObject({ code: 'not-a-repository' });
    writeFileSync(join(empty, '.git'), 'gitdir: /nowhere\n');
    await expect(open(empty)).rejects.toMatchObject(none);

    const user = workshop.repository();
    await expect(open(join(user.root, '.git'))).rejects.toMatchObject({ code: 'not-a-repository' });
    const bare = workshop.init('--bare').root;
    await expect(open(bare)).rejects.toMatchObject({
      code: 'repository-bare',
      data: { directory: bare },
    });
    await expect(open(user.root, { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' })).rejects.toMatchObject({
      code: 'git-dubious-ownership',
      data: { directory: user.root },
    });
    await expect(open(user.root, { PATH: empty })).rejects.toMatchObject({ code: 'git-missing' });
    writeFileSync(join(user.root, '.git/config'), '[broken\n');
    await expect(open(user.root)).rejects.toMatchObject({
      code: 'git-failed',
      data: { stderr: expect.stringContaining('bad config') },
    });
  });

  it.each([
    ["fatal: unsafe repository ('/x' is owned by someone else)", 'git-dubious-ownership'],
    ["fatal: detected dubious ownership in repository at '/x'", 'git-dubious-ownership'],
    [
      "fatal: cannot use bare repository '/x' (safe.bareRepository is 'explicit')",
      'repository-bare',
    ],
    ['fatal: not a git repository: /x/.git/worktrees/y', 'not-a-repository'],
    ['error: unable to write file: No space left on device', 'disk-full'],
    ["error: external filter failed\nfatal: a: b.x: clean filter 'f' failed", 'filter-failed'],
    ['fatal: something else', 'git-failed'],
  ])('or cannot be used: %s', (stderr, code) => {
    const end = { command: ['x'], exitCode: 128, stderr, directory: '/x' };
    expect(failureFrom(end)).toMatchObject({ code });
  });

  it('until it is made, and making it passes the write seam', async () => {
    const directory = join(workshop.freshPath('new'), 'deep');
    const seam = new FaultySeam({ at: 2, mode: 'once' });
    const faulty = workshop.platform({}, seam);
    const thrown = await thrownBy(() => initializeRepository(faulty, directory));
    expect(thrown).toMatchObject({ code: 'git-failed', data: { command: 'git init --quiet' } });
    expect(readdirSync(directory)).toEqual([]);
    const repository = await initializeRepository(workshop.platform(), directory);
    expect(repository.root).toBe(directory);
    expect(await repository.head()).toEqual({ commit: null, branch: 'main' });
    const again = await initializeRepository(workshop.platform(), directory);
    expect(again.root).toBe(directory);
  });
});

describe('where the user stands', () => {
  it('HEAD: before the first commit, on a branch, detached', async () => {
    const user = workshop.init();
    const repository = await user.open();
    expect(await repository.head()).toEqual({ commit: null, branch: 'main' });
    user.git('commit', '--quiet', '--allow-empty', '-m', 'first');
    const commit = user.git('rev-parse', 'HEAD').trim();
    expect(await repository.head()).toEqual({ commit, branch: 'main' });
    user.git('checkout', '--quiet', '-b', 'topic/a');
    expect(await repository.head()).toEqual({ commit, branch: 'topic/a' });
    user.git('checkout', '--quiet', '--detach');
    expect(await repository.head()).toEqual({ commit, branch: null });
    expect(await repository.ref('HEAD')).toBe(commit);
    expect(await repository.ref('refs/heads/none')).toBeNull();
    expect(await repository.refs('refs/heads/none/')).toEqual(new Map());
  });

  it('identity: the user’s, in Git’s order, else one of the system’s', async () => {
    const user = workshop.repository();
    const identity = async (more = {}) => (await user.open(more)).identity();
    expect(await identity()).toEqual({ name: 'Ada', email: 'ada@example.org' });
    user.git('config', 'author.email', 'author@example.org');
    expect(await identity()).toEqual({ name: 'Ada', email: 'author@example.org' });
    const variables = { GIT_AUTHOR_NAME: 'Env', GIT_AUTHOR_EMAIL: 'env@example.org' };
    expect(await identity(variables)).toEqual({ name: 'Env', email: 'env@example.org' });
    user.git('config', '--unset', 'author.email');
    const nobody = { GIT_CONFIG_GLOBAL: '/dev/null', USER: 'ada' };
    expect(await identity(nobody)).toEqual({ name: 'ada', email: `ada@${hostname()}` });
    user.git('config', 'user.useConfigOnly', 'true');
    const repository = await user.open(nobody);
    const author = await repository.identity();
    const tree = await repository.treeOf('HEAD');
    const at = '2026-01-01T00:00:00.000Z';
    const to = await repository.commitTree({ tree, parents: [], message: 'x', author, at });
    const prepared = await repository.prepareRefs(
      [{ ref: 'refs/heads/cairn/a', from: null, to }],
      'x',
    );
    await prepared.commit();
    expect(user.git('log', '--format=%an %ae', 'cairn/a').trim()).toBe(`ada ada@${hostname()}`);
  });

  it('what is under way', async () => {
    const user = workshop.repository({ 'a.py': '1\n' });
    const repository = await user.open();
    const first = user.git('rev-parse', 'HEAD').trim();
    user.write({ 'a.py': '2\n' });
    user.git('commit', '--quiet', '-am', 'second');
    user.git('checkout', '--quiet', '-b', 'side', first);
    user.write({ 'a.py': '3\n' });
    user.git('commit', '--quiet', '-am', 'third');
    const patch = user.git('format-patch', '--stdout', '-1', 'main');
    writeFileSync(join(user.root, '.git/patch'), patch);
    expect(await repository.busy()).toBeNull();
    const during = async (start: string[], stop: string[]) => {
      expect(() => user.git(...start)).toThrow();
      const state = await repository.busy();
      user.git(...stop);
      expect(await repository.busy()).toBeNull();
      return state;
    };
    expect(await during(['merge', 'main'], ['merge', '--abort'])).toBe('merge');
    expect(await during(['rebase', 'main'], ['rebase', '--abort'])).toBe('rebase');
    expect(await during(['rebase', '--apply', 'main'], ['rebase', '--abort'])).toBe('rebase');
    expect(await during(['am', '.git/patch'], ['am', '--abort'])).toBe('am');
    expect(await during(['cherry-pick', 'main'], ['cherry-pick', '--abort'])).toBe('cherry-pick');
    expect(await during(['revert', 'main'], ['revert', '--abort'])).toBe('revert');
    expect(() => user.git('revert', 'main', 'HEAD')).toThrow();
    rmSync(join(user.root, '.git/REVERT_HEAD'));
    expect(await repository.busy()).toBe('revert');
    user.git('revert', '--quit');
    user.git('reset', '--quiet', '--hard');
    user.git('bisect', 'start');
    expect(await repository.busy()).toBe('bisect');
  });

  it('which worktree has a branch checked out', async () => {
    const user = workshop.repository();
    const repository = await user.open();
    expect(await repository.checkedOutIn('main')).toBe(user.root);
    expect(await repository.checkedOutIn('refs/heads/main')).toBe(user.root);
    user.git('checkout', '--quiet', '--detach');
    expect(await repository.checkedOutIn('main')).toBeNull();
    user.git('checkout', '--quiet', 'main');
    // As Git kept it long ago, and still does where it is told to.
    rmSync(join(user.root, '.git/HEAD'));
    symlinkSync('refs/heads/main', join(user.root, '.git/HEAD'));
    expect(await repository.checkedOutIn('main')).toBe(user.root);
    user.git('symbolic-ref', 'HEAD', 'refs/heads/main');
    expect(await repository.checkedOutIn('cairn/digits')).toBeNull();
    const linked = workshop.freshPath('with\nbreak');
    user.git('worktree', 'add', '--quiet', '-b', 'cairn/digits', linked);
    expect(await repository.checkedOutIn('cairn/digits')).toBe(linked);
    rmSync(linked, { recursive: true });
    expect(await repository.checkedOutIn('cairn/digits')).toBeNull();
  });

  it('configuration, with its rules for keys and values', async () => {
    const user = workshop.repository();
    const repository = await user.open();
    const lines = ['store = /data/a=b', 'many = one', 'many = two', 'bare', 'empty ='];
    const text = `[cairn]\n${lines.join('\n')}\n[remote "Origin"]\nurl = x\n`;
    appendFileSync(join(user.root, '.git/config'), text);
    expect(await repository.config('cairn.store')).toBe('/data/a=b');
    expect(await repository.config('Cairn.MANY')).toBe('two');
    expect(await repository.config('cairn.bare')).toBe('true');
    expect(await repository.config('cairn.empty')).toBe('');
    expect(await repository.config('remote.Origin.URL')).toBe('x');
    expect(await repository.config('remote.origin.url')).toBeNull();
    expect(await repository.config('cairn.none')).toBeNull();
  });

  it('what Git ignores and what it tracks', async () => {
    const library = workshop.repository();
    const user = workshop.repository({ 'a.py': '1', 'tracked.log': '1', ünï: '1' });
    user.git('submodule', '--quiet', 'add', library.root, 'library');
    user.write({ '.gitignore': '*.log\n/data/\n:*\n', 'data/x.csv': '' });
    symlinkSync('data', join(user.root, 'link'));
    const repository = await user.open();
    const asked = [
      ...['a.py', 'tracked.log', 'b.log', 'data/x.csv', 'link/x.csv', 'library/x.log', '../x.log'],
      ...[':(top)', ':x', 'deep/new\nline.log', '-x.log'],
    ];
    expect([...(await repository.ignored(asked))].sort()).toEqual(
      ['b.log', 'data/x.csv', ':(top)', ':x', 'deep/new\nline.log', '-x.log'].sort(),
    );
    expect(await repository.ignored([])).toEqual(new Set());
    const tracked = new Set(['.gitmodules', 'a.py', 'library', 'tracked.log', 'ünï']);
    expect(await repository.tracked()).toEqual(tracked);
  });
});
