import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { Sandbox, safetensors, type Workspace } from '../operations/sandbox';
import { CommandLine, type Ended } from './commandLine';
import { deep } from './crashSite';

const sandbox = new Sandbox('together');
let cairn: CommandLine;
beforeAll(async () => {
  cairn = await CommandLine.build(sandbox.directory);
});

const milliseconds = deep ? 60_000 : 8_000;

/**
 * What a command may be refused with while others change the same files: the others' work is seen,
 * and nothing of one's own is half done. Everything else is a bug.
 */
const mayRefuse = new Set(['file-changed', 'lock-held', 'undo-blocked', 'nothing-to-undo']);

interface Done {
  readonly words: readonly string[];
  readonly said: Ended;
}

/** Runs one command after the other until the time is up. */
async function keepOn(
  workspace: Workspace,
  words: (turn: number) => readonly string[],
): Promise<Done[]> {
  const end = performance.now() + milliseconds;
  const done: Done[] = [];
  for (let turn = 0; performance.now() < end; turn += 1) {
    const asked = [...words(turn), '--json'];
    done.push({ words: asked, said: await cairn.run(workspace, ...asked) });
  }
  return done;
}

function refusalOf({ said }: Done): string | null {
  return said.exitCode === 0 ? null : JSON.parse(said.stderr).error.code;
}

test('eight processes on two models, and a window beside them, lose nothing', async () => {
  const workspace = sandbox.repository();
  workspace.write({
    'models/letters.safetensors': safetensors(2),
    'cairn.yaml': [
      'models:',
      '  digits: { artifacts: ["models/digits.safetensors"], code: ["train.py"] }',
      '  letters: { artifacts: ["models/letters.safetensors"], code: ["README.md"] }',
      '',
    ].join('\n'),
  });
  await workspace.initialize();
  for (const model of ['digits', 'letters']) {
    await workspace.use((project) => project.commit({ message: 'first', model }));
  }
  const commit = (model: string, who: string) => (turn: number) =>
    ['commit', model, '-m', `${who} ${turn}`, '--param', `who=${who}-${turn}`].concat(
      '--allow-empty',
    );
  const ways: ((turn: number) => readonly string[])[] = [
    commit('digits', 'a'),
    commit('digits', 'b'),
    commit('letters', 'c'),
    commit('letters', 'd'),
    (turn) => ['update', 'digits@v1', '--param', `turn=${turn}`, '--reason', 'again'],
    () => ['rollback', 'digits@v1'],
    () => ['rollback', 'letters@v1'],
    () => ['log', '--limit', '5'],
  ];
  let running = true;
  const looked = watching(workspace, () => running);
  const done = await Promise.all(ways.map((words) => keepOn(workspace, words)));
  running = false;

  for (const one of done.flat()) {
    const refusal = refusalOf(one);
    if (refusal !== null) expect([...mayRefuse], one.said.stderr).toContain(refusal);
  }
  // Whoever only reads is never held up, and sees whole states only.
  const { refused, took } = await looked;
  expect(refused).toEqual([]);
  expect(took.length).toBeGreaterThan(3);
  const ordered = took.toSorted((a, b) => a - b).map((milliseconds) => milliseconds.toFixed(1));
  const middle = ordered[Math.floor(ordered.length / 2)];
  process.stdout.write(
    `${took.length} reads beside eight writers: none waited for a lock; half took under ${middle} ms, the longest ${ordered.at(-1)} ms\n`,
  );
  // Not the longest: that is how long the machine gave this process no time, once it has too much to do.
  if (deep) expect(Number(middle)).toBeLessThan(100);
  const logs = done[7] ?? [];
  expect(logs.filter((one) => refusalOf(one) !== null)).toEqual([]);

  const committed = done
    .slice(0, 4)
    .flat()
    .filter((one) => refusalOf(one) === null);
  expect(committed.length).toBeGreaterThan(3);
  await workspace.use(async (project) => {
    const { problems } = await project.verify({ full: true });
    expect(problems).toEqual([]);
    const { versions } = await project.log({ limit: 10_000 });
    for (const model of ['digits', 'letters']) {
      const own = versions.filter((each) => each.model === model);
      const numbers = own.map(({ number }) => number).sort((a, b) => b - a);
      expect(numbers).toEqual([...numbers.keys()].map((index) => numbers.length - index));
    }
    const found = new Set(versions.map(({ parameters }) => parameters['who']));
    for (const { words } of committed) {
      const who = words.find((word) => word.startsWith('who='))?.slice('who='.length);
      expect(found).toContain(who);
    }
    const updates = (done[4] ?? []).filter((one) => refusalOf(one) === null);
    const revisions = await project.revisions({ reference: 'digits@v1' });
    expect(revisions).toHaveLength(1 + updates.length);
  });
});

/**
 * Looks at the project over and over, as a window does; how long each look at the history took, in
 * milliseconds, and what was refused. A second connection may not wait for a lock at all: it is
 * refused wherever a reader would be held up, however short.
 */
async function watching(workspace: Workspace, goesOn: () => boolean) {
  const refused: unknown[] = [];
  const took: number[] = [];
  await workspace.use(async (project) => {
    const file = join(project.home, 'history.db');
    const impatient = new Database(file, { readonly: true, timeout: 0 });
    const count = impatient.prepare('SELECT count(*) FROM records');
    while (goesOn()) {
      try {
        count.get();
        const began = performance.now();
        const { versions, total } = await project.log({ limit: 3 });
        took.push(performance.now() - began);
        if (versions.length > total) refused.push({ versions, total });
        await project.overview();
      } catch (error) {
        refused.push(error);
      }
      await wait(5);
    }
    impatient.close();
  });
  return { refused, took };
}
