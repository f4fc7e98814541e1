import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../propertyRuns';
import { everything, type UserRepository, Workshop } from './userRepository';

const workshop = new Workshop('parts');

/** Files in the places of directories, names in whose order a slash counts, attributes. */
const paths = [
  ...['a', 'a/b', 'a/c/d', 'a-1', 'a.1', 'b/c', 'b/c/e', 'b/c-f', 'with "quotes"/ä\\n\tö'],
  ...['x/y.txt', 'x/.gitattributes', '.gitattributes', 'run.sh'],
];
const texts = ['1\n', '2\n', 'x\r\ny\r\n', '* text\n', '*.txt text=auto eol=crlf\n'];
const kinds = ['write', 'write', 'remove', 'stage', 'forget', 'announce', 'link', 'mode'] as const;

interface Step {
  readonly kind: (typeof kinds)[number];
  readonly path: string;
  readonly text: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...kinds),
  path: fc.constantFrom(...paths),
  text: fc.constantFrom(...texts),
});

/** What stands at a path; `null` for nothing, also where something else stands above it. */
function kindOf(root: string, path: string): 'file' | 'directory' | null {
  const above = dirname(path);
  if (above !== '.' && kindOf(root, above) !== 'directory') return null;
  const facts = lstatSync(join(root, path), { throwIfNoEntry: false });
  return facts === undefined ? null : facts.isDirectory() ? 'directory' : 'file';
}

/** Takes away whatever stands in the way of a file: one above it, a directory in its place. */
function makeRoom(root: string, path: string): void {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    const above = path.slice(0, end);
    if (kindOf(root, above) === 'file') rmSync(join(root, above));
  }
  rmSync(join(root, path), { recursive: true, force: true });
  mkdirSync(dirname(join(root, path)), { recursive: true });
}

function apply(user: UserRepository, { kind, path, text }: Step): void {
  const absolute = join(user.root, path);
  if (kind === 'write' || kind === 'link') makeRoom(user.root, path);
  if (kind === 'write') writeFileSync(absolute, text);
  else if (kind === 'link') symlinkSync('somewhere', absolute);
  else if (kind === 'forget')
    user.git('rm', '--quiet', '--cached', '-r', '--ignore-unmatch', '--', path);
  else if (kindOf(user.root, path) === null) return;
  else if (kind === 'remove') rmSync(absolute, { recursive: true });
  else if (kind === 'stage') user.git('add', '--', path);
  else if (kind === 'announce') user.git('add', '--intent-to-add', '--', path);
  else if (lstatSync(absolute).isFile()) chmodSync(absolute, 0o755);
}

/** What Git itself makes of the index and the working files. */
function treeOfGit(user: UserRepository): string {
  const index = join(workshop.directory, 'index-of-git');
  copyFileSync(join(user.root, '.git/index'), index);
  const environment = { GIT_INDEX_FILE: index };
  const run = (...words: string[]) =>
    workshop.gitWith({ environment }, user.root, '-c', 'core.safecrlf=false', ...words);
  run('add', '--all');
  return run('write-tree').trim();
}

it('a tree of a few differences is the one that Git makes of the whole index', async () => {
  const several = fc.array(step, { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(several, several, async (committed, changed) => {
      const user = workshop.repository({ 'always.py': '1' });
      for (const each of committed) apply(user, each);
      user.git('add', '--all');
      user.git('commit', '--quiet', '--allow-empty', '--message', 'second');
      for (const each of changed) apply(user, each);
      const repository = await user.open();
      const seen = await repository.look(everything);
      const snapshot = await repository.snapshot(everything);
      const again = await repository.snapshot({ ...everything, seen });
      await Promise.all([snapshot.dispose(), again.dispose()]);
      expect(again).toMatchObject({ tree: snapshot.tree, leftOut: snapshot.leftOut });
      expect(snapshot.tree).toBe(treeOfGit(user));
      expect(user.git('fsck', '--strict', '--no-dangling')).toBe('');
    }),
    { numRuns: runs(5) },
  );
  expect(readdirSync(workshop.temporary)).toEqual([]);
});
