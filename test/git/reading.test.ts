import { chmodSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPointer, type Repository, type TreeEntry } from '../../src/git';
import { runs } from '../propertyRuns';
import { everything, type UserRepository, usersState, Workshop } from './userRepository';

const workshop = new Workshop('reading');

async function headEntries(repository: Repository): Promise<Map<string, TreeEntry>> {
  const entries = await repository.entries(await repository.treeOf('HEAD'));
  return new Map(entries.map((entry) => [entry.path, entry]));
}

const lfsPointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`;

describe('commits along first parents', () => {
  it('come oldest first, with their messages to the byte', async () => {
    const user = workshop.repository();
    const repository = await user.open();
    const head = (await repository.head()).commit ?? '';
    const tree = await repository.treeOf('HEAD');
    const author = { name: 'a', email: 'b' };
    const messages = Array.from(
      { length: 150 },
      (_, index) => ` v${index}\n\n{"ü":"${'x'.repeat(index)}"}\n\n`,
    );
    const input = messages.map((message, index) => {
      const bytes = Buffer.byteLength(message);
      return `commit refs/heads/x\ncommitter a <b> ${index} +0000\ndata ${bytes}\n${message}\n`;
    });
    workshop.gitWith({ input: input.join('') }, user.root, 'fast-import', '--quiet');
    const tip = (await repository.ref('refs/heads/x')) ?? '';
    const request = {
      tree,
      parents: [tip, head],
      message: 'last',
      author,
      at: '2026-01-01T00:00:00Z',
    };
    const last = await repository.commitTree(request);
    const found = [];
    for await (const commit of repository.firstParents(last)) found.push(commit);
    expect(found.map(({ message }) => message)).toEqual([...messages, 'last']);
    expect(found.at(-1)).toEqual({ oid: last, tree, parents: [tip, head], message: 'last' });
    // Whoever stops early leaves no process behind that would keep this test from ending.
    for await (const { message } of repository.firstParents(last)) {
      expect(message).toBe(messages[0]);
      break;
    }
    await expect(
      repository.firstParents('0'.repeat(40))[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({ code: 'git-failed' });
  });

  it('are decoded as they say', async () => {
    const user = workshop.repository();
    user.git('config', 'i18n.commitEncoding', 'ISO-8859-1');
    const message = Buffer.from('caf\xe9', 'latin1');
    workshop.gitWith(
      { input: message },
      user.root,
      'commit',
      '--quiet',
      '--allow-empty',
      '-F',
      '-',
    );
    const repository = await user.open();
    const { commit } = await repository.head();
    expect((await repository.commitObject(commit ?? ''))?.message).toBe('café\n');
  });
});

describe('blobs', () => {
  it('are read raw, up to a limit', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 10, 0, 128]);
    const user = workshop.repository({ 'a.bin': bytes, 'b.txt': 'x' });
    const repository = await user.open();
    const entries = await headEntries(repository);
    const { oid } = entries.get('a.bin') as TreeEntry;
    expect(await repository.blob(oid)).toEqual(bytes);
    const large = { code: 'unreadable', data: { why: expect.stringContaining('7 bytes') } };
    await expect(repository.blob(oid, 6)).rejects.toMatchObject(large);
    await expect(repository.blob('1'.repeat(40))).rejects.toMatchObject({ code: 'unreadable' });
    await expect(repository.blob(await repository.treeOf('HEAD'))).rejects.toMatchObject({
      code: 'unreadable',
    });
  });
});

describe('what a checkout would write', () => {
  it('has line ends, encodings, keywords and filters as the attributes say', async () => {
    const user = workshop.init();
    user.git('config', 'filter.case.clean', 'tr A-Z a-z');
    user.git('config', 'filter.case.smudge', 'tr a-z A-Z');
    user.write({
      '.gitattributes':
        '*.bat eol=crlf\n*.utf16 working-tree-encoding=UTF-16LE\n*.id ident\n*.up filter=case\n',
      'a.bat': 'x\r\ny\r\n',
      'b.utf16': Buffer.from('hi\n', 'utf16le'),
      'c.id': '$Id$\n',
      'd/e f.up': 'SHOUT\n',
      'raw.bin': Buffer.from([0, 200, 13, 10]),
    });
    symlinkSync('a.bat', join(user.root, 'link'));
    user.git('add', '--all');
    user.git('commit', '--quiet', '-m', 'first');
    const repository = await user.open();
    const before = usersState(repository);
    const entries = await headEntries(repository);
    const found: Record<string, string> = {};
    for await (const [entry, bytes] of repository.smudgedAll([...entries.values()])) {
      found[entry.path] = bytes.toString('latin1');
    }
    expect(found).toMatchObject({
      'a.bat': 'x\r\ny\r\n',
      'b.utf16': 'h\0i\0\n\0',
      'c.id': expect.stringMatching(/^\$Id: [0-9a-f]{40} \$\n$/),
      'd/e f.up': 'SHOUT\n',
      'raw.bin': '\0\xc8\r\n',
      link: 'a.bat',
    });
    expect(Object.keys(found)).toHaveLength(entries.size);
    expect(await repository.smudged(entries.get('d/e f.up') as TreeEntry)).toEqual(
      Buffer.from('SHOUT\n'),
    );
    expect(usersState(repository)).toEqual(before);
  });

  it('goes by the attributes of the tree, when it is told which', async () => {
    const user = workshop.repository({
      '.gitattributes': '*.txt eol=crlf\n',
      'd/.gitattributes': 'y.txt eol=lf\n',
      'x.txt': 'a\n',
      'd/y.txt': 'b\n',
      'd/z.txt': 'c\n',
    });
    const repository = await user.open();
    const entries = [...(await headEntries(repository)).values()].filter(({ path }) =>
      path.endsWith('.txt'),
    );
    const tree = await repository.treeOf('HEAD');
    const all = async (of?: string) => {
      const found: Record<string, string> = {};
      for await (const [{ path }, bytes] of repository.smudgedAll(entries, of))
        found[path] = `${bytes}`;
      return found;
    };
    const asCommitted = { 'x.txt': 'a\r\n', 'd/y.txt': 'b\n', 'd/z.txt': 'c\r\n' };
    expect(await all()).toEqual(asCommitted);
    expect(await all(tree)).toEqual(asCommitted);
    user.write({ '.gitattributes': '' });
    expect(await all()).toEqual({ 'x.txt': 'a\n', 'd/y.txt': 'b\n', 'd/z.txt': 'c\n' });
    expect(await all(tree)).toEqual(asCommitted);
    rmSync(join(user.root, '.gitattributes'));
    rmSync(join(user.root, 'd/.gitattributes'));
    expect(await all(tree)).toEqual(asCommitted);
  });

  it('is refused where a filter is missing or fails, required or not, or a pointer comes out', async () => {
    const user = workshop.repository({
      '.gitattributes': '*.gone filter=gone\n*.bad filter=bad\n*.lfs filter=lfs\n',
      'a.gone': '1',
      'b.bad': '2',
      'c.lfs': lfsPointer,
      'plain.txt': lfsPointer,
      'fine.py': '3',
    });
    const repository = await user.open();
    const entries = await headEntries(repository);
    const smudged = (path: string) => repository.smudged(entries.get(path) as TreeEntry);
    await expect(smudged('a.gone')).rejects.toMatchObject({
      code: 'filter-missing',
      data: { path: 'a.gone', filter: 'gone' },
    });
    await expect(smudged('c.lfs')).rejects.toMatchObject({
      code: 'filter-missing',
      data: { filter: 'lfs' },
    });
    await expect(smudged('plain.txt')).rejects.toMatchObject({
      code: 'filter-missing',
      data: { filter: 'lfs' },
    });
    user.git('config', 'filter.lfs.smudge', 'cat');
    await expect(smudged('c.lfs')).rejects.toMatchObject({
      code: 'filter-missing',
      data: { filter: 'lfs' },
    });
    user.git('config', 'filter.gone.clean', 'cat');
    expect(`${await smudged('a.gone')}`).toBe('1');
    const all = ['a.gone', 'b.bad', 'fine.py'].map((path) => entries.get(path) as TreeEntry);
    for (const [driver, required] of Object.entries({
      'no-such-program': 'false',
      'exit 3': 'true',
    })) {
      user.git('config', 'filter.bad.smudge', driver);
      user.git('config', 'filter.bad.required', required);
      const drain = async () => {
        for await (const [{ path }] of repository.smudgedAll(all)) expect(path).not.toBe('b.bad');
      };
      const failed = { code: 'filter-failed', data: { path: 'b.bad' } };
      await expect(drain()).rejects.toMatchObject(failed);
    }
  });

  it('knows a pointer when it sees one', () => {
    expect(isPointer(Buffer.from(lfsPointer))).toBe(true);
    expect(isPointer(Buffer.from(` ${lfsPointer}`))).toBe(false);
    expect(isPointer(Buffer.from(lfsPointer + 'x'.repeat(1024)))).toBe(false);
  });
});

describe('files that are what entries say', () => {
  it('by content, mode and kind; also with other times, flags and staged changes', async () => {
    const library = workshop.repository();
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`many/${i}.py`, '1']));
    const user = workshop.repository({
      'same.py': '1',
      'touched.py': '1',
      'changed.py': '1',
      'staged-away.py': '1',
      'untracked-now.py': '1',
      'gone.py': '1',
      'mode.sh': '1',
      'kind.py': '1',
      'hidden.py': '1',
      'crlf.txt': '1\n',
      'ünï "x".py': '1',
      'd/a.py': '1',
      // So many that what the index knows of them is made use of.
      ...many,
    });
    user.git('submodule', '--quiet', 'add', library.root, 'library');
    user.git('commit', '--quiet', '-am', 'library');
    const moment = new Date(1_600_000_000_000);
    utimesSync(join(user.root, 'touched.py'), moment, moment);
    user.git('update-index', '--assume-unchanged', 'hidden.py');
    user.write({ 'changed.py': '2', 'hidden.py': '2', 'staged-away.py': '2', 'crlf.txt': '1\r\n' });
    user.git('config', 'core.autocrlf', 'true');
    user.git('add', 'staged-away.py');
    user.write({ 'staged-away.py': '1' });
    user.git('rm', '--quiet', '--cached', 'untracked-now.py');
    for (const path of ['gone.py', 'kind.py', 'd/a.py']) rmSync(join(user.root, path));
    rmSync(join(user.root, 'd'), { recursive: true });
    symlinkSync('same.py', join(user.root, 'kind.py'));
    symlinkSync('.', join(user.root, 'd'));
    chmodSync(join(user.root, 'mode.sh'), 0o755);
    const repository = await user.open();
    const before = usersState(repository);
    const entries = await headEntries(repository);
    const unchanged = await repository.unchanged([...entries.values()]);
    expect(usersState(repository)).toEqual(before);
    const others = [...unchanged].filter((path) => !path.startsWith('many/'));
    expect(unchanged.size - others.length).toBe(70);
    expect(others.sort()).toEqual([
      '.gitmodules',
      'crlf.txt',
      'library',
      'same.py',
      'staged-away.py',
      'touched.py',
      'untracked-now.py',
      'ünï "x".py',
    ]);
    const one = (path: string) => repository.unchanged([entries.get(path) as TreeEntry]);
    expect(await one('same.py')).toEqual(new Set(['same.py']));
    expect(await one('hidden.py')).toEqual(new Set());
    expect(await one('d/a.py')).toEqual(new Set());
    expect(await repository.unchanged([])).toEqual(new Set());
    const other = { ...(entries.get('changed.py') as TreeEntry), path: 'never.py' };
    expect(await repository.unchanged([other])).toEqual(new Set());
  });

  it.each([1, 70])('never reads a file that was not asked for (of %i)', async (count) => {
    const user = workshop.init();
    const log = join(user.root, '.git/filtered');
    writeFileSync(log, '');
    user.git('config', 'filter.watch.clean', `echo %f >> '${log}'; cat`);
    user.write({ '.gitattributes': '*.bin filter=watch\n', 'weights.bin': '1' });
    user.write(Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.py`, '1'])));
    user.git('add', '--all');
    user.git('commit', '--quiet', '-m', 'first');
    const moment = new Date(Date.now() - 60_000);
    user.write({ '0.py': '2' });
    // Older than all files: Git would look into each one to be sure.
    utimesSync(join(user.root, '.git/index'), moment, moment);
    writeFileSync(log, '');
    const repository = await user.open();
    const entries = [...(await headEntries(repository)).values()];
    const asked = entries.filter(({ path }) => path.endsWith('.py'));
    expect((await repository.unchanged(asked)).size).toBe(count - 1);
    expect(readFileSync(log, 'utf8')).toBe('');
  });
});

describe('names of files', () => {
  const pathUnit = fc.oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('*', '?', '[', ']', '\\', ':', '!', '-', '#', '"', ' '),
    },
  );
  const name = fc
    .string({ unit: pathUnit, minLength: 1, maxLength: 12 })
    .map((text) => text.replaceAll(/[\0/]/g, '_').normalize('NFC'))
    .filter((text) => Buffer.byteLength(text) < 200 && Buffer.from(text).toString() === text)
    .filter((text) => !/^\.+$/.test(text) && !/^\.?git|~|\u200c|\.env|pem$|key$|[. ]$/i.test(text));

  function fill(user: UserRepository, names: readonly string[], content: string): void {
    user.write(Object.fromEntries(names.map((each) => [each, content])));
  }

  it('that look like patterns are not taken for them when they are ignored', async () => {
    const user = workshop.repository({ kept: '', 'se[t]': '' });
    user.write({ '*': '', 'k?pt': '', '[k]ept': '', 'set\\': '', '.git/info/exclude': '*\n' });
    const repository = await user.open();
    const asked = ['*', 'k?pt', '[k]ept', 'set\\', 'se[t]', 'kept'];
    const ignored = [...(await repository.ignored(asked))].sort();
    expect(ignored).toEqual(['*', '[k]ept', 'k?pt', 'set\\']);
  });

  it('come through snapshot, listing, comparison, check-out and ignore rules unharmed', async () => {
    const user = workshop.repository({ kept: '' });
    const repository = await user.open();
    const base = await repository.treeOf('HEAD');
    const exclude = join(user.root, '.git/info/exclude');
    user.write({ '.git/info/exclude': '' });
    const names = fc.uniqueArray(name, {
      minLength: 20,
      maxLength: 60,
      selector: (text) => text.toLowerCase(),
    });
    await fc.assert(
      fc.asyncProperty(names, async (found) => {
        const paths = found.filter((each) => each !== 'kept');
        const sorted = [...paths].sort();
        fill(user, paths, 'x');
        try {
          const snapshot = await repository.snapshot(everything);
          const changes = await snapshot.compare(base, snapshot.tree);
          const entries = await snapshot.entries(snapshot.tree);
          await snapshot.dispose();
          expect(snapshot.leftOut).toEqual([]);
          expect(changes.map(({ path }) => path).sort()).toEqual(sorted);
          expect(entries.map(({ path }) => path).sort()).toEqual([...paths, 'kept'].sort());
          expect(await repository.unchanged(entries)).toEqual(new Set([...paths, 'kept']));
          const files = entries.filter(({ path }) => path !== 'kept');
          for await (const [{ path }, bytes] of repository.smudgedAll(files, snapshot.tree)) {
            expect([path, `${bytes}`]).toEqual([path, 'x']);
          }
          writeFileSync(exclude, '*\n');
          expect([...(await repository.ignored([...paths, 'kept']))].sort()).toEqual(sorted);
        } finally {
          writeFileSync(exclude, '');
          for (const path of paths) rmSync(join(user.root, path));
        }
      }),
      // Each run is several processes: the first counterexample is good enough.
      { numRuns: runs(5), endOnFailure: true },
    );
  });
});
