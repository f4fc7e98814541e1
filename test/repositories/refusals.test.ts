import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Platform } from '../../src/platform';
import { Sandbox, script, type Workspace } from '../operations/sandbox';
import { usersGit } from './usersGit';

const sandbox = new Sandbox('refusals');
const oneVersion = sandbox.once(async (workspace, project) => {
  workspace.git('add', 'cairn.yaml');
  workspace.git('commit', '-q', '-m', 'a project');
  await project.commit({ message: 'first' });
  workspace.write({ 'README.md': '# stashed\n' });
  workspace.git('stash', '-q');
  workspace.write({ 'README.md': '# staged\n' });
  workspace.git('add', 'README.md');
  workspace.write({ 'train.py': script(0.2) });
  workspace.train(2, 0.9);
});
afterEach(() => sandbox.close());

interface Trouble {
  readonly code: string;
  /** Makes the trouble; a platform where it is one of the surroundings. */
  readonly make: (workspace: Workspace) => Platform | undefined;
  /** Takes the trouble away, so that the same commit succeeds. */
  readonly mend?: (workspace: Workspace) => unknown;
}

/** Nothing in return: the surroundings are the usual ones. */
const usual = (work: (workspace: Workspace) => unknown) => (workspace: Workspace) => {
  work(workspace);
  return undefined;
};

const lock = '.git/refs/heads/cairn/digits.lock';
const hook = '.git/hooks/reference-transaction';

const troubles: Record<string, Trouble> = {
  'a branch named cairn': {
    code: 'branch-name-blocked',
    make: usual((workspace) => {
      workspace.git('update-ref', '-d', 'refs/heads/cairn/digits');
      workspace.git('branch', 'cairn');
    }),
    mend: (workspace) => workspace.git('branch', '-m', 'cairn', 'cairn-old'),
  },
  'the branch of the model, checked out here': {
    code: 'branch-checked-out',
    make: usual((workspace) => workspace.git('symbolic-ref', 'HEAD', 'refs/heads/cairn/digits')),
    mend: (workspace) => workspace.git('symbolic-ref', 'HEAD', 'refs/heads/main'),
  },
  'the branch of the model, moved by hand': {
    code: 'branch-moved',
    make: usual((workspace) => workspace.git('branch', '-q', '-f', 'cairn/digits', 'main')),
  },
  'a hook of references that refuses': {
    code: 'ref-refused',
    make: usual((workspace) => {
      workspace.write({ [hook]: '#!/bin/sh\n[ "$1" != prepared ]\n' });
      chmodSync(join(workspace.root, hook), 0o755);
    }),
    mend: (workspace) => workspace.remove(hook),
  },
  'a lock that another Git left': {
    code: 'ref-locked',
    make: usual((workspace) => workspace.write({ [lock]: '' })),
    mend: (workspace) => workspace.remove(lock),
  },
  'a required clean filter that fails': {
    code: 'filter-failed',
    make: usual((workspace) => {
      workspace.write({ '.gitattributes': '*.ipynb filter=strip\n', 'a.ipynb': 'cell\n' });
      workspace.git('config', 'filter.strip.clean', 'cat > /dev/null; exit 3');
      workspace.git('config', 'filter.strip.required', 'true');
    }),
    mend: (workspace) => workspace.git('config', 'filter.strip.clean', 'cat'),
  },
  'signing that fails': {
    code: 'git-failed',
    make: usual((workspace) => {
      workspace.git('config', 'commit.gpgSign', 'true');
      workspace.git('config', 'gpg.program', 'false');
    }),
    mend: (workspace) => workspace.git('config', 'commit.gpgSign', 'false'),
  },
  'a repository of another user': {
    code: 'git-dubious-ownership',
    make: () => {
      const global = join(sandbox.directory, 'distrustful');
      writeFileSync(global, '');
      const environment = { ...sandbox.environment, GIT_CONFIG_GLOBAL: global };
      return sandbox.platform({
        environment: { ...environment, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' },
      });
    },
    mend: () => undefined,
  },
};

/** All that a refusal may not touch: of Git, the working files, and every reference there is. */
function everything(workspace: Workspace) {
  return {
    git: usersGit(workspace),
    files: workspace.files(),
    references: workspace.git('for-each-ref', '--format=%(refname) %(objectname)'),
  };
}

describe('a commit that is refused leaves all as it was, byte for byte', () => {
  for (const [name, { code, make, mend }] of Object.entries(troubles)) {
    test(name, async () => {
      const workspace = await oneVersion();
      const platform = make(workspace) ?? sandbox.platform();
      const before = everything(workspace);
      const refused = workspace.use((project) => project.commit({ message: 'x' }), platform);
      await expect(refused).rejects.toMatchObject({ code });
      expect(everything(workspace)).toEqual(before);
      if (mend === undefined) return;

      mend(workspace);
      await workspace.use(async (project) => {
        expect((await project.log({})).total).toBe(1);
        expect((await project.commit({ message: 'second' })).version.number).toBe(2);
        expect((await project.verify({ full: true })).problems).toEqual([]);
      });
    });
  }
});
