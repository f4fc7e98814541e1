import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, test } from 'vitest';
import { openProject } from '../../src/operations';
import { Sandbox, safetensors, script, type Workspace } from '../operations/sandbox';
import { type LifeOptions, liveThrough } from './life';

const sandbox = new Sandbox('repositories');
const initialized = sandbox.once(async (workspace) => {
  workspace.git('add', 'cairn.yaml');
  workspace.git('commit', '-q', '-m', 'a project');
});
afterEach(() => sandbox.close());

// biome-ignore lint/suspicious/noConfusingVoidType: most of them only prepare.
type Prepare = (workspace: Workspace) => LifeOptions | void;

function states(cases: Readonly<Record<string, Prepare>>): void {
  for (const [name, prepare] of Object.entries(cases)) {
    test(name, async () => {
      const workspace = await initialized();
      const options = prepare(workspace) ?? {};
      await liveThrough(workspace, options);
    });
  }
}

/** Two branches that changed the same line, and the command that stumbles over it. */
function conflict(workspace: Workspace, ...command: string[]): LifeOptions {
  workspace.git('checkout', '-q', '-b', 'side');
  workspace.write({ 'README.md': '# side\n' });
  workspace.git('commit', '-q', '-a', '-m', 'side');
  workspace.git('checkout', '-q', 'main');
  workspace.write({ 'README.md': '# main\n' });
  workspace.git('commit', '-q', '-a', '-m', 'main');
  failing(() => workspace.git(...command));
  return { refused: 'repository-busy' };
}

function failing(work: () => unknown): void {
  let failed = false;
  try {
    work();
  } catch {
    failed = true;
  }
  if (!failed) throw new Error('this was to fail');
}

function commitAll(workspace: Workspace): void {
  workspace.git('add', '-A');
  workspace.git('commit', '-q', '-m', 'more');
}

/** A program for Git to run, below `.git` where no snapshot sees it. */
function program(workspace: Workspace, path: string, text: string): string {
  workspace.write({ [path]: `#!/bin/sh\n${text}\n` });
  const absolute = join(workspace.root, path);
  chmodSync(absolute, 0o755);
  return absolute;
}

describe('where HEAD is, and what is under way', () => {
  states({
    'no commit yet': (workspace) => {
      workspace.git('checkout', '-q', '--orphan', 'fresh');
      workspace.git('rm', '-q', '-r', '--cached', '.');
    },
    'a detached HEAD': (workspace) => {
      workspace.git('checkout', '-q', '--detach');
    },
    'a merge with conflicts': (workspace) => conflict(workspace, 'merge', '-q', 'side'),
    'a rebase that stopped': (workspace) => conflict(workspace, 'rebase', '-q', 'side'),
    'a cherry-pick that stopped': (workspace) => conflict(workspace, 'cherry-pick', 'side'),
    'a bisect': (workspace) => {
      workspace.write({ 'README.md': '# later\n' });
      commitAll(workspace);
      workspace.git('bisect', 'start', 'HEAD', 'HEAD~2');
    },
    'something staged, something stashed': (workspace) => {
      workspace.write({ 'README.md': '# stashed\n' });
      workspace.git('stash', '-q');
      workspace.write({ 'README.md': '# staged\n', 'staged.py': 's = 1\n' });
      workspace.git('add', 'README.md', 'staged.py');
      workspace.write({ 'README.md': '# and changed again\n' });
    },
    'the branch of the model deleted by hand between two versions': (workspace) => ({
      change: () => {
        workspace.git('update-ref', '-d', 'refs/heads/cairn/digits');
        workspace.train(9, 0.9);
      },
    }),
    'a branch of the user’s that is checked out nowhere else, and tags': (workspace) => {
      workspace.git('tag', '-a', 'v1', '-m', 'one');
      workspace.git('checkout', '-q', '-b', 'topic/deep/er');
    },
  });
});

describe('what the index says of files', () => {
  states({
    'skip-worktree and assume-unchanged': (workspace) => {
      workspace.write({ 'a.py': 'a = 1\n', 'b.py': 'b = 1\n' });
      commitAll(workspace);
      workspace.git('update-index', '--skip-worktree', 'a.py');
      workspace.git('update-index', '--assume-unchanged', 'b.py', 'train.py');
      workspace.write({ 'a.py': 'a = 2\n', 'b.py': 'b = 2\n' });
    },
    'intent to add': (workspace) => {
      workspace.write({ 'announced.py': 'x = 1\n' });
      workspace.git('add', '--intent-to-add', 'announced.py');
    },
    'a sparse checkout in cone mode': (workspace) => sparse(workspace, '--cone', 'in'),
    'a sparse checkout by patterns': (workspace) => sparse(workspace, '--no-cone', '/*', '!/out/'),
    'a split index': (workspace) => {
      workspace.git('config', 'core.splitIndex', 'true');
      workspace.git('update-index', '--split-index');
    },
    'an untracked cache': (workspace) => {
      workspace.git('config', 'core.untrackedCache', 'true');
      workspace.git('update-index', '--untracked-cache');
      workspace.git('status', '--short');
    },
    'a file system monitor': (workspace) => {
      const hook = program(workspace, '.git/monitor', "printf 'token\\0/\\0'");
      workspace.git('config', 'core.fsmonitor', hook);
      workspace.git('update-index', '--fsmonitor');
      workspace.git('status', '--short');
    },
    'version 4 of the index': (workspace) => {
      workspace.git('update-index', '--index-version', '4');
    },
    'no index at all': (workspace) => workspace.remove('.git/index'),
  });
});

function sparse(workspace: Workspace, ...cone: string[]): void {
  workspace.write({ 'in/a.py': 'a = 1\n', 'out/b.py': 'b = 1\n', 'out/deep/c.py': 'c = 1\n' });
  commitAll(workspace);
  workspace.git('sparse-checkout', 'set', ...cone);
  if (existsSync(join(workspace.root, 'out'))) throw new Error('the checkout is not sparse');
}

describe('filters, line ends and encodings', () => {
  states({
    'a clean and a smudge filter (nbstripout)': (workspace) => {
      workspace.write({ '.gitattributes': '*.ipynb filter=strip\n' });
      workspace.git('config', 'filter.strip.clean', "sed '/output/d'");
      workspace.git('config', 'filter.strip.smudge', 'cat');
      workspace.write({ 'a.ipynb': 'cell\n' });
      commitAll(workspace);
    },
    'a clean filter that fails and is not required': (workspace) => {
      workspace.write({ '.gitattributes': '*.ipynb filter=strip\n', 'a.ipynb': 'cell\n' });
      commitAll(workspace);
      workspace.git('config', 'filter.strip.clean', 'cat > /dev/null; exit 3');
      return {
        change: () => {
          workspace.write({ 'a.ipynb': 'another\n' });
          workspace.train(9, 0.9);
        },
      };
    },
    'autocrlf and safecrlf': (workspace) => {
      workspace.git('config', 'core.autocrlf', 'true');
      workspace.git('config', 'core.safecrlf', 'true');
      workspace.write({ 'crlf.py': 'a = 1\r\nb = 2\r\n' });
      // What a checkout writes has the line ends of the configuration: all the same ones.
      const lines = (path: string) => workspace.read(path).replaceAll(/\r?\n/g, '\r\n');
      const texts = ['train.py', 'README.md', '.gitignore', 'cairn.yaml'];
      workspace.write(Object.fromEntries(texts.map((path) => [path, lines(path)])));
      const crlf = script(0.7).replaceAll('\n', '\r\n');
      return {
        change: () => {
          workspace.write({ 'train.py': crlf });
          workspace.train(9, 0.9);
        },
      };
    },
    'an encoding of the working tree': (workspace) => {
      workspace.write({
        '.gitattributes': 'wide.txt working-tree-encoding=UTF-16LE eol=lf\n',
        'wide.txt': Buffer.from('grün\n', 'utf16le'),
      });
      commitAll(workspace);
      return {
        change: () => {
          workspace.write({ 'wide.txt': Buffer.from('größer\n', 'utf16le') });
          workspace.train(9, 0.9);
        },
      };
    },
  });
});

const longName = `${'n'.repeat(250)}.py`;

describe('files of every kind and name', () => {
  states({
    'modes and symbolic links': (workspace) => {
      workspace.write({ 'run.sh': '#!/bin/sh\n', 'secret.txt': 'x\n' });
      chmodSync(join(workspace.root, 'run.sh'), 0o755);
      symlinkSync('train.py', join(workspace.root, 'link.py'));
      symlinkSync('nowhere', join(workspace.root, 'dangling'));
      commitAll(workspace);
      return {
        change: () => {
          chmodSync(join(workspace.root, 'run.sh'), 0o644);
          workspace.remove('link.py');
          workspace.write({ 'link.py': 'no link any more\n' });
          workspace.train(9, 0.9);
        },
      };
    },
    'names with spaces, quotes, line breaks, dashes, of 255 bytes, in both normalizations': (
      workspace,
    ) => {
      const names = [
        'a b.py',
        `it's "quoted".py`,
        'two\nlines.py',
        '-dash.py',
        ':(top)magic.py',
        '*.py',
        'n\u0303.py',
        '\u00f1.py',
        `${longName}`,
        'tab\there.py',
        'back\\slash.py',
      ];
      workspace.write(Object.fromEntries(names.map((name) => [name, 'x = 1\n'])));
      return {
        change: () => {
          workspace.write(Object.fromEntries(names.map((name) => [name, 'x = 2\n'])));
          workspace.train(9, 0.9);
        },
      };
    },
    'a rename that changes case only': (workspace) => {
      workspace.write({ 'Readme.py': 'x = 1\n' });
      commitAll(workspace);
      return {
        change: () => {
          workspace.remove('Readme.py');
          workspace.write({ 'README.py': 'x = 1\n' });
          workspace.train(9, 0.9);
        },
      };
    },
    'a submodule': (workspace) => {
      const library = sandbox.repository({ 'lib.py': 'l = 1\n' });
      workspace.git(
        '-c',
        'protocol.file.allow=always',
        'submodule',
        '--quiet',
        'add',
        library.root,
        'lib',
      );
      workspace.git('commit', '-q', '-m', 'library');
    },
    'a nested repository that is no submodule': (workspace) => {
      workspace.write({ 'vendor/inner/x.py': 'x = 1\n' });
      sandbox.git(join(workspace.root, 'vendor/inner'), 'init', '-q', '--template=');
      mkdirSync(join(workspace.root, 'vendor/empty'));
      sandbox.git(join(workspace.root, 'vendor/empty'), 'init', '-q', '--template=');
    },
  });
});

describe('configuration, hooks and signing', () => {
  states({
    'hooks elsewhere, slow ones, and one of references': (workspace) => {
      for (const name of ['pre-commit', 'post-commit', 'post-checkout', 'post-index-change']) {
        program(workspace, `.git/own-hooks/${name}`, 'echo ran >> "$GIT_DIR/hook-ran"; exit 1');
      }
      program(workspace, '.git/own-hooks/reference-transaction', 'sleep 0.05; cat > /dev/null');
      workspace.git('config', 'core.hooksPath', '.git/own-hooks');
    },
    signing: (workspace) => {
      const signer = program(
        workspace,
        '.git/sign',
        'cat > /dev/null; printf "[GNUPG:] SIG_CREATED \\n" >&2; printf -- "-----BEGIN PGP SIGNATURE-----\\nx\\n-----END PGP SIGNATURE-----\\n"',
      );
      workspace.git('config', 'commit.gpgSign', 'true');
      workspace.git('config', 'gpg.program', signer);
    },
    'no identity': (workspace) => {
      writeFileSync(join(workspace.root, '.git/nobody'), '');
      workspace.git('config', 'user.useConfigOnly', 'true');
      const environment = {
        ...sandbox.environment,
        GIT_CONFIG_GLOBAL: join(workspace.root, '.git/nobody'),
      };
      return { use: (work) => workspace.use(work, sandbox.platform({ environment })) };
    },
    'variables of the caller’s that name another repository': (workspace) => {
      const other = sandbox.repository({ 'other.py': 'o = 1\n' });
      const environment = {
        ...sandbox.environment,
        GIT_DIR: join(other.root, '.git'),
        GIT_INDEX_FILE: join(other.root, '.git/index'),
        GIT_WORK_TREE: other.root,
        GIT_OBJECT_DIRECTORY: join(other.root, '.git/objects'),
        GIT_COMMON_DIR: join(other.root, '.git'),
      };
      return { use: (work) => workspace.use(work, sandbox.platform({ environment })) };
    },
  });
});

describe('places', () => {
  states({
    'a sub-directory as the workspace': (workspace) => {
      workspace.write({ 'sub/deep/x.py': 'x = 1\n' });
      return {
        use: async (work) => {
          const project = await openProject(sandbox.platform(), join(workspace.root, 'sub/deep'));
          try {
            return await work(project);
          } finally {
            await project.close();
          }
        },
      };
    },
    'linked worktrees': (workspace) => {
      workspace.git('worktree', 'add', '-q', '-b', 'other', join(workspace.root, '../beside'));
    },
  });
});

test('a SHA-256 repository', async () => {
  const workspace = sandbox.repository();
  workspace.remove('.git');
  workspace.git('init', '-q', '--template=', '--object-format=sha256');
  commitAll(workspace);
  await workspace.initialize();
  await liveThrough(workspace);
});

test('weights that Git tracks, through a filter as Git LFS has one', async () => {
  const workspace = await initialized();
  const clean = program(
    workspace,
    '.git/clean',
    'cat > "$GIT_DIR/lfs-kept"; echo "version https://git-lfs.github.com/spec/v1"',
  );
  workspace.git('config', 'filter.lfs.clean', clean);
  workspace.git('config', 'filter.lfs.smudge', 'false');
  workspace.git('config', 'filter.lfs.required', 'true');
  workspace.write({
    '.gitattributes': '*.safetensors filter=lfs -text\n',
    '.gitignore': '__pycache__/\n',
    'models/digits.safetensors': safetensors(4),
  });
  commitAll(workspace);
  await liveThrough(workspace);
});
