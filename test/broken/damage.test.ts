import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from 'vitest';
import { canonicalJson, operationText } from '../../src/core/operation';
import { rebuildProject } from '../../src/operations';
import { Sandbox, safetensors, script, type Workspace } from '../operations/sandbox';
import { wholeDatabase } from './wholeDatabase';

const sandbox = new Sandbox('damage');
const sound = sandbox.once(async (workspace, project) => {
  await project.commit({ message: 'first', label: 'good' });
  workspace.write({ 'train.py': script(0.2) });
  workspace.train(2, 0.9);
  await project.commit({ message: 'second' });
  await project.update({ reference: 'v2', metrics: { f1: 0.8 }, reason: 'measured again' });
  workspace.write({ 'train.py': script(0.3) });
  workspace.train(3, 0.7);
  await project.commit({ message: 'third' });
  await project.drop({ reference: 'v3', reason: 'worse' });
  await project.rollback({ reference: 'digits@v1' });
});
afterEach(() => sandbox.close());

const home = (workspace: Workspace) => join(workspace.root, '.git/cairn');
const database = (workspace: Workspace) => join(home(workspace), 'history.db');

/** What the history knows of every version and backup, and which is where. */
async function told(workspace: Workspace): Promise<string> {
  return workspace.use(async (project) => {
    const { versions } = await project.log({ backups: true });
    const revisions = await Promise.all(
      versions.map(({ model, kind, number }) =>
        project.revisions({ reference: `${model}@${kind === 'backup' ? 'b' : 'v'}${number}` }),
      ),
    );
    const curves = await project.curves({ reference: 'digits@v2' });
    const { models } = await project.overview();
    const current = models.map((model) => [model.name, model.current, model.primary]);
    return canonicalJson({ revisions, curves, current });
  });
}

async function problemsOf(workspace: Workspace, full = true): Promise<string[]> {
  const { problems } = await workspace.use((project) => project.verify({ full }));
  for (const { mend, message } of problems) expect([mend, message]).not.toContain('');
  return [...new Set(problems.map(({ code }) => code))].sort();
}

/** Changes the database as somebody with SQLite's shell would. */
function inDatabase(workspace: Workspace, work: (database: DatabaseSync) => void): void {
  const opened = new DatabaseSync(database(workspace));
  try {
    work(opened);
  } finally {
    opened.close();
  }
}

function withoutSideFiles(workspace: Workspace): void {
  inDatabase(workspace, (opened) => opened.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
  for (const side of ['-wal', '-shm']) rmSync(database(workspace) + side, { force: true });
}

describe('a database that is lost comes back from Git and the store', () => {
  const losses: Record<string, (path: string) => void> = {
    missing: (path) => rmSync(path),
    empty: (path) => truncateSync(path, 0),
    truncated: (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
    'of noise': (path) => writeFileSync(path, Buffer.alloc(40_960, 'noise')),
    'with a page of zeros': (path) => {
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.fill(0, 4096, 8192));
    },
  };
  for (const [name, lose] of Object.entries(losses)) {
    test(name, async () => {
      const workspace = await sound();
      const before = await told(workspace);
      withoutSideFiles(workspace);
      const whole = wholeDatabase(database(workspace));
      expect(whole.records).toHaveLength(5);
      lose(database(workspace));
      // Opening or the first look at it says so; nothing is made up.
      const looked = workspace.use((project) => project.verify({}));
      await expect(looked).rejects.toMatchObject({ code: 'database-damaged' });
      const again = workspace.use((project) => project.commit({ message: 'blind' }));
      await expect(again).rejects.toMatchObject({ code: 'database-damaged' });
      await rebuildProject(sandbox.platform(), workspace.root);
      expect(await told(workspace)).toBe(before);
      expect(wholeDatabase(database(workspace))).toEqual(whole);
      const { operations } = await workspace.use((project) => project.operations({}));
      expect(operations.map(({ kind }) => kind)).toEqual(['rebuild']);
      expect(await problemsOf(workspace)).toEqual([]);
      const kept = readdirSync(home(workspace)).filter((file) => /^damaged-.*\.db$/.test(file));
      expect(kept.length > 0).toBe(name !== 'missing' && name !== 'empty');
    });
  }

  test('of a newer Cairn is left alone', async () => {
    const workspace = await sound();
    inDatabase(workspace, (opened) => opened.exec('PRAGMA user_version = 4711'));
    const code = 'database-newer';
    await expect(workspace.open()).rejects.toMatchObject({ code, data: { found: 4711 } });
    const rebuilt = rebuildProject(sandbox.platform(), workspace.root);
    await expect(rebuilt).rejects.toMatchObject({ code });
  });
});

test('a damaged lock is named, keeps nobody from reading, and is made anew once deleted', async () => {
  const workspace = await sound();
  const lock = join(home(workspace), 'lock.db');
  writeFileSync(lock, 'no database'.repeat(1000));
  const damaged = { code: 'database-damaged', data: { path: lock } };
  await workspace.use(async (project) => {
    expect((await project.log({})).total).toBeGreaterThan(0);
    await expect(project.commit({ message: 'next' })).rejects.toMatchObject(damaged);
  });
  rmSync(lock);
  await workspace.use((project) => project.commit({ message: 'next', allowEmpty: true }));
  expect(await problemsOf(workspace)).toEqual([]);
});

describe('stored files', () => {
  const damages: Record<string, [string, (path: string) => void]> = {
    missing: ['artifact-missing', (path) => rmSync(path)],
    truncated: ['artifact-damaged', (path) => truncateSync(path, statSync(path).size - 1)],
    'with a flipped bit': [
      'artifact-damaged',
      (path) => {
        const bytes = readFileSync(path);
        const middle = Math.floor(bytes.length / 2);
        bytes[middle] = (bytes[middle] ?? 0) ^ 1;
        writeFileSync(path, bytes);
      },
    ],
  };
  for (const [name, [code, damage]] of Object.entries(damages)) {
    test(name, async () => {
      const workspace = await sound();
      for (const path of filesBelow(join(home(workspace), 'artifacts'))) damage(path);
      expect(await problemsOf(workspace)).toContain(code);
      const files = workspace.files();
      const rollback = workspace.use((project) => project.rollback({ reference: 'digits@v2' }));
      await expect(rollback).rejects.toMatchObject({
        code: expect.stringMatching(/^artifact-(missing|damaged)$/),
      });
      expect(workspace.files()).toEqual(files);

      // What is on disk can be committed again, and is whole then.
      const { version } = await workspace.use((project) =>
        project.commit({ message: 'again', allowEmpty: true }),
      );
      workspace.train(8, 0.1);
      await workspace.use((project) => project.rollback({ reference: `v${version.number}` }));
      expect(workspace.bytes('models/digits.safetensors')).toEqual(Buffer.from(safetensors(1)));
    });
  }

  test('a store that was moved away, and back', async () => {
    const workspace = await sound();
    const store = join(home(workspace), 'artifacts');
    renameSync(store, `${store}-away`);
    expect(await problemsOf(workspace, false)).toEqual(['artifact-missing']);
    rmSync(store, { recursive: true, force: true });
    renameSync(`${store}-away`, store);
    expect(await problemsOf(workspace)).toEqual([]);
  });

  test('leftovers of what was interrupted are no damage, and go', async () => {
    const workspace = await sound();
    const left = join(home(workspace), 'tmp', 'snapshot-left');
    workspace.write({ '.git/cairn/tmp/snapshot-left/index': 'x', '.git/cairn/tmp/put-left': 'x' });
    expect(await problemsOf(workspace)).toEqual([]);
    expect(existsSync(left)).toBe(true);
  });
});

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('branches', () => {
  test('deleted', async () => {
    const workspace = await sound();
    workspace.git('branch', '-q', '-D', 'cairn/digits');
    expect(await problemsOf(workspace)).toEqual(['branch-missing']);
    await workspace.use((project) => project.commit({ message: 'next', allowEmpty: true }));
    expect(await problemsOf(workspace)).toEqual([]);
  });

  test('moved', async () => {
    const workspace = await sound();
    const tip = workspace.git('rev-parse', 'cairn/digits').trim();
    workspace.git('update-ref', 'refs/heads/cairn/digits', 'cairn/digits~1');
    expect(await problemsOf(workspace)).toEqual(['branch-moved']);
    workspace.git('branch', '-q', '-f', 'cairn/digits', tip);
    expect(await problemsOf(workspace)).toEqual([]);
  });

  test('rewritten, so that the record in Git is another', async () => {
    const workspace = await sound();
    const message = workspace.git('log', '-1', '--format=%B', 'cairn/digits');
    const parents = workspace.git('log', '-1', '--format=%P', 'cairn/digits').trim().split(' ');
    const tree = 'cairn/digits^{tree}';
    const commit = workspace.git(
      ...['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])],
      ...['-m', message.replace('0.8', '0.99')],
    );
    workspace.git('update-ref', 'refs/heads/cairn/digits', commit.trim());
    expect(await problemsOf(workspace)).toContain('branch-moved');
  });
});

describe('the log of operations', () => {
  test('with an entry that was edited', async () => {
    const workspace = await sound();
    edit(workspace);
    expect(await problemsOf(workspace)).toContain('log-broken');
  });

  test('recomputed after the edit, so that its chain holds', async () => {
    const workspace = await sound();
    edit(workspace);
    recompute(workspace);
    expect(await problemsOf(workspace)).toEqual(['log-recomputed']);
  });
});

interface LogRow {
  readonly id: number;
  readonly previous: string;
  readonly text: string;
}

/** Blames somebody else for the first commit. */
function edit(workspace: Workspace): void {
  inDatabase(workspace, (opened) => {
    opened.exec('DROP TRIGGER operations_do_not_change');
    opened.exec(`UPDATE operations SET text = replace(text, '"Ada"', '"Eve"') WHERE id = 2`);
  });
}

/** Chains every entry of the log anew, as a careful forger would. */
function recompute(workspace: Workspace): void {
  inDatabase(workspace, (opened) => {
    const rows = opened.prepare('SELECT * FROM operations ORDER BY id').all();
    let previous = '0'.repeat(64);
    for (const row of rows as unknown as LogRow[]) {
      const text = operationText({ ...JSON.parse(row.text), previous });
      const sha256 = createHash('sha256').update(text).digest('hex');
      opened
        .prepare('UPDATE operations SET previous = ?, sha256 = ?, text = ? WHERE id = ?')
        .run(previous, sha256, text, row.id);
      previous = sha256;
    }
  });
}
