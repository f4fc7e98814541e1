import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommandLine } from './commandLine';
import { errorOf, expectRefusal, leavingEverything, standing } from './refusal';

const cli = new CommandLine('places');
beforeAll(() => cli.ready());
afterAll(() => cli.close());

function folder(name: string): string {
  const directory = join(cli.directory, name);
  mkdirSync(directory);
  return directory;
}

describe('where Cairn cannot work', () => {
  test('no Git on the search path', async () => {
    const directory = folder('without-git');
    const environment = { PATH: directory };
    expectRefusal(
      await cli.cairn(['init'], { directory, environment }),
      ...([3, 'Git was not found.'] as const),
      'Install Git and make sure that "git" is on the PATH.',
    );
    expect(readdirSync(directory)).toEqual([]);
  });

  test('a folder that is in no repository', async () => {
    const directory = folder('plain');
    const said = await cli.cairn(['status', '--json'], { directory });
    expect(said.exit).toBe(3);
    expect(errorOf(said)).toEqual({
      code: 'not-a-repository',
      message: `${directory} is not in a Git repository.`,
      hint: 'Run "cairn init --git" to make one here.',
      data: { directory },
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  test('the repository that init makes where there is none', async () => {
    const directory = folder('new');
    const said = await cli.cairn(['init', '--git', '--json'], { directory });
    expect(JSON.parse(said.stdout)).toMatchObject({ project: directory, created: true });
    expect(readdirSync(directory).sort()).toEqual(['.git', 'cairn.yaml']);
  });

  test('a bare repository', async () => {
    const directory = folder('bare.git');
    await cli.run(join(cli.bin, 'git'), ['init', '-q', '--bare', directory]);
    expectRefusal(
      await cli.cairn(['init'], { directory }),
      ...([3, `${directory} is a bare repository without working files.`] as const),
      'Use a clone of it that has working files.',
    );
  });

  test('a repository of another user', async () => {
    const workspace = await cli.project();
    const said = await leavingEverything(workspace, () =>
      cli.cairn(['log'], {
        directory: workspace.root,
        environment: { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' },
      }),
    );
    expectRefusal(
      said,
      ...([3, `Git does not trust ${workspace.root}, because another user owns it.`] as const),
      `If you trust it: git config --global --add safe.directory "${workspace.root}"`,
    );
  });
});

/** For a folder that is given to another user. */
function trust(directory: string): void {
  const file = join(cli.directory, 'gitconfig');
  appendFileSync(file, `[safe]\n\tdirectory = ${directory}\n`);
}

/** Nobody may write there, not even whoever runs the tests as root. */
function closed(directory: string): { uid: number; gid: number } | Record<never, never> {
  const nobody = 65_534;
  const root = process.getuid?.() === 0;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (root) chownSync(path, nobody, nobody);
    chmodSync(path, entry.isDirectory() ? 0o555 : 0o444);
  }
  if (root) chownSync(directory, nobody, nobody);
  chmodSync(directory, 0o555);
  return root ? { uid: nobody, gid: nobody } : {};
}

describe('a folder that may only be read', () => {
  test('is shown, left as it is, and says why nothing can be made', async () => {
    const workspace = await cli.project();
    chmodSync(cli.directory, 0o755);
    trust(workspace.root);
    workspace.write({ 'train.py': 'LEARNING_RATE = 7\n' });
    const user = closed(workspace.root);
    const before = standing(workspace);
    const options = { directory: workspace.root, environment: { HOME: '/' }, ...user };
    for (const words of ['log', 'status', 'show v1', 'diff v1', 'verify', 'operations']) {
      const said = await cli.cairn(words.split(' '), options);
      expect(said, words).toMatchObject({ exit: 0, stderr: '' });
      expect(said.stdout, words).toMatch(/v1|LEARNING_RATE|Sound/);
    }
    const commit = await cli.cairn(['commit', '-m', 'x'], options);
    expect(commit).toMatchObject({ exit: 6, stdout: '' });
    expect(commit.stderr).toMatch(
      /^\/\S+ may not be written \([A-Z_]+\)\.\nHint: Get permission to write there, or copy /,
    );
    expect(standing(workspace)).toEqual(before);
    for (const entry of readdirSync(workspace.root, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755);
    }
    chmodSync(workspace.root, 0o755);
  });
});

test('a home in which nothing can be kept', async () => {
  const environment = { NODE_COMPILE_CACHE: undefined, HOME: '/dev/null' };
  const said = await cli.cairn(['--version'], { environment });
  expect(said).toMatchObject({ exit: 0, stderr: '' });
});

test('what is compiled is kept for the next time, and is nothing that must be whole', async () => {
  const home = folder('caches');
  const compiled = join(home, 'cairn', 'compiled');
  const asked = async (more: Record<string, string> = {}) => {
    const environment = { NODE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: home, ...more };
    const said = await cli.cairn(['help', 'commit'], { environment });
    expect(said).toMatchObject({ exit: 0, stderr: '' });
    return said.stdout;
  };
  const plain = await asked({ NODE_DISABLE_COMPILE_CACHE: '1' });
  expect(existsSync(compiled)).toBe(false);
  expect(await asked()).toBe(plain);
  const [name = '', ...others] = readdirSync(compiled);
  expect(others).toEqual([]);
  expect(name).toMatch(/-help$/);
  const file = join(compiled, name);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const whole = readFileSync(file);
  const flipped = Buffer.from(whole);
  for (let at = 100; at < flipped.length; at += 999) flipped[at] = ~(flipped[at] ?? 0);
  for (const damaged of [flipped, whole.subarray(0, 70_000), Buffer.alloc(0), Buffer.alloc(9)]) {
    writeFileSync(file, damaged);
    expect(await asked()).toBe(plain);
    expect(readFileSync(file).length).toBeGreaterThan(100_000);
  }
  expect(await asked()).toBe(plain);
  expect(readdirSync(compiled)).toEqual([name]);
});

describe('a Node that is too old', () => {
  /** Stands in for an old Node: the first thing that is looked at is what it says of itself. */
  const pretend = `Object.defineProperty(process, 'versions', {
    value: { ...process.versions, node: '20.1.0', napi: '8' } });`;

  test('starts the one that the project installed', async () => {
    const old = join(cli.directory, 'old.cjs');
    writeFileSync(old, pretend);
    const said = await cli.run(process.execPath, ['--require', old, cli.file, '--version']);
    expect(said).toMatchObject({ exit: 0, stderr: '' });
    expect(said.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('and without one, says what to do', async () => {
    const old = join(cli.directory, 'old-alone.cjs');
    writeFileSync(old, pretend);
    const copy = join(folder('elsewhere'), 'cli.js');
    copyFileSync(cli.file, copy);
    const said = await cli.run(process.execPath, ['--require', old, copy, 'log', '--json']);
    expect(said.exit).toBe(2);
    expect(errorOf(said)).toEqual({
      code: 'runtime-too-old',
      message: 'Cairn needs Node 22.15 or newer, and this is Node 20.1.0.',
      hint: 'Install a newer Node, or use the terminal of VS Code, where Cairn brings its own.',
      data: { found: 'Node 20.1.0', needed: 'Node 22.15' },
    });
  });
});
