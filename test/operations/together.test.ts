import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Project } from '../../src/operations';
import { Sandbox, safetensors, script, Workspace } from './sandbox';

const sandbox = new Sandbox('together');
const weights = 'models/digits.safetensors';
const currents = async (project: Project) =>
  Object.fromEntries((await project.overview()).models.map(({ name, current }) => [name, current]));

describe('two models in one project', () => {
  const configuration = `models:
  digits:
    code: ["digits.py"]
    artifacts: ["models/digits.safetensors", "models/shared.json"]
  letters:
    code: ["letters.py"]
    artifacts: ["models/letters.safetensors"]
`;
  const twoModels = sandbox.once(
    async (workspace, project) => {
      await project.commit({ model: 'digits', message: 'digits, first' });
      await project.commit({ model: 'letters', message: 'letters, first' });
      workspace.write({
        ...{ 'digits.py': 'digits = 2\n', 'letters.py': 'letters = 2\n' },
        ...{ [weights]: safetensors(2), 'models/letters.safetensors': safetensors(12) },
      });
      await project.commit({ model: 'digits', message: 'digits, second' });
      await project.commit({ model: 'letters', message: 'letters, second' });
    },
    {
      ...{ '.gitignore': 'models/\n', 'cairn.yaml': configuration },
      ...{ 'digits.py': 'digits = 1\n', 'letters.py': 'letters = 1\n' },
      ...{ [weights]: safetensors(1), 'models/letters.safetensors': safetensors(11) },
      'models/shared.json': '{"vocabulary": 1}\n',
    },
  );

  test('a rollback of one leaves the files of the other', async () => {
    const workspace = await twoModels();
    await workspace.use(async (project) => {
      const { plan } = await project.rollback({ reference: 'digits@v1' });
      expect(plan.code).toEqual([{ path: 'digits.py', action: 'write' }]);
      expect(plan.artifacts.map(({ path }) => path)).toEqual([weights]);
      expect(workspace.read('letters.py')).toBe('letters = 2\n');
      expect(await currents(project)).toEqual({ digits: 'digits@v1.1', letters: 'letters@v2.1' });
    });
    expect(workspace.bytes('models/letters.safetensors')).toEqual(Buffer.from(safetensors(12)));
  });

  test('a file that belongs to the other now is named and not touched', async () => {
    const workspace = await twoModels();
    workspace.write({
      'cairn.yaml': configuration
        .replace(', "models/shared.json"', '')
        .replace('letters.safetensors"', 'letters.safetensors", "models/shared.json"'),
      'models/shared.json': '{"vocabulary": 2}\n',
    });
    await workspace.use(async (project) => {
      const { plan, warnings } = await project.rollback({ reference: 'digits@v1' });
      expect(plan.artifacts).toContainEqual(
        expect.objectContaining({
          ...{ path: 'models/shared.json', action: 'keep', why: 'other-model' },
        }),
      );
      expect(warnings).toContainEqual(expect.objectContaining({ code: 'file-of-other-model' }));
      expect(workspace.read('models/shared.json')).toBe('{"vocabulary": 2}\n');
    });
  });

  test('undo takes their operations back in the order in which they were made', async () => {
    const workspace = await twoModels();
    await workspace.use(async (project) => {
      await project.rollback({ reference: 'digits@v1' });
      await project.commit({ model: 'letters', message: 'third', allowEmpty: true });
      const { undone, backup } = await project.undo({});
      expect(backup).toBe(null);
      expect(await currents(project)).toEqual({ digits: 'digits@v1.1', letters: 'letters@v2.1' });
      expect((await project.operations({})).operations[0]?.detail.undoes).toBe(undone);
      expect(await project.verify({ full: true })).toMatchObject({ problems: [] });
    });
  });
});

describe('linked worktrees', () => {
  test('one history, a current version each, and undo only where it was done', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    await workspace.use((project) => project.commit({ message: 'first' }));
    const root = join(sandbox.directory, 'linked');
    workspace.git('worktree', 'add', '-q', root);
    const linked = new Workspace(sandbox, root);
    linked.write({ [weights]: safetensors(2), 'train.py': script(0.2) });
    await linked.use(async (there) => {
      expect(await currents(there)).toEqual({ digits: null });
      const { version } = await there.commit({ message: 'second', model: 'digits' });
      expect(version).toMatchObject({ number: 2, parent: 'digits@v1.1' });
      await workspace.use(async (here) => {
        expect(await currents(here)).toEqual({ digits: 'digits@v1.1' });
        expect(await currents(there)).toEqual({ digits: 'digits@v2.1' });
        await expect(here.undo({})).rejects.toMatchObject({ code: 'undo-blocked' });
        expect((await here.operations({})).operations.some(({ undoable }) => undoable)).toBe(false);
        await here.rollback({ reference: 'digits@v2' });
        expect(workspace.read('train.py')).toBe(script(0.2));
        await expect(there.undo({ dryRun: true })).rejects.toMatchObject({ code: 'undo-blocked' });
        await here.undo({});
        expect(await currents(here)).toEqual({ digits: 'digits@v1.1' });
      });
      expect(await currents(there)).toEqual({ digits: 'digits@v2.1' });
      expect(await there.verify({ full: true })).toMatchObject({ problems: [] });
    });
  });

  test('what was interrupted in one is finished there, and does not hold up the other', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    await workspace.use(async (project) => {
      await project.commit({ message: 'first' });
      workspace.train(2, 0.9);
      await project.commit({ message: 'second' });
    });
    const root = join(sandbox.directory, 'linked-2');
    workspace.git('worktree', 'add', '-q', root);
    const platform = sandbox.platform();
    const dying = {
      ...platform,
      disk: {
        ...platform.disk,
        rename: async (from: string, to: string) => {
          if (!to.includes('/.git/')) throw new Error('the process died here');
          await platform.disk.rename(from, to);
        },
      },
    };
    await workspace.use(async (project) => {
      await expect(project.rollback({ reference: 'v1' })).rejects.toThrow('died');
    }, dying);
    await new Workspace(sandbox, root).use(async (there) => {
      await there.commit({ message: 'meanwhile', model: 'digits', allowEmpty: true });
      expect(await there.verify({})).toMatchObject({ problems: [] });
    });
    await workspace.use(async (here) => {
      expect(await currents(here)).toEqual({ digits: 'digits@v1.1' });
      expect(workspace.bytes(weights)).toEqual(Buffer.from(safetensors(1)));
      expect(await here.verify({ full: true })).toMatchObject({ problems: [] });
    });
  });
});

describe('a writer in the middle of its transaction, which never ends', () => {
  /** Holds the writers' lock, and a transaction of the history that has written more than a page. */
  async function writing(workspace: Workspace): Promise<ChildProcess> {
    const text = `const Database = require('better-sqlite3');
      const [lock, history] = process.argv.slice(1).map((path) => new Database(path));
      lock.exec('BEGIN EXCLUSIVE');
      history.exec('BEGIN IMMEDIATE; CREATE TABLE held (bytes); INSERT INTO held VALUES (zeroblob(9000000))');
      process.stdout.write('held');
      process.stdin.resume();`;
    const files = ['lock.db', 'history.db'].map((name) => join(workspace.root, '.git/cairn', name));
    const child = spawn(process.execPath, ['-e', text, ...files], {
      cwd: join(import.meta.dirname, '../..'),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (child.stdout === null) throw new Error('it has no standard output');
    await once(child.stdout, 'data');
    return child;
  }

  /** Whoever had to wait for the transaction would wait for good, and be refused. */
  test('keeps nobody from opening the project and reading all of it', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    await workspace.use((project) => project.commit({ message: 'first' }));
    const before = await workspace.open();
    const child = await writing(workspace);
    try {
      const reference = 'digits@v1';
      const read = async (project: Project) => {
        expect((await project.log({})).total).toBe(1);
        expect((await project.show({ reference })).version.number).toBe(1);
        expect(await project.revisions({ reference })).toHaveLength(1);
        expect((await project.operations({})).operations).toHaveLength(2);
        expect((await project.verify({ full: true })).problems).toEqual([]);
        expect(await currents(project)).toEqual({ digits: 'digits@v1.1' });
        expect((await project.status({})).models).toHaveLength(1);
        expect((await project.runs({})).runs).toEqual([]);
        await project.curves({ reference });
      };
      await read(before);
      await workspace.use(read);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
});

describe('several writers', () => {
  const twoVersions = sandbox.once(async (workspace, project) => {
    await project.commit({ message: 'first' });
    workspace.train(2, 0.9);
    workspace.write({ 'train.py': script(0.2) });
    await project.commit({ message: 'second' });
  });

  test('a commit that waited for a rollback takes the files as the rollback left them', async () => {
    const workspace = await twoVersions();
    await workspace.use((one) =>
      workspace.use(async (other) => {
        const going = one.rollback({ reference: 'v1' });
        const { version } = await other.commit({ message: 'third', allowEmpty: true });
        await going;
        expect(version).toMatchObject({
          ...{ parent: 'digits@v1.1', parameters: { LEARNING_RATE: 0.1 } },
          ...{ files: (await one.show({ reference: 'v1' })).version.files },
        });
        expect(workspace.git('show', 'cairn/digits:train.py')).toBe(script(0.1));
      }),
    );
  });

  test('updates of one version at the same time keep what each of them said', async () => {
    const workspace = await twoVersions();
    await workspace.use((one) =>
      workspace.use(async (other) => {
        const say = (project: Project, key: string) =>
          project.update({ reference: 'v1', reason: key, metrics: { [key]: 1 } });
        await Promise.all([say(one, 'f1'), say(other, 'auc')]);
        const { version } = await one.show({ reference: 'v1' });
        expect(version).toMatchObject({ revision: 3, metrics: { f1: 1, auc: 1 } });
      }),
    );
  });

  test('no database file is ever opened as a plain file, which would free its locks', async () => {
    const workspace = await twoVersions();
    const platform = sandbox.platform();
    const opened: string[] = [];
    const noting =
      <A extends unknown[], R>(call: (path: string, ...rest: A) => R) =>
      (path: string, ...rest: A) => {
        opened.push(path);
        return call(path, ...rest);
      };
    const { openRead, readSmall, copy, create, syncDirectory: sync } = platform.disk;
    const watched = {
      ...platform,
      disk: {
        ...platform.disk,
        ...{ openRead: noting(openRead), readSmall: noting(readSmall) },
        ...{ copy: noting(copy), create: noting(create), syncDirectory: noting(sync) },
      },
    };
    await workspace.use(async (project) => {
      await project.commit({ message: 'third', allowEmpty: true });
      await project.rollback({ reference: 'v1' });
      await project.undo({});
      await project.drop({ reference: 'v3' });
      await project.rebuild();
      await project.verify({ full: true });
    }, watched);
    expect(opened.length).toBeGreaterThan(20);
    expect(opened.filter((path) => /\.db(?:-\w+)?$/.test(path))).toEqual([]);
  });
});
