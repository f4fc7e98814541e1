import { afterEach, describe, expect, test } from 'vitest';
import { Sandbox, safetensors, script } from './sandbox';

const sandbox = new Sandbox('revisions');
afterEach(() => sandbox.close());

/** A project with one version that has a label. */
async function labelled() {
  const workspace = sandbox.repository();
  await workspace.initialize();
  const project = await workspace.open();
  await project.commit({ message: 'first', label: 'nightly' });
  return { workspace, project };
}

describe('a commit under a label that is taken', () => {
  test('becomes a revision of that version with all that the working files hold', async () => {
    const { workspace, project } = await labelled();
    workspace.train(2, 0.9);
    workspace.write({ 'train.py': script(0.3), 'extra.py': 'x = 1\n' });
    const request = { message: 'again', label: 'nightly', updateLabel: true };
    const planned = await project.planCommit(request);
    expect(planned.plan.files).toMatchObject([{ status: 'modified' }]);
    const { version } = await project.commit(request);
    expect(version).toMatchObject({
      ...{ number: 1, revision: 2, label: 'nightly', description: 'again', reason: 'again' },
      ...{ parent: null, parameters: { LEARNING_RATE: 0.3 }, metrics: { val_accuracy: 0.9 } },
    });
    const path = 'models/digits.safetensors';
    const stored = await project.readFile({ reference: 'v1', path, limit: 4096 });
    expect(Buffer.from(stored ?? [])).toEqual(Buffer.from(safetensors(2)));
    const code = await project.readFile({ reference: 'v1', path: 'extra.py', limit: 4096 });
    expect(Buffer.from(code ?? []).toString()).toBe('x = 1\n');
    expect((await project.show({ reference: 'v1.1' })).version.metrics.val_accuracy).toBe(0.5);
    expect((await project.status({})).models[0]?.current).toBe('digits@v1.2');
    await project.undo({});
    expect((await project.show({ reference: 'v1' })).version.revision).toBe(1);
    expect(await project.verify({ full: true })).toMatchObject({ sound: true, problems: [] });
  });

  test('is refused when that revision holds the same already', async () => {
    const { project } = await labelled();
    const request = { message: 'again', label: 'nightly', updateLabel: true };
    await expect(project.commit(request)).rejects.toMatchObject({ code: 'nothing-changed' });
    await expect(project.planCommit({ message: '', label: 'nightly' })).rejects.toMatchObject({
      code: 'label-taken',
    });
  });
});

describe('an update', () => {
  test('that changes nothing is refused, unless that is allowed', async () => {
    const { project } = await labelled();
    const request = { reference: 'v1', reason: 'because', metrics: { val_accuracy: 0.5 } };
    await expect(project.update(request)).rejects.toMatchObject({ code: 'nothing-changed' });
    const { version } = await project.update({ ...request, allowEmpty: true, run: 'r1' });
    expect(version).toMatchObject({ number: 1, revision: 2, reason: 'because', run: 'r1' });
  });

  test('can be planned, and stores nothing then', async () => {
    const { workspace, project } = await labelled();
    workspace.train(2, 0.9);
    const request = { reference: 'v1', reason: '', files: ['models/digits.safetensors'] };
    const { plan } = await project.planUpdate({ ...request, curvesFile: 'history.json' });
    expect(plan).toMatchObject({ code: [], left_out: [], files: [{ status: 'modified' }] });
    expect(plan.bytes).toBe(plan.files[0]?.size);
    expect((await project.verify({ full: true })).checked.versions).toBe(1);
    expect((await project.planUpdate({ reference: 'v1', reason: '' })).plan.bytes).toBe(0);
  });
});

test('a dataset that is named must be there; a configured one may be elsewhere', async () => {
  const { workspace, project } = await labelled();
  await expect(
    project.commit({ message: 'x', datasets: ['data/typo.csv'], allowEmpty: true }),
  ).rejects.toMatchObject({ code: 'no-such-file', data: { path: 'data/typo.csv' } });
  workspace.write({ 'data/right.csv': '1,2\n' });
  const { version } = await project.commit({ message: 'x', datasets: ['data/right.csv'] });
  expect(version.datasets).toMatchObject([{ path: 'data/right.csv', size: 4 }]);
});
