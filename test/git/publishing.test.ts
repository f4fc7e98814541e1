import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommitObject, Repository } from '../../src/git';
import { FaultySeam, faultModes, thrownBy } from '../platform/faultySeam';
import { everything, type UserRepository, usersState, Workshop } from './userRepository';

const workshop = new Workshop('publishing');
const branch = 'refs/heads/cairn/digits';
const author = { name: 'Grace', email: 'grace@example.org' };
const at = '2026-11-21T10:00:00.000Z';

async function commitOn(
  repository: Repository,
  parents: readonly string[],
  message = 'digits v1: first',
): Promise<string> {
  const tree = await repository.treeOf('HEAD');
  return repository.commitTree({ tree, parents, message, author, at });
}

function locks(user: UserRepository): string[] {
  const names = readdirSync(join(user.root, '.git'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.lock'));
}

describe('a commit object', () => {
  it('keeps its message literally, has the given identity and time, and is unreferenced', async () => {
    const user = workshop.repository();
    const repository = await user.open();
    const before = usersState(repository);
    const head = (await repository.head()).commit ?? '';
    const messages = [
      '-m dash',
      '# hash\n#\n',
      'a\n\n\n  b  \n\n',
      'ünï 🪨',
      '',
      '{"a":"\\u0000"}',
    ];
    for (const message of messages) {
      const oid = await commitOn(repository, [head, head], message);
      const commit: CommitObject | null = await repository.commitObject(oid);
      expect(commit).toEqual({
        oid,
        tree: await repository.treeOf('HEAD'),
        parents: [head],
        message,
      });
    }
    const oid = await commitOn(repository, []);
    const raw = user.git('cat-file', 'commit', oid);
    const seconds = Date.parse(at) / 1000;
    expect(raw).toContain(`author Grace <grace@example.org> ${seconds} +0000`);
    expect(raw).toContain(`committer Grace <grace@example.org> ${seconds} +0000`);
    expect(raw).not.toContain('gpgsig');
    expect(usersState(repository)).toEqual(before);
    expect(await repository.commitObject('0'.repeat(40))).toBeNull();
    expect(await repository.commitObject(await repository.treeOf('HEAD'))).toBeNull();
  });

  it('is not relabelled by an encoding of the user’s, and takes odd names and early times', async () => {
    const user = workshop.repository();
    user.git('config', 'i18n.commitEncoding', 'latin1');
    const repository = await user.open();
    const tree = await repository.treeOf('HEAD');
    const odd = { name: ' .<\n>. ', email: 'x<y>\n@z' };
    const request = {
      tree,
      parents: [],
      message: 'ü',
      author: odd,
      at: '1970-01-02T00:00:00.000Z',
    };
    const oid = await repository.commitTree(request);
    const raw = user.git('cat-file', 'commit', oid);
    expect(raw).not.toContain('encoding');
    expect(raw).toContain('author xy@z <xy@z> 86400 +0000');
    expect((await repository.commitObject(oid))?.message).toBe('ü');
  });

  it('is signed where the user signs commits, and refused where signing fails', async () => {
    const user = workshop.repository();
    const program = user.script(
      '.git/gpg',
      'cat >/dev/null; echo "[GNUPG:] SIG_CREATED " >&2; echo "-----BEGIN PGP SIGNATURE-----"; echo fake',
    );
    user.git('config', 'commit.gpgSign', 'yes');
    user.git('config', 'gpg.program', program);
    const repository = await user.open();
    const oid = await commitOn(repository, []);
    expect(user.git('cat-file', 'commit', oid)).toContain('gpgsig -----BEGIN PGP SIGNATURE-----');
    expect((await repository.commitObject(oid))?.message).toBe('digits v1: first');
    user.git('config', 'gpg.program', 'false');
    await expect(commitOn(repository, [])).rejects.toMatchObject({ code: 'git-failed' });
  });
});

describe('a version’s commit', () => {
  it('merged into the user’s branch brings its code, and deletes nothing', async () => {
    const user = workshop.repository({ 'digits/a.py': '1', 'other/b.py': '1', 'notes.md': '1' });
    user.write({ 'digits/a.py': '2', 'digits/new.py': '2', 'other/b.py': '2', 'notes.md': '2' });
    const repository = await user.open();
    const isCode = (path: string) => path.startsWith('digits/');
    const snapshot = await repository.snapshot({ ...everything, isCode });
    await snapshot.dispose();
    const head = (await repository.head()).commit ?? '';
    const { tree } = snapshot;
    const to = await repository.commitTree({ tree, parents: [head], message: 'v1', author, at });
    await (await repository.prepareRefs([{ ref: branch, from: null, to }], 'x')).commit();
    user.git('stash', '--quiet', '--include-untracked');
    user.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'cairn/digits');
    const merged = await repository.compareTrees(head, 'HEAD');
    expect(merged).toEqual([
      { path: 'digits/a.py', status: 'modified' },
      { path: 'digits/new.py', status: 'added' },
    ]);
  });
});

describe('prepared references', () => {
  it('move at commit, not before, together, with the reason in the log', async () => {
    const user = workshop.repository();
    const repository = await user.open();
    const backup = 'refs/cairn/backups/digits/1';
    const first = await commitOn(repository, []);
    const prepared = await repository.prepareRefs(
      [
        { ref: branch, from: null, to: first },
        { ref: backup, from: null, to: first },
      ],
      'cairn: commit digits@v1',
    );
    expect(await repository.ref(branch)).toBeNull();
    await prepared.commit();
    await prepared.abort();
    await expect(prepared.commit()).rejects.toThrow('already');
    expect(await repository.refs('refs/heads/cairn/')).toEqual(new Map([[branch, first]]));
    expect(await repository.refs('refs/cairn/')).toEqual(new Map([[backup, first]]));
    expect(user.git('reflog', 'show', branch)).toContain('cairn: commit digits@v1');

    const second = await commitOn(repository, [first]);
    const aborted = await repository.prepareRefs([{ ref: branch, from: first, to: second }], 'x');
    await aborted.abort();
    expect(await repository.ref(branch)).toBe(first);
    const changes = [
      { ref: branch, from: first, to: second },
      { ref: backup, from: first, to: null },
    ];
    await (await repository.prepareRefs(changes, '')).commit();
    expect(await repository.ref(branch)).toBe(second);
    expect(await repository.ref(backup)).toBeNull();
    expect(locks(user)).toEqual([]);
  });

  it('are refused where a branch is in the way, on either side', async () => {
    const user = workshop.repository();
    const repository = await user.open();
    const to = await commitOn(repository, []);
    const prepare = () => repository.prepareRefs([{ ref: branch, from: null, to }], 'x');
    user.git('branch', 'cairn');
    const blocked = { code: 'branch-name-blocked', data: { branch: 'cairn' } };
    await expect(prepare()).rejects.toMatchObject(blocked);
    user.git('pack-refs', '--all');
    await expect(prepare()).rejects.toMatchObject(blocked);
    user.git('branch', '-m', 'cairn', 'cairn/digits/deeper');
    await expect(prepare()).rejects.toMatchObject({
      code: 'branch-name-blocked',
      data: { branch: 'cairn/digits/deeper' },
    });
    user.git('branch', '-D', 'cairn/digits/deeper');
    await (await prepare()).commit();
    expect(await repository.ref(branch)).toBe(to);
  });

  it('are refused where somebody moved them', async () => {
    const user = workshop.repository();
    const repository = await user.open();
    const first = await commitOn(repository, []);
    const second = await commitOn(repository, [first]);
    const move = (from: string | null, to: string | null) =>
      repository.prepareRefs([{ ref: branch, from, to }], 'x');
    await expect(move(first, second)).rejects.toMatchObject({
      code: 'branch-moved',
      data: { branch: 'cairn/digits', expected: first, found: null },
    });
    user.git('update-ref', branch, second);
    await expect(move(first, second)).rejects.toMatchObject({ data: { found: second } });
    await expect(move(null, first)).rejects.toMatchObject({ code: 'branch-moved' });
    await expect(move(first, null)).rejects.toMatchObject({ code: 'branch-moved' });
    expect(locks(user)).toEqual([]);
  });

  it('are refused by hooks, locks of others and missing objects, with what Git says', async () => {
    const user = workshop.repository();
    const repository = await user.open();
    const to = await commitOn(repository, []);
    const prepare = (oid = to) =>
      repository.prepareRefs([{ ref: branch, from: null, to: oid }], 'x');
    const hook = user.script(
      '.git/hooks/reference-transaction',
      '[ "$1" != prepared ] || { echo no >&2; exit 1; }',
    );
    await expect(prepare()).rejects.toMatchObject({
      code: 'ref-refused',
      data: { ref: branch, stderr: expect.stringMatching(/^no\n.*hook/s) },
    });
    writeFileSync(hook, '#!/bin/sh\n');
    await expect(prepare('1'.repeat(40))).rejects.toMatchObject({ code: 'ref-refused' });
    await (await prepare()).abort();
    const lock = join(user.root, '.git', `${branch}.lock`);
    writeFileSync(lock, '');
    const locked = { code: 'ref-locked', data: { ref: branch, lock } };
    await expect(prepare()).rejects.toMatchObject(locked);
  });

  it.each(faultModes)('leave no lock when our side fails (%s)', async (mode) => {
    const user = workshop.repository();
    const to = await commitOn(await user.open(), []);
    for (let call = 1; call <= 5; call++) {
      const seam = new FaultySeam();
      const repository = await user.open({}, seam);
      seam.arm({ at: call, mode });
      const thrown = await thrownBy(async () => {
        const prepared = await repository.prepareRefs([{ ref: branch, from: null, to }], 'x');
        await prepared.commit();
      });
      if (thrown === null) {
        expect(call).toBe(5);
        break;
      }
      expect(locks(user)).toEqual([]);
      // Who was killed for its time may have done its work before.
      const isThere = mode === 'late' && existsSync(join(user.root, '.git', branch));
      expect(existsSync(join(user.root, '.git', branch))).toBe(isThere);
      if (isThere) user.git('update-ref', '-d', branch);
    }
  });

  it('work where Git has no transactions yet', async () => {
    const user = workshop.repository();
    // A Git that knows everything but the verbs of transactions.
    const bin = workshop.freshPath('bin');
    const log = workshop.freshPath('log');
    const real = process.env['PATH'] ?? '';
    const script = [
      `PATH='${real}'`,
      `echo "$*" >> '${log}'`,
      'case "$*" in version) echo "git version 2.25.1"; exit 0;; esac',
      'case "$*" in *"update-ref -m"*)',
      '  read -r verb rest',
      '  if [ "$verb" = start ]; then echo "fatal: unknown command: start" >&2; exit 128; fi',
      '  { printf "%s %s\\n" "$verb" "$rest"; cat; } | git "$@"; exit $?;;',
      'esac',
      'exec git "$@"',
    ];
    user.script('git', script.join('\n'));
    mkdirSync(bin);
    renameSync(join(user.root, 'git'), join(bin, 'git'));
    const repository = await user.open({ PATH: `${bin}:${real}` });
    const first = await commitOn(repository, []);
    const second = await commitOn(repository, [first]);
    const move = (from: string | null, to: string) =>
      repository.prepareRefs([{ ref: branch, from, to }], 'x');
    await (await move(null, first)).abort();
    expect(await repository.ref(branch)).toBeNull();
    await (await move(null, first)).commit();
    expect(await repository.ref(branch)).toBe(first);
    await expect(move(null, second)).rejects.toMatchObject({ code: 'branch-moved' });
    const late = await move(first, second);
    user.git('update-ref', branch, second);
    await expect(late.commit()).rejects.toMatchObject({ code: 'branch-moved' });
    user.git('update-ref', '-d', branch);
    user.git('branch', 'cairn');
    await expect(move(null, second)).rejects.toMatchObject({ code: 'branch-name-blocked' });
    expect(readFileSync(log, 'utf8')).toMatch(/-c core.fsyncObjectFiles=true .*commit-tree/);
  });

  it('and commits are synced to the disk', async () => {
    const user = workshop.repository();
    const seam = new FaultySeam();
    const repository = await user.open({}, seam);
    const to = await commitOn(repository, []);
    await (await repository.prepareRefs([{ ref: branch, from: null, to }], 'x')).commit();
    const commands = seam.calls.map(({ target }) => target);
    expect(commands).toHaveLength(5);
    for (const command of commands)
      expect(command).toContain('-c core.fsync=objects,derived-metadata,reference');
  });
});
