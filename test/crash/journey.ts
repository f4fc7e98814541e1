import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../src/operations';
import { safetensors, script, type Workspace } from '../operations/sandbox';
import type { CrashSite } from './crashSite';

/**
 * A repository with two versions that differ in everything that a rollback may have to change: files
 * written, deleted and made, directories that come and go, a file that becomes a directory and the
 * reverse, a link, an executable file, ignored files, weights under two names. On top of the second
 * version there are changes that are in no version.
 */
export async function twoVersions(site: CrashSite): Promise<Workspace> {
  const workspace = site.sandbox.repository();
  await workspace.initialize(site.platform());
  workspace.git('add', 'cairn.yaml');
  workspace.git('commit', '-q', '-m', 'a project');
  const project = await site.open(workspace);
  workspace.write({
    'only/in/first.py': 'first = True\n',
    swapped: 'a file\n',
    'exchanged/inner.py': 'inner = True\n',
    'run.sh': '#!/bin/sh\n',
    'notes.md': 'one\n',
  });
  chmodSync(join(workspace.root, 'run.sh'), 0o755);
  symlinkSync('train.py', join(workspace.root, 'main.py'));
  await project.commit({ message: 'first' });
  workspace.remove('only');
  workspace.remove('swapped');
  workspace.remove('exchanged');
  workspace.remove('main.py');
  workspace.train(2, 0.9);
  workspace.write({
    'train.py': script(0.2),
    'swapped/deep/file.py': 'deep = True\n',
    exchanged: 'now a file\n',
    'only2/in/second.py': 'second = True\n',
    'main.py': 'no link any more\n',
    'run.sh': '#!/bin/sh\necho\n',
  });
  chmodSync(join(workspace.root, 'run.sh'), 0o644);
  await project.commit({ message: 'second', label: 'good' });
  workspace.write({
    'notes.md': 'in no version\n',
    'models/digits.safetensors': safetensors(7),
    'scratch.txt': 'untracked\n',
  });
  await project.close();
  return workspace;
}

/** The same repository after one more verb. */
export async function prepared(
  site: CrashSite,
  workspace: Workspace,
  verb: (project: Project) => Promise<unknown>,
): Promise<Workspace> {
  const project = await site.open(workspace);
  await verb(project);
  await project.close();
  return workspace;
}
