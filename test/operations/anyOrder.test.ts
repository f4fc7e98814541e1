import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { isFailure } from '../../src/core/failure';
import type { Project } from '../../src/operations';
import { runs } from '../propertyRuns';
import { usersGit } from '../repositories/usersGit';
import { Sandbox, safetensors, script, type Workspace } from './sandbox';

const sandbox = new Sandbox('any-order');
const template = sandbox.once(async (workspace) => {
  workspace.git('add', 'cairn.yaml');
  workspace.git('commit', '-q', '-m', 'a project');
});
afterAll(() => sandbox.close());

const weights = 'models/digits.safetensors';
/** Ignored, and no model's: nobody's business but the user's. */
const ignored = '__pycache__/train.pyc';
/** Among them one that is a file or a directory, and one whose name begins like a model's. */
const paths = [
  'train.py',
  'notes.md',
  'lib',
  'lib/deep/a.py',
  'models.py',
  'ünì cödé.txt',
] as const;

const doings = {
  edit: 6,
  remove: 2,
  train: 3,
  litter: 1,
  commit: 5,
  update: 2,
  rollback: 4,
  undo: 3,
  drop: 1,
  collect: 1,
  rebuild: 1,
} as const;

type Doing = keyof typeof doings;

const steps = fc.array(
  fc.record({
    does: fc.constantFrom(
      ...Object.entries(doings).flatMap(([does, often]) => Array<Doing>(often).fill(does as Doing)),
    ),
    which: fc.nat({ max: 30 }),
  }),
  { minLength: 8, maxLength: 16, size: 'max' },
);

type Files = Record<string, string>;

/** What a person did to a project, and what must be there for it. */
class Story {
  readonly workspace: Workspace;
  readonly #use: <T>(work: (project: Project) => Promise<T>) => Promise<T>;
  /** What the working files were when each revision was made. */
  readonly #made = new Map<string, Files>();
  /** What the working files were before and after each rollback and its undo, by its operation. */
  readonly #moved = new Map<number, { readonly before: Files; readonly after: Files }>();
  readonly #user: Record<string, string>;

  constructor(workspace: Workspace) {
    this.workspace = workspace;
    this.#use = (work) => workspace.use(work);
    this.#user = usersGit(workspace);
  }

  async take(does: Doing, which: number): Promise<void> {
    const before = this.workspace.files();
    try {
      await this[does](which);
    } catch (error) {
      if (!isFailure(error) || !refusals.has(error.code)) throw error;
      expect(this.workspace.files(), `${does} was refused`).toEqual(before);
    }
    expect(usersGit(this.workspace)).toEqual(this.#user);
  }

  async edit(which: number): Promise<void> {
    const path = paths[which % paths.length] ?? '';
    for (const other of paths) if (path.startsWith(`${other}/`)) this.workspace.remove(other);
    this.workspace.remove(path);
    const text = path === 'train.py' ? script(which / 10) : `${which}\n`;
    this.workspace.write({ [path]: text });
  }

  async remove(which: number): Promise<void> {
    this.workspace.remove(paths[which % paths.length] ?? '');
  }

  async train(which: number): Promise<void> {
    this.workspace.train(which, which / 31);
    if (which % 3 === 0) this.workspace.write({ [weights]: safetensors(which, 10_000) });
  }

  async litter(which: number): Promise<void> {
    this.workspace.write({ [ignored]: `${which}` });
  }

  async commit(): Promise<void> {
    await this.#makes((project) => project.commit({ message: 'x' }));
  }

  async update(): Promise<void> {
    await this.#makes((project) => project.update({ reference: '@latest', reason: 'x' }));
  }

  async #makes(work: (project: Project) => ReturnType<Project['commit']>): Promise<void> {
    const files = this.#covered();
    const { version } = await this.#use(work);
    expect(this.#covered()).toEqual(files);
    this.#made.set(`v${version.number}.${version.revision}`, files);
  }

  async rollback(which: number): Promise<void> {
    const alive = await this.#alive();
    const target = alive[which % alive.length];
    if (target === undefined) return;
    await this.#goBack(target);
  }

  async #goBack(target: string): Promise<void> {
    const before = this.workspace.files();
    const known = await this.#currentFiles();
    const { operation } = await this.#use((project) => project.rollback({ reference: target }));
    if (operation !== null) this.#moved.set(operation, { before, after: this.workspace.files() });
    const wanted = this.#made.get(target) ?? {};
    this.#standsAs(wanted, before, known, `rollback to ${target}`);
  }

  /** The version's files are there, the current one's others are gone, and all else is as it was. */
  #standsAs(wanted: Files, before: Files, known: Files, told: string): void {
    const after = this.workspace.files();
    for (const [path, content] of Object.entries(wanted)) expect(after[path], told).toBe(content);
    for (const [path, content] of Object.entries(after)) {
      if (path in wanted) continue;
      expect(content, `${told}: ${path} was kept`).toBe(before[path]);
      expect(known[path], `${told}: ${path} of the version before`).toBeUndefined();
    }
    for (const path of Object.keys(before)) {
      if (path in after) continue;
      expect(known[path], `${told}: ${path} is gone`).toBeDefined();
    }
  }

  /** What the rollback changed is as it was before it; what somebody wrote elsewhere since stays. */
  async undo(): Promise<void> {
    const before = this.workspace.files();
    const { undone, operation } = await this.#use((project) => project.undo({}));
    const after = this.workspace.files();
    if (operation !== null) this.#moved.set(operation, { before, after });
    const moved = this.#moved.get(undone) ?? { before, after: before };
    for (const path of new Set([before, moved.before, moved.after].flatMap(Object.keys))) {
      const was = moved.before[path];
      const told = `operation ${undone} undone: ${path}`;
      if (was === moved.after[path]) expect(after[path], told).toBe(before[path]);
      else if (was !== undefined) expect(after[path], told).toBe(was);
      // What it had made is gone, or was somebody's meanwhile.
      else expect([undefined, before[path]], told).toContain(after[path]);
    }
  }

  async drop(which: number): Promise<void> {
    const alive = await this.#alive();
    const target = alive[which % alive.length];
    if (target === undefined) return;
    await this.#use((project) =>
      project.drop({ reference: target.split('.')[0] ?? '', reason: 'x' }),
    );
  }

  async collect(): Promise<void> {
    await this.#use((project) => project.gc({ hours: 0 }));
  }

  async rebuild(): Promise<void> {
    const alive = await this.#alive();
    await this.#use((project) => project.rebuild());
    // The log begins anew, and with it its numbers.
    this.#moved.clear();
    expect(await this.#alive()).toEqual(alive);
  }

  async #alive(): Promise<string[]> {
    const { versions } = await this.#use((project) => project.log({ limit: 100 }));
    return versions.map(({ number, revision }) => `v${number}.${revision}`);
  }

  async #currentFiles(): Promise<Files> {
    const { models } = await this.#use((project) => project.overview());
    return this.#made.get(models[0]?.current?.split('@')[1] ?? '') ?? {};
  }

  /** What a version takes of the working files. */
  #covered(): Files {
    const { [ignored]: _, ...covered } = this.workspace.files();
    return covered;
  }

  /** Every version that is there can be gone back to, and nothing is wrong. */
  async ends(): Promise<void> {
    const { problems } = await this.#use((project) => project.verify({ full: true }));
    expect(problems).toEqual([]);
    for (const target of await this.#alive()) await this.#makeWayTo(target);
  }

  /** As a person does: what is in the way, and in no version, is moved away. */
  async #makeWayTo(target: string): Promise<void> {
    try {
      await this.#goBack(target);
    } catch (error) {
      if (!isFailure(error, 'path-occupied')) throw error;
      for (const path of error.data.by) this.workspace.remove(path);
      await this.#goBack(target);
    }
  }
}

/** The last: the user's own file is in the way of a directory, or the reverse. */
const refusals = new Set([
  'nothing-changed',
  'nothing-to-undo',
  'no-such-version',
  'path-occupied',
]);

test(
  'whatever is done in whatever order, every version can be gone back to',
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const story = new Story(await template());
        for (const does of ['commit', 'edit', 'train', 'commit'] as const)
          await story.take(does, 0);
        for (const { does, which } of taken) await story.take(does, which);
        await story.ends();
      }),
      { numRuns: runs(2), endOnFailure: process.env['CAIRN_SHRINK'] === undefined },
    );
  },
  4 * 3_600_000,
);
