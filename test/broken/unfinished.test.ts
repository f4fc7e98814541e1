import { afterEach, describe, expect, test } from 'vitest';
import { openProject, type Project } from '../../src/operations';
import type { WriteCall } from '../../src/platform';
import { CrashSite, stateOf } from '../crash/crashSite';
import { killedAt } from '../crash/everyCall';
import { prepared, twoVersions } from '../crash/journey';
import type { Workspace } from '../operations/sandbox';

const site = new CrashSite('unfinished');
afterEach(() => site.sandbox.close());
const made = twoVersions(site);

type Verb = (project: Project) => Promise<unknown>;

/** The references of a verb are about to move, and the history knows of it. */
const refMoves = ({ kind, target }: WriteCall) =>
  kind === 'process.run' && target.endsWith('< commit');
/** The first working file is about to change. */
const fileMoves = ({ kind, target }: WriteCall) =>
  kind === 'disk.rename' && !target.includes('/.git/');

const commit: Verb = (project) => project.commit({ message: 'third' });
const rollback: Verb = (project) => project.rollback({ reference: 'digits@v1' });
const undo: Verb = (project) => project.undo({});
const update: Verb = (project) =>
  project.update({ reference: 'digits@v2', reason: 'measured again', metrics: { f1: 0.8 } });
const drop =
  (reference: string): Verb =>
  (project) =>
    project.drop({ reference });

interface Unfinished {
  readonly before?: Verb;
  readonly verb: Verb;
  readonly at: (call: WriteCall) => boolean;
}

const verbs: Record<string, Unfinished> = {
  'a commit': { verb: commit, at: refMoves },
  'an update': { verb: update, at: refMoves },
  'a rollback, its backup not yet kept': { verb: rollback, at: refMoves },
  'a rollback, in the middle of the files': { verb: rollback, at: fileMoves },
  'the undo of a rollback': { before: rollback, verb: undo, at: fileMoves },
  'the undo of a commit': { before: commit, verb: undo, at: refMoves },
  'a version being dropped': { verb: drop('digits@v1'), at: refMoves },
  'a backup being dropped': { before: rollback, verb: drop('digits@b1'), at: refMoves },
};

/** What `verify` says where nothing may be written, and so nothing was finished. */
async function namedIn(workspace: Workspace) {
  const project = await openProject(site.platform(), workspace.root, { readOnly: true });
  try {
    const { problems, sound } = await project.verify({ full: true });
    for (const { mend, message } of problems) expect([mend, message]).not.toContain('');
    expect((await project.log({})).total).toBeGreaterThan(0);
    return { sound, codes: problems.map(({ code }) => code) };
  } finally {
    await project.close();
  }
}

describe('a project in which an operation was interrupted', () => {
  for (const [name, { before, verb, at }] of Object.entries(verbs)) {
    test(`${name}: can be looked at, is named, and is finished by opening it`, async () => {
      const copy = site.sandbox.copy(await made);
      const template = before === undefined ? copy : await prepared(site, copy, before);
      const left = await killedAt(site, template, verb, at);
      const { sound, codes } = await namedIn(left);
      expect([sound, codes]).toEqual([false, expect.arrayContaining(['unfinished'])]);

      const project = await site.open(left);
      expect((await project.verify({ full: true })).problems).toEqual([]);
      const state = await stateOf(left, project);
      await project.close();
      expect(Object.keys(state.files).filter((path) => path.includes('.cairn-'))).toEqual([]);
      const again = await site.open(left);
      expect(await stateOf(left, again)).toEqual(state);
      await again.close();
    });
  }
});
