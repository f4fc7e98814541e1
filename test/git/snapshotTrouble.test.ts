import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lchownSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FaultySeam, thrownBy } from '../platform/faultySeam';
import { everything, usersState, Workshop } from './userRepository';

const workshop = new Workshop('trouble');

/** The administrator may read everything: then somebody else owns the files and looks at them. */
function asNobody(...directories: string[]): () => void {
  if (process.geteuid?.() !== 0) return () => undefined;
  const nobody = 65534;
  chmodSync(workshop.directory, 0o755);
  for (const directory of directories) {
    for (const path of ['', ...readdirSync(directory, { recursive: true, encoding: 'utf8' })]) {
      lchownSync(join(directory, path), nobody, nobody);
    }
  }
  process.seteuid?.(nobody);
  return () => process.seteuid?.(0);
}

it('files that may not be read are left out, tracked or not', async () => {
  const user = workshop.repository({ 'tracked.py': '1', 'train.py': '1', 'pipe.py': '1' });
  rmSync(join(user.root, 'pipe.py'));
  execFileSync('mkfifo', [join(user.root, 'pipe.py')]);
  user.write({ 'tracked.py': '22', 'new.py': '1', 'open.py': '1', 'closed/x.py': '1' });
  for (const path of ['tracked.py', 'new.py', 'closed']) chmodSync(join(user.root, path), 0);
  const leave = asNobody(user.root, workshop.temporary);
  try {
    const repository = await user.open();
    const snapshot = await repository.snapshot({ ...everything, scratch: true });
    expect(snapshot.leftOut).toEqual([
      { path: 'closed', why: 'unreadable' },
      { path: 'new.py', why: 'unreadable' },
      { path: 'pipe.py', why: 'unreadable' },
      { path: 'tracked.py', why: 'unreadable' },
    ]);
    const head = await repository.treeOf('HEAD');
    const changes = await snapshot.compare(head, snapshot.tree);
    expect(changes).toEqual([{ path: 'open.py', status: 'added' }]);
    await snapshot.dispose();
  } finally {
    leave();
    chmodSync(join(user.root, 'closed'), 0o755);
  }
});

it('when any write fails, the user’s state stays and nothing is left behind', async () => {
  const user = workshop.repository({ 'a.py': '1', 'w.bin': '1', 'gone.py': '1' });
  user.write({ 'a.py': '2', 'w.bin': '2', 'new.py': '3' });
  user.git('add', 'w.bin');
  rmSync(join(user.root, 'gone.py'));
  const seam = new FaultySeam();
  const repository = await user.open({}, seam);
  const before = usersState(repository);
  const temporary = join(repository.commonDirectory, 'cairn/tmp');
  const request = { ...everything, isArtifact: (path: string) => path.endsWith('.bin') };
  const failed: string[] = [];
  for (;;) {
    seam.arm({ at: failed.length + 1, mode: 'once' });
    const thrown = await thrownBy(async () => (await repository.snapshot(request)).dispose());
    if (thrown === null) break;
    expect(thrown).toMatchObject({ name: 'Failure' });
    const call = seam.calls[failed.length]?.kind ?? '';
    failed.push(call);
    const left = existsSync(temporary) ? readdirSync(temporary) : [];
    expect(left).toHaveLength(call === 'disk.remove' ? 1 : 0);
    for (const name of left) rmSync(join(temporary, name), { recursive: true });
  }
  expect(new Set(failed)).toEqual(
    new Set([
      'disk.makeDirectory',
      'disk.setMode',
      'disk.create',
      'disk.write',
      'disk.close',
      'disk.rename',
      'disk.setTimes',
      'process.run',
      'disk.remove',
    ]),
  );
  expect(usersState(repository)).toEqual(before);
});
