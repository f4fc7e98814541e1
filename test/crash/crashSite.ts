import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';
import { openProject, type Project } from '../../src/operations';
import { type Clock, nodePlatform, type Platform, type WriteSeam } from '../../src/platform';
import { Sandbox, Workspace } from '../operations/sandbox';

/** Everything is tried (`npm run test:crash -- --all`), which takes its time. */
export const deep = process.env.CAIRN_FAULTS === 'all';

/**
 * A clock that stands still, far from any file's time: the same verb on the same repository then
 * makes the same commits and the same log, so that states can be compared whole.
 */
const clock: Clock = {
  now: () => new Date('2100-01-01T00:00:00.000Z'),
  elapsed: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

const enough = 256 * 1024 * 1024;

/** Memory where there is some: these tests sync a lot, and no power fails in them. */
function fastDirectory(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize > enough ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** Everything that a person, and a colleague who fetches, can see of a project. */
export interface State {
  readonly files: Record<string, string>;
  readonly refs: string;
  readonly records: unknown;
  readonly current: unknown;
  readonly operations: unknown;
}

/** Where things are broken on purpose, and looked at afterwards. */
export class CrashSite {
  readonly sandbox: Sandbox;

  constructor(name: string) {
    const directory = mkdtempSync(join(fastDirectory(), `cairn-crash-${name}-`));
    afterAll(() => rmSync(directory, { recursive: true, force: true }));
    this.sandbox = new Sandbox(name, directory);
    if (deep) vi.setConfig({ testTimeout: 4 * 3_600_000 });
  }

  platform(seam?: WriteSeam): Platform {
    return nodePlatform({
      environment: this.sandbox.environment,
      temporary: this.sandbox.directory,
      clock,
      ...(seam === undefined ? {} : { seam }),
    });
  }

  /** What a colleague gets: branches as remote ones, nothing of Cairn's. */
  clone(of: Workspace): Workspace {
    const root = mkdtempSync(join(this.sandbox.directory, 'digits-'));
    const workspace = new Workspace(this.sandbox, root);
    workspace.git('clone', '-q', '--template=', of.root, '.');
    return workspace;
  }

  remove(workspace: Workspace): void {
    rmSync(workspace.root, { recursive: true, force: true });
  }

  open(workspace: Workspace, seam?: WriteSeam): Promise<Project> {
    return openProject(this.platform(seam), workspace.root);
  }
}

/** Reads the state through the product, and working files and references beside it. */
export async function stateOf(workspace: Workspace, project: Project): Promise<State> {
  const { models } = await project.overview();
  const { versions } = await project.log({ limit: 1000 });
  const revisions: unknown[] = [];
  for (const { model, number } of versions) {
    revisions.push(await project.revisions({ reference: `${model}@v${number}` }));
  }
  return {
    files: workspace.files(),
    refs: workspace.git('for-each-ref', '--format=%(objectname) %(refname)'),
    records: [revisions, await project.log({ limit: 1000, backups: true })],
    current: models.map(({ name, current }) => [name, current]),
    operations: (await project.operations({ limit: 1000 })).operations,
  };
}
