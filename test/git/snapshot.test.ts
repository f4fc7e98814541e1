import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../src/core/failure';
import { openRepository } from '../../src/git';
import { FaultySeam } from '../platform/faultySeam';
import {
  everything,
  objectFiles,
  take,
  treeFiles,
  UserRepository,
  usersState,
  Workshop,
} from './userRepository';

const workshop = new Workshop('snapshot');

describe('a snapshot that was begun ahead', () => {
  it('is the same as any other, and is taken once', async () => {
    const user = workshop.repository({ 'train.py': 'lr = 1\n', 'same.py': 'x' });
    user.write({ 'train.py': 'lr = 2\n', 'new.py': 'n' });
    const repository = await user.open();
    const begun = repository.begin();
    await begun.listing;
    await begun.comparing;
    const scratch = { ...everything, scratch: true };
    const first = await repository.snapshot(scratch);
    user.write({ 'train.py': 'lr = 3\n' });
    const second = await repository.snapshot(scratch);
    expect(first.tree).not.toBe(second.tree);
    await first.dispose();
    await second.dispose();
    user.write({ 'train.py': 'lr = 2\n' });
    expect(first.tree).toBe((await take(user)).tree);
    expect(readdirSync(workshop.temporary)).toEqual([]);
  });

  it('leaves nothing behind where nobody takes it', async () => {
    const user = workshop.repository();
    const repository = await user.open();
    repository.begin();
    await repository.forgo();
    await repository.forgo();
    expect(readdirSync(workshop.temporary)).toEqual([]);
  });

  it('that could not be begun is taken anew, and cancelling ends it', async () => {
    const user = workshop.repository();
    const seam = new FaultySeam({ at: 1, mode: 'once' });
    const repository = await openRepository(workshop.platform({}, seam), user.root);
    await repository.begin().comparing;
    const look = await repository.look({ isCode: () => true });
    expect(look.differs).toBe(false);
    const abort = new AbortController();
    repository.begin();
    abort.abort();
    const cancelled = repository.look({ isCode: () => true }, { signal: abort.signal });
    await expect(cancelled).rejects.toBeInstanceOf(Cancelled);
    expect(readdirSync(workshop.temporary)).toEqual([]);
  });
});

describe('what may be weights', () => {
  it('is compared once it is known to be code, and not before', async () => {
    const user = workshop.repository({ 'a.bin': '1', 'b.pt': '1', 'c.PKL': '1', 'train.py': 'x' });
    user.write({ 'a.bin': '22', 'b.pt': '22', 'c.PKL': '22', 'train.py': 'y' });
    const { files } = await take(user, { isCode: (path) => path !== 'b.pt' });
    expect(files).toEqual({ 'a.bin': '22', 'b.pt': '1', 'c.PKL': '22', 'train.py': 'y' });
  });

  it('may be a hundred files, changed and gone', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `weights/${index}.npy`);
    const user = workshop.repository(Object.fromEntries(names.map((name) => [name, 'old'])));
    user.write({ 'weights/7.npy': 'newer' });
    rmSync(join(user.root, 'weights/8.npy'));
    const { files } = await take(user);
    expect(files['weights/7.npy']).toBe('newer');
    expect(Object.keys(files)).toHaveLength(99);
  });

  it('with a filter that fails is no matter of a snapshot that does not take it', async () => {
    const user = workshop.repository({ '.gitattributes': '*.bin filter=bad\n', 'train.py': 'x' });
    user.write({ 'a.bin': 'content' });
    user.git('add', 'a.bin');
    user.git('commit', '--quiet', '--message', 'weights');
    user.git('config', 'filter.bad.clean', 'false');
    user.git('config', 'filter.bad.required', 'true');
    const index = join(user.root, '.git/index');
    // As young as the index: Git would have to read it.
    const moment = new Date(Date.now() - 60_000);
    utimesSync(join(user.root, 'a.bin'), moment, moment);
    utimesSync(index, moment, moment);
    user.write({ 'train.py': 'y' });
    const { files } = await take(user, { isCode: (path) => path !== 'a.bin' });
    expect(files).toMatchObject({ 'a.bin': 'content', 'train.py': 'y' });
  });
});

describe('a snapshot of the working files', () => {
  it('takes changed, staged, new and deleted files, and nothing that is ignored', async () => {
    const user = workshop.repository({
      'train.py': 'lr = 1\n',
      'gone.py': 'x',
      'staged.py': 'old',
      'same.py': 'same',
      'removed/from/index.py': 'y',
      '.gitignore': '*.log\n',
    });
    user.write({ 'train.py': 'stashed' });
    user.git('stash', '--quiet');
    user.write({ 'train.py': 'lr = 2\n', 'staged.py': 'staged', 'new/deep.py': 'n', 'a.log': '' });
    user.git('add', 'staged.py');
    user.write({ 'staged.py': 'and changed again' });
    user.git('rm', '--quiet', '--cached', 'removed/from/index.py');
    rmSync(join(user.root, 'gone.py'));
    const taken = await take(user);
    expect(taken.files).toEqual({
      '.gitignore': '*.log\n',
      'train.py': 'lr = 2\n',
      'staged.py': 'and changed again',
      'same.py': 'same',
      'new/deep.py': 'n',
      'removed/from/index.py': 'y',
    });
    expect(taken).toMatchObject({ dirty: true, leftOut: {} });
  });

  it('of clean files is HEAD itself', async () => {
    const user = workshop.repository();
    const taken = await take(user);
    expect(taken).toMatchObject({
      dirty: false,
      tree: user.git('rev-parse', 'HEAD^{tree}').trim(),
    });
  });

  it('sees an edit of the same size in the moment of the index (racy)', async () => {
    const user = workshop.repository({ 'train.py': 'lr = 1\n', 'other.py': 'x' });
    const index = join(user.root, '.git/index');
    user.write({ 'train.py': 'lr = 7\n' });
    // As coarse clocks have it: file and index changed at once, and the file's facts are the same.
    const moment = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);
    user.write({ 'train.py': 'lr = 1\n' });
    utimesSync(join(user.root, 'train.py'), moment, moment);
    user.git('-c', 'core.trustctime=false', 'update-index', '--refresh');
    user.write({ 'train.py': 'lr = 7\n' });
    utimesSync(join(user.root, 'train.py'), moment, moment);
    utimesSync(index, moment, moment);
    user.git('config', 'core.trustctime', 'false');
    expect((await take(user)).files['train.py']).toBe('lr = 7\n');
  });

  it('before the first commit, and with a staged file', async () => {
    const user = workshop.init();
    const empty = await take(user);
    expect(empty).toMatchObject({ files: {}, dirty: false });
    user.write({ 'a.py': '1', 'b.py': '2' });
    user.git('add', 'a.py');
    user.write({ 'a.py': '3' });
    expect(await take(user)).toMatchObject({ files: { 'a.py': '3', 'b.py': '2' }, dirty: true });
  });

  it('without an index file takes HEAD for one', async () => {
    const user = workshop.repository({ 'a.py': '1', 'b.py': '2' });
    rmSync(join(user.root, '.git/index'));
    user.write({ 'b.py': '3' });
    expect((await take(user)).files).toEqual({ 'a.py': '1', 'b.py': '3' });
  });

  it('with every kind of index', async () => {
    const user = workshop.repository({ 'a.py': '1', 'd/b.py': '2' });
    const repository = await user.open();
    const kinds = [
      ['--index-version', '2'],
      ['--index-version', '4'],
      ['--force-untracked-cache'],
      ['--split-index'],
    ];
    for (const [index, kind] of kinds.entries()) {
      user.git('-c', 'core.splitIndex=true', 'update-index', ...kind);
      user.write({ 'a.py': `${index}`, [`d/new${index}.py`]: '4' });
      const { files } = await take(user, {}, repository);
      expect(files).toMatchObject({ 'a.py': `${index}`, 'd/b.py': '2', [`d/new${index}.py`]: '4' });
    }
    expect(readdirSync(join(user.root, '.git')).join()).toContain('sharedindex.');
  });

  it('looks at files that Git was told not to look at', async () => {
    const user = workshop.repository({ 'a.py': '1', 'b.py': '1', 'c.py': '1', 'gone.py': '1' });
    user.git('update-index', '--assume-unchanged', 'a.py', 'c.py');
    user.git('update-index', '--skip-worktree', 'b.py', 'c.py', 'gone.py');
    user.write({ 'a.py': '2', 'b.py': '2', 'c.py': '2' });
    rmSync(join(user.root, 'gone.py'));
    const { files } = await take(user);
    expect(files).toEqual({ 'a.py': '2', 'b.py': '2', 'c.py': '2', 'gone.py': '1' });
  });

  it.each([[true], [false]])(
    'of a sparse checkout (cone: %s) keeps what is out of it',
    async (cone) => {
      const user = workshop.repository({ 'in/a.py': '1', 'out/b.py': '1', 'out/c.py': '1' });
      user.git('config', 'index.sparse', 'true');
      user.git('sparse-checkout', 'set', cone ? '--cone' : '--no-cone', cone ? 'in' : '/in/');
      expect(existsSync(join(user.root, 'out'))).toBe(false);
      user.write({ 'in/a.py': '2', 'in/new.py': '3' });
      expect((await take(user)).files).toEqual({
        'in/a.py': '2',
        'in/new.py': '3',
        'out/b.py': '1',
        'out/c.py': '1',
      });
      user.write({ 'out/c.py': 'came back' });
      expect((await take(user)).files).toMatchObject({ 'out/b.py': '1', 'out/c.py': 'came back' });
    },
  );

  it('takes announced files, and working files within a merge', async () => {
    const user = workshop.repository({ 'both.py': '0\n', 'weights.bin': '0\n', 'left.py': '0\n' });
    user.git('checkout', '--quiet', '-b', 'side');
    user.write({ 'both.py': '1\n', 'weights.bin': '1\n', 'only-side.py': 's' });
    user.git('add', '--all');
    user.git('rm', '--quiet', 'left.py');
    user.git('commit', '--quiet', '-m', 'side');
    user.git('checkout', '--quiet', 'main');
    user.write({ 'both.py': '2\n', 'weights.bin': '2\n', 'left.py': '2\n' });
    user.git('commit', '--quiet', '-am', 'main');
    expect(() => user.git('merge', '--quiet', 'side')).toThrow();
    user.write({ 'announced.py': 'a', 'both.py': 'being resolved\n' });
    user.git('add', '--intent-to-add', 'announced.py');
    rmSync(join(user.root, 'left.py'));
    const taken = await take(user, { isArtifact: (path) => path.endsWith('.bin') });
    expect(taken.files).toEqual({
      'announced.py': 'a',
      'both.py': 'being resolved\n',
      'only-side.py': 's',
      'weights.bin': '2\n',
    });
    expect(await (await user.open()).busy()).toBe('merge');
  });
});

describe('what a snapshot does not take from the working files', () => {
  const request = {
    isCode: (path: string) => path.startsWith('src/'),
    isArtifact: (path: string) => path.endsWith('.bin'),
  };

  /** So many new files that the whole index is written for them. */
  const newFiles = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`src/new/${at}.py`, '']));

  it.each([0, 300])(
    'stays as HEAD has it, staged or deleted, beside %i new files',
    async (count) => {
      const user = workshop.repository({
        'src/a.py': '1',
        'src/w.bin': 'weights',
        'src/deleted.bin': 'still',
        'notes.md': 'old',
        'deleted.md': 'still',
        'moved.md': 'moved',
      });
      user.write({
        'src/a.py': '2',
        'src/w.bin': 'new weights',
        'src/new.bin': 'x',
        'notes.md': 'n',
      });
      user.write({
        'staged-new.md': 'x',
        'announced.md': 'x',
        'src/staged.bin': 'x',
        'other.md': '',
        ...newFiles(count),
      });
      user.git('add', 'src/w.bin', 'notes.md', 'staged-new.md', 'src/staged.bin');
      user.git('add', '--intent-to-add', 'announced.md');
      user.git('rm', '--quiet', 'deleted.md', 'src/deleted.bin');
      user.git('mv', 'moved.md', 'src/moved.md');
      expect((await take(user, request)).files).toEqual({
        'src/a.py': '2',
        'src/w.bin': 'weights',
        'src/deleted.bin': 'still',
        'src/moved.md': 'moved',
        'notes.md': 'old',
        'deleted.md': 'still',
        'moved.md': 'moved',
        ...newFiles(count),
      });
    },
  );

  it.each([
    [1, 0],
    [70, 0],
    [1, 300],
    [70, 300],
  ])(
    'never passes a clean filter, even where files are suspect (racy): %i, beside %i new files',
    async (count, others) => {
      const user = workshop.init();
      const log = join(user.root, '.git/filtered');
      user.git('config', 'filter.watch.clean', `echo %f >> '${log}'; cat`);
      const weights = Array.from({ length: count }, (_, index) => `src/w${index || ''}.bin`);
      const written = (text: string) => Object.fromEntries(weights.map((path) => [path, text]));
      user.write({ '.gitattributes': 'src/*.* filter=watch\n', ...written('1'), 'src/a.py': '1' });
      user.git('add', '--all');
      user.git('commit', '--quiet', '-m', 'first');
      user.write({ ...written('2'), 'src/a.py': '2', ...newFiles(others) });
      const moment = new Date(Date.now() - 60_000);
      for (const path of [...weights, 'src/a.py', '.git/index']) {
        utimesSync(join(user.root, path), moment, moment);
      }
      writeFileSync(log, '');
      const repository = await user.open();
      const snapshot = await repository.snapshot({ ...everything, ...request });
      await snapshot.dispose();
      expect(readFileSync(log, 'utf8').split('\n')).toEqual(['src/a.py', '']);
      expect(treeFiles(user, snapshot.tree)['src/w.bin']).toBe('1');
    },
  );
});

describe('kinds of files', () => {
  it('links, executable files, and files that became directories and back', async () => {
    const user = workshop.repository({
      'file-to-directory': '1',
      'directory-to-file/a.py': '1',
      'directory-to-link/a.py': '1',
      'target/b.py': '1',
      'run.sh': '1',
      'to-link.py': '1',
    });
    rmSync(join(user.root, 'file-to-directory'));
    rmSync(join(user.root, 'directory-to-file'), { recursive: true });
    renameSync(join(user.root, 'directory-to-link'), join(user.root, 'moved'));
    symlinkSync('moved', join(user.root, 'directory-to-link'));
    rmSync(join(user.root, 'to-link.py'));
    symlinkSync('target/b.py', join(user.root, 'to-link.py'));
    symlinkSync('/nowhere', join(user.root, 'dangling'));
    user.write({ 'file-to-directory/a.py': '2', 'directory-to-file': '2' });
    chmodSync(join(user.root, 'run.sh'), 0o755);
    expect((await take(user)).files).toEqual({
      'file-to-directory/a.py': '2',
      'directory-to-file': '2',
      'directory-to-link': '120000:moved',
      'moved/a.py': '1',
      'to-link.py': '120000:target/b.py',
      dangling: '120000:/nowhere',
      'target/b.py': '1',
      'run.sh': '100755:1',
    });
  });

  it('code in the place of a directory that held artifacts', async () => {
    const user = workshop.repository({ 'd/w.bin': '1', 'd/a.py': '1' });
    rmSync(join(user.root, 'd'), { recursive: true });
    user.write({ d: 'code' });
    const isArtifact = (path: string) => path.endsWith('.bin');
    expect((await take(user, { isArtifact })).files).toEqual({ d: 'code' });
  });

  it('keeps the mode of HEAD where the file system has none', async () => {
    const user = workshop.repository({ 'run.sh': '1', 'plain.py': '1' });
    user.git('update-index', '--chmod=+x', 'run.sh');
    user.git('commit', '--quiet', '-m', 'executable');
    user.git('config', 'core.fileMode', 'false');
    user.write({ 'run.sh': '2' });
    chmodSync(join(user.root, 'plain.py'), 0o755);
    expect((await take(user)).files).toEqual({ 'run.sh': '100755:2', 'plain.py': '1' });
  });

  it('submodules follow the commit that is checked out', async () => {
    const library = workshop.repository({ 'lib.py': '1' });
    const user = workshop.repository();
    user.git('submodule', '--quiet', 'add', library.root, 'library');
    user.git('commit', '--quiet', '-m', 'library');
    const sub = join(user.root, 'library');
    workshop.git(sub, 'commit', '--quiet', '--allow-empty', '-m', 'next');
    const commit = workshop.git(sub, 'rev-parse', 'HEAD').trim();
    expect((await take(user)).files['library']).toBe(`160000:${commit}`);
    const elsewhere = await take(user, { isCode: (path) => path !== 'library' });
    expect(elsewhere.files['library']).not.toBe(`160000:${commit}`);
    rmSync(sub, { recursive: true });
    mkdirSync(sub);
    expect(Object.keys((await take(user)).files)).toContain('library');
  });

  it('names of every kind, tracked and new', async () => {
    const names = [
      '-dash',
      'two\nlines',
      '"quoted"',
      ':(glob)*',
      'ünï/çödé',
      ' space ',
      'tab\t',
      '\\',
    ];
    const first = Object.fromEntries(names.map((name) => [`old/${name}`, '1']));
    const user = workshop.repository(first);
    user.write(Object.fromEntries(names.map((name) => [`old/${name}`, '2'])));
    user.write(Object.fromEntries(names.map((name) => [name, 'new'])));
    const { files } = await take(user);
    expect(files).toEqual({
      ...Object.fromEntries(names.map((name) => [`old/${name}`, '2'])),
      ...Object.fromEntries(names.map((name) => [name, 'new'])),
    });
  });

  it('names that are no UTF-8 stay when they are tracked, and are told when they are new', async () => {
    const user = workshop.repository();
    const name = (text: string) => Buffer.from(`${user.root}/${text}`, 'latin1');
    writeFileSync(name('caf\xe9.py'), 'tracked');
    user.git('add', '--all');
    user.git('commit', '--quiet', '-m', 'latin1');
    writeFileSync(name('caf\xe9.py'), 'changed');
    writeFileSync(name('na\xefve.py'), 'new');
    const repository = await user.open();
    const snapshot = await repository.snapshot(everything);
    expect(snapshot.leftOut).toEqual([{ path: 'na\uFFFDve.py', why: 'unreadable' }]);
    expect((await snapshot.entries(snapshot.tree)).map(({ path }) => path)).toEqual(['train.py']);
    await snapshot.dispose();
    const listed = user.git('ls-tree', '-r', snapshot.tree);
    expect(listed).toContain('caf\\351.py');
    expect(user.git('cat-file', 'blob', listed.split(/\s/)[2] ?? '')).toBe('changed');
  });
});

describe('filters and line ends', () => {
  it('clean what is captured, with any line ends, and even where safecrlf would refuse', async () => {
    const user = workshop.repository({ 'train.py': 'a\nb\n' });
    user.git('config', 'core.autocrlf', 'true');
    user.git('config', 'core.safecrlf', 'true');
    user.git('config', 'filter.upper.clean', 'tr a-z A-Z');
    user.write({
      '.gitattributes': '*.up filter=upper\n',
      'x.up': 'shout',
      'mixed.py': 'a\r\nb\n',
    });
    user.write({ 'train.py': 'a\r\nc\r\n' });
    const { files } = await take(user);
    expect(files).toMatchObject({ 'x.up': 'SHOUT', 'mixed.py': 'a\nb\n', 'train.py': 'a\nc\n' });
  });

  it('stop where a required one fails, and tell the path', async () => {
    const user = workshop.repository({ '.gitattributes': '*.x filter=broken\n' });
    user.git('config', 'filter.broken.clean', 'exit 3');
    user.git('config', 'filter.broken.required', 'true');
    user.write({ 'dir/it is.x': '1' });
    const repository = await user.open();
    const before = usersState(repository);
    await expect(repository.snapshot(everything)).rejects.toMatchObject({
      code: 'filter-failed',
      data: { path: 'dir/it is.x' },
    });
    expect(usersState(repository)).toEqual(before);
    expect(readdirSync(join(user.root, '.git/cairn/tmp'))).toEqual([]);
    await expect(repository.snapshot({ ...everything, scratch: true })).rejects.toThrow();
    expect(readdirSync(workshop.temporary)).toEqual([]);
  });
});

describe('a scratch snapshot', () => {
  it('leaves no trace, and can be compared and listed while it lasts', async () => {
    const user = workshop.repository({ 'a.py': 'one\ntwo\nthree\n', 'b.py': '1' });
    renameSync(join(user.root, 'a.py'), join(user.root, 'renamed.py'));
    user.write({ 'b.py': '2', 'new.py': 'n' });
    const repository = await user.open();
    const before = [usersState(repository), objectFiles(repository)];
    const snapshot = await repository.snapshot({ ...everything, scratch: true });
    const head = await repository.treeOf('HEAD');
    expect(await snapshot.compare(head, snapshot.tree)).toEqual([
      { path: 'b.py', status: 'modified' },
      { path: 'new.py', status: 'added' },
      { path: 'renamed.py', status: 'renamed', from: 'a.py' },
    ]);
    const entries = await snapshot.entries(snapshot.tree);
    expect(entries.map(({ path }) => path)).toEqual(['b.py', 'new.py', 'renamed.py']);
    await snapshot.dispose();
    expect([usersState(repository), objectFiles(repository)]).toEqual(before);
    expect(existsSync(join(user.root, '.git/cairn'))).toBe(false);
    // A real one right after is the same tree, and stays.
    const kept = await repository.snapshot(everything);
    await kept.dispose();
    expect(kept.tree).toBe(snapshot.tree);
    expect(await repository.compareTrees(head, kept.tree)).toHaveLength(3);
    expect(await repository.compareTrees(kept.tree, head)).toContainEqual({
      path: 'new.py',
      status: 'deleted',
    });
  });

  it('honours alternates, and a path that has to be quoted in their list', async () => {
    const origin = workshop.repository({ 'a.py': '1' });
    const root = workshop.freshPath('odd:"name"\\');
    workshop.git(workshop.directory, 'clone', '--quiet', '--shared', origin.root, root);
    const repository = await openRepository(workshop.platform(), root);
    writeFileSync(join(root, 'b.py'), '2');
    const snapshot = await repository.snapshot({ ...everything, scratch: true });
    const head = await repository.treeOf('HEAD');
    expect(await snapshot.compare(head, snapshot.tree)).toEqual([
      { path: 'b.py', status: 'added' },
    ]);
    await snapshot.dispose();
  });

  it('of a partial clone fetches nothing', async () => {
    const lines = (last: string) => `${'same\n'.repeat(20)}${last}\n`;
    const origin = workshop.repository({ 'old.py': lines('1'), 'out/a.py': lines('2') });
    origin.git('mv', 'out/a.py', 'out/b.py');
    origin.write({ 'out/b.py': lines('3') });
    origin.git('commit', '--quiet', '-am', 'second');
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const root = workshop.freshPath('partial');
    const clone = ['clone', '--quiet', '--filter=blob:none', '--no-checkout'];
    workshop.git(workshop.directory, ...clone, `file://${origin.root}`, root);
    workshop.git(root, 'sparse-checkout', 'set', '--no-cone', '/old.py');
    workshop.git(root, 'checkout', '--quiet', 'main');
    const fetched = join(root, '.git/fetched');
    workshop.git(root, 'config', 'remote.origin.uploadpack', `touch '${fetched}'; git-upload-pack`);
    writeFileSync(join(root, 'new.py'), 'n');
    const repository = await openRepository(workshop.platform(), root);
    const isArtifact = (path: string) => path.startsWith('out/');
    for (const scratch of [true, false]) {
      const snapshot = await repository.snapshot({ ...everything, isArtifact, scratch });
      const head = await repository.treeOf('HEAD');
      const changes = await snapshot.compare(head, snapshot.tree);
      expect(changes).toEqual([{ path: 'new.py', status: 'added' }]);
      // Without the contents nobody can see that it is a rename.
      expect(await snapshot.compare(await repository.treeOf('HEAD^'), head)).toEqual([
        { path: 'out/a.py', status: 'deleted' },
        { path: 'out/b.py', status: 'added' },
      ]);
      await snapshot.dispose();
    }
    expect(existsSync(fetched)).toBe(false);
  });
});

describe('places', () => {
  it('a linked worktree has its own index, and what is Cairn’s lies in the common directory', async () => {
    const user = workshop.repository({ 'a.py': '1' });
    const linked = workshop.freshPath('linked');
    user.git('worktree', 'add', '--quiet', linked);
    writeFileSync(join(linked, 'a.py'), '2');
    const there = new UserRepository(workshop, linked);
    expect((await take(there)).files).toEqual({ 'a.py': '2' });
    expect(statSync(join(user.root, '.git/cairn/tmp')).isDirectory()).toBe(true);
    expect((await take(user)).files).toEqual({ 'a.py': '1' });
  });

  it('can be called off', async () => {
    const user = workshop.repository();
    const repository = await user.open();
    const aborted = repository.snapshot(everything, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ name: 'Cancelled' });
  });

  it('in a SHA-256 repository', async () => {
    const user = workshop.init('--object-format=sha256');
    user.write({ 'a.py': '1' });
    expect((await take(user)).tree).toMatch(/^[0-9a-f]{64}$/);
    user.git('add', '--all');
    user.git('commit', '--quiet', '-m', 'first');
    user.write({ 'a.py': '2', 'b.bin': 'x' });
    user.git('add', 'b.bin');
    const taken = await take(user, { isArtifact: (path) => path.endsWith('.bin') });
    expect(taken.files).toEqual({ 'a.py': '2' });
  });

  it('beside the objects, where cleaning and stashing everything reaches nothing', async () => {
    const user = workshop.repository();
    const repository = await user.open();
    await (await repository.snapshot(everything)).dispose();
    const kept = join(repository.commonDirectory, 'cairn/kept');
    writeFileSync(kept, 'x');
    user.write({ 'untracked.py': '1' });
    user.git('stash', '--quiet', '--all');
    user.git('clean', '-xdff');
    expect(readFileSync(kept, 'utf8')).toBe('x');
  });
});
