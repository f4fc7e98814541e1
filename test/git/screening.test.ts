import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure';
import { openRepository } from '../../src/git';
import { looksSecret } from '../../src/git/secrets';
import { everything, take, type UserRepository, Workshop } from './userRepository';

const workshop = new Workshop('screening');

const key = (kind: string) =>
  `-----BEGIN ${kind}-----\nMIIEpAIBAAKCAQEAx1y2z3\n-----END ${kind}-----\n`;

function many(user: UserRepository, directory: string, count: number, bytes = 1): void {
  mkdirSync(join(user.root, directory), { recursive: true });
  for (let index = 0; index < count; index++) {
    const path = join(user.root, directory, `f${index}.py`);
    writeFileSync(path, '');
    truncateSync(path, bytes);
  }
}

describe('untracked files are left out, by name, when', () => {
  it('they look like secrets', async () => {
    const user = workshop.repository();
    user.write({
      '.env': 'TOKEN=1',
      'deploy/.env.production': 'TOKEN=1',
      '.env.example': 'TOKEN=',
      'server.pem': 'x',
      'id_rsa.pub': 'public',
      'notes.txt': key('RSA PRIVATE KEY'),
      'account.json': `{"private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0B"}`,
      'scanner.py': `if text.startswith('-----BEGIN RSA PRIVATE KEY-----'): warn()\n`,
      'public.txt': key('PUBLIC KEY'),
    });
    symlinkSync('/etc/ssl/private.key', join(user.root, 'link.key'));
    const taken = await take(user);
    expect(taken.leftOut).toEqual({
      '.env': 'secret',
      'account.json': 'secret',
      'deploy/.env.production': 'secret',
      'notes.txt': 'secret',
      'server.pem': 'secret',
    });
    expect(Object.keys(taken.files)).toEqual(
      expect.arrayContaining([
        '.env.example',
        'scanner.py',
        'public.txt',
        'id_rsa.pub',
        'link.key',
      ]),
    );
  });

  it('they are large; a large file does not keep back its neighbours', async () => {
    const user = workshop.repository({ 'train.py': '', 'data/.gitkeep': '' });
    many(user, 'big', 1, 10_000_001);
    many(user, 'limit', 1, 10_000_000);
    many(user, 'full', 6, 9_000_000);
    many(user, 'crowd/deep/er', 1001);
    many(user, 'data', 1001);
    user.write({ 'big/code.py': '1', 'crowd/code.py': '1' });
    const repository = await user.open();
    const snapshot = await repository.snapshot({ ...everything, scratch: true });
    await snapshot.dispose();
    expect(snapshot.leftOut).toEqual([
      { path: 'big/f0.py', why: 'large-file', bytes: 10_000_001 },
      { path: 'crowd', why: 'large-directory', files: 1002 },
      { path: 'data', why: 'large-directory', files: 1001 },
      { path: 'full', why: 'large-directory', files: 6, bytes: 54_000_000 },
    ]);
    // What is no code, or an artifact, does not count and is not told.
    const isCode = (path: string) => path.endsWith('code.py');
    const codeOnly = await repository.snapshot({ ...everything, isCode, scratch: true });
    expect(codeOnly.leftOut).toEqual([]);
    const paths = (await codeOnly.entries(codeOnly.tree)).map(({ path }) => path);
    expect(paths).toEqual(['big/code.py', 'crowd/code.py', 'data/.gitkeep', 'train.py']);
    await codeOnly.dispose();
  });

  it('they belong to an environment or to another repository, also an empty one', async () => {
    const user = workshop.repository();
    user.write({
      '.gitignore': 'hidden/pyvenv.cfg\n',
      'venv/pyvenv.cfg': '',
      'venv/lib/site.py': '',
      'tools/conda/conda-meta/history': '',
      'tools/conda/bin/activate': '',
      'tools/own.py': 'own',
      'hidden/pyvenv.cfg': '',
      'hidden/lib/site.py': '',
    });
    user.git('init', '--quiet', 'vendor/empty');
    user.git('init', '--quiet', 'vendor/full');
    const full = join(user.root, 'vendor/full');
    writeFileSync(join(full, 'a.py'), '1');
    workshop.git(full, 'add', '--all');
    workshop.git(full, 'commit', '--quiet', '-m', 'first');
    user.git('worktree', 'add', '--quiet', 'linked');
    const taken = await take(user);
    expect(taken.leftOut).toEqual({
      venv: 'environment',
      'tools/conda': 'environment',
      hidden: 'environment',
      linked: 'nested-repository',
      'vendor/empty': 'nested-repository',
      'vendor/full': 'nested-repository',
    });
    expect(taken.files['tools/own.py']).toBe('own');
  });

  it('they may not be read', async () => {
    const user = workshop.repository();
    user.write({ 'closed.py': '1', 'open.py': '1' });
    const platform = workshop.platform();
    const disk = {
      ...platform.disk,
      openRead: (path: string) =>
        path.endsWith('closed.py')
          ? Promise.reject(new Failure('unreadable', { path, why: 'permission denied (EACCES)' }))
          : platform.disk.openRead(path),
    };
    const repository = await openRepository({ ...platform, disk }, user.root);
    const snapshot = await repository.snapshot({ ...everything, scratch: true });
    expect(snapshot.leftOut).toEqual([{ path: 'closed.py', why: 'unreadable' }]);
    await snapshot.dispose();
  });
});

it('what is tracked is taken, whatever it is', async () => {
  const user = workshop.repository({ '.env': '1' });
  many(user, 'big', 1, 10_000_001);
  user.git('add', '--all');
  user.write({ '.env': '2' });
  const repository = await user.open();
  const snapshot = await repository.snapshot({ ...everything, scratch: true });
  const paths = (await snapshot.entries(snapshot.tree)).map(({ path }) => path);
  await snapshot.dispose();
  expect(paths).toEqual(['.env', 'big/f0.py']);
  expect(snapshot.leftOut).toEqual([]);
});

it.each([
  ['.env', true],
  ['a/.env.local', true],
  ['prod.env', true],
  ['.env.sample', false],
  ['environment.py', false],
  ['id_ed25519', true],
  ['id_ed25519.pub', false],
  ['key.py', false],
  ['TLS.KEY', true],
  ['credentials.json', true],
  ['credentials.py', false],
  ['service-account-prod.json', true],
  ['.aws/config', true],
  ['aws/config', false],
  ['.docker/Dockerfile', false],
  ['.docker/config.json', true],
  ['.netrc', true],
  ['kubeconfig', true],
  ['kubeconfig.yaml', true],
  ['release.keystore', true],
  ['cert.p12', true],
  ['secrets.yaml', true],
  ['secret_santa.py', false],
])('%s looks like a secret: %s', (path, secret) => {
  expect(looksSecret(path)).toBe(secret);
});

it('a name is judged the same at any depth', () => {
  const part = fc.stringMatching(/^[a-z_]{1,8}$/);
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 4 }),
      fc.constantFrom('.env', 'x.pem', 'x.py'),
      (parts, name) => {
        expect(looksSecret([...parts, name].join('/'))).toBe(name !== 'x.py');
      },
    ),
  );
});
