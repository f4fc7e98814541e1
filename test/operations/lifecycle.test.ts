import { afterEach, describe, expect, test } from 'vitest';
import { exampleFiles, Sandbox, safetensors, script } from './sandbox';

const sandbox = new Sandbox('lifecycle');
afterEach(() => sandbox.close());

test('a project that was made before its first training finds what the training wrote', async () => {
  const workspace = sandbox.repository({ '.gitignore': 'out/\n', 'train.py': script(0.1) });
  await workspace.initialize();
  workspace.write({
    'out/run/digits.safetensors': safetensors(1),
    'out/metrics.json': JSON.stringify({ val_accuracy: 0.5 }),
    'out/logs/history.csv': 'epoch,val_loss\n0,3\n1,2\n',
    'params.yaml': 'lr: 0.25\n',
  });
  const { version } = await workspace.use((project) => project.commit({ message: 'first' }));
  expect(version).toMatchObject({
    files: [{ path: 'out/run/digits.safetensors' }],
    metrics: { val_accuracy: 0.5, val_loss: 2 },
    parameters: { lr: 0.25 },
    primary: { metric: 'val_accuracy', better: 'higher' },
  });
});

describe('a model from its first version to a rollback that is undone', () => {
  test('initialize finds the model and writes what it found', async () => {
    const workspace = sandbox.repository();
    const result = await workspace.initialize();
    expect(result).toMatchObject({
      models: ['digits'],
      created: true,
      configuration: 'cairn.yaml',
    });
    expect(workspace.read('cairn.yaml')).toContain('models/digits.safetensors');
    expect(await workspace.initialize()).toMatchObject({ models: ['digits'], created: false });
  });

  test('commit, compare, roll back, undo', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    const project = await workspace.open();
    const first = await project.commit({ message: 'first', model: 'digits' });
    expect(first.version).toMatchObject({
      model: 'digits',
      number: 1,
      revision: 1,
      parent: null,
      parameters: { LEARNING_RATE: 0.1, EPOCHS: 3 },
      parameterOrigins: { LEARNING_RATE: 'train.py:4' },
      metrics: { val_accuracy: 0.5 },
      primary: { metric: 'val_accuracy', better: 'higher' },
      files: [{ path: 'models/digits.safetensors', role: 'weights', format: 'safetensors' }],
    });

    workspace.write({ 'train.py': script(0.2), 'extra.py': 'x = 1\n' });
    workspace.train(2, 0.9);
    const status = await project.status({});
    expect(status.models[0]).toMatchObject({
      current: 'digits@v1.1',
      changes: {
        parameters: [{ key: 'LEARNING_RATE', from: 0.1, to: 0.2, status: 'modified' }],
        artifacts: [{ path: 'models/digits.safetensors', status: 'modified' }],
      },
    });
    const second = await project.commit({ message: 'second' });
    expect(second.version).toMatchObject({ number: 2, parent: 'digits@v1.1' });

    const comparison = await project.compare({ from: 'digits@v1', to: 'digits@v2' });
    expect(comparison.metrics).toContainEqual(
      expect.objectContaining({ key: 'val_accuracy', from: 0.5, to: 0.9, better: true }),
    );
    expect(comparison.code.files).toContainEqual({ path: 'extra.py', status: 'added' });

    const before = workspace.files();
    const head = workspace.git('rev-parse', 'HEAD');
    const plan = await project.rollback({ reference: 'digits@v1', dryRun: true });
    expect(plan.applied).toBe(false);
    expect(plan.plan.code).toContainEqual({ path: 'extra.py', action: 'delete' });
    expect(workspace.files()).toEqual(before);

    const back = await project.rollback({ reference: 'digits@v1', reason: 'worse' });
    expect(back).toMatchObject({ applied: true, backup: 'digits@b1' });
    expect(workspace.read('train.py')).toBe(script(0.1));
    expect(workspace.bytes('models/digits.safetensors')).toEqual(Buffer.from(safetensors(1)));
    expect(Object.keys(workspace.files())).not.toContain('extra.py');
    expect(workspace.git('rev-parse', 'HEAD')).toBe(head);
    expect((await project.show({ reference: '@current' })).version.number).toBe(1);

    const calm = await project.status({});
    expect(calm.models[0]?.changes).toMatchObject({ code: [], artifacts: [], parameters: [] });

    const undone = await project.undo({});
    expect(undone.applied).toBe(true);
    expect(workspace.files()).toEqual(before);
    expect((await project.show({ reference: '@current' })).version.number).toBe(2);
    await project.undo({});
    expect(workspace.read('train.py')).toBe(script(0.1));
    expect(await project.verify({ full: true })).toMatchObject({ sound: true, problems: [] });
  });

  test('the record is in the commit, and a lost database comes back from Git', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    const project = await workspace.open();
    await project.commit({ message: 'first' });
    workspace.train(2, 0.9);
    await project.commit({ message: 'second', label: 'good' });
    await project.update({
      reference: 'digits@v1',
      reason: 'better words',
      message: 'the very first',
    });
    await project.drop({ reference: 'digits@v2', reason: 'a test' });
    await project.rollback({ reference: 'digits@v1' });
    const before = [
      await project.log({}),
      await project.log({ backups: true }),
      await project.revisions({ reference: 'digits@v1' }),
    ];
    const result = await project.rebuild();
    expect(result).toMatchObject({ versions: 2, missing: [] });
    const after = [
      await project.log({}),
      await project.log({ backups: true }),
      await project.revisions({ reference: 'digits@v1' }),
    ];
    expect(after).toEqual(before);
    expect(await project.verify({ full: true })).toMatchObject({ sound: true, problems: [] });
  });
});

describe('what is refused', () => {
  test('a commit of nothing, and one that is allowed to be empty', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    const project = await workspace.open();
    await project.commit({ message: 'first' });
    await expect(project.commit({ message: 'again' })).rejects.toMatchObject({
      code: 'nothing-changed',
    });
    expect((await project.commit({ message: 'again', allowEmpty: true })).version.number).toBe(2);
  });

  test('a label that is taken, unless it is an update', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    const project = await workspace.open();
    await project.commit({ message: 'first', label: 'one' });
    workspace.train(3, 0.7);
    await expect(project.commit({ message: 'x', label: 'one' })).rejects.toMatchObject({
      code: 'label-taken',
    });
    const revised = await project.commit({ message: 'x', label: 'one', updateLabel: true });
    expect(revised.version).toMatchObject({ number: 1, revision: 2, label: 'one' });
    expect((await project.show({ reference: 'digits@v1.1' })).version.description).toBe('first');
  });

  test('undo when nothing was done', async () => {
    const workspace = sandbox.repository(exampleFiles());
    await workspace.initialize();
    const project = await workspace.open();
    await expect(project.undo({})).rejects.toMatchObject({ code: 'nothing-to-undo' });
  });
});

describe('undo', () => {
  test('withdraws a commit and brings it back; its number is not used again', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    const project = await workspace.open();
    await project.commit({ message: 'first' });
    workspace.train(2, 0.9);
    await project.commit({ message: 'second' });
    await project.undo({});
    expect((await project.log({})).versions.map(({ number }) => number)).toEqual([1]);
    await project.undo({});
    expect((await project.log({})).versions.map(({ number }) => number)).toEqual([2, 1]);
    await project.undo({});
    expect((await project.overview()).models).toMatchObject([{ versions: 1, next: 3 }]);
    expect((await project.commit({ message: 'third' })).version.number).toBe(3);
  });
});

test('the branch ends at the newest standing version, whatever was dropped and brought back', async () => {
  const workspace = sandbox.repository();
  await workspace.initialize();
  const project = await workspace.open();
  await project.commit({ message: 'first' });
  workspace.write({ 'train.py': script(0.2) });
  await project.commit({ message: 'second' });
  const tip = () => workspace.git('show', 'cairn/digits:train.py');
  await project.drop({ reference: 'digits@v1' });
  expect(tip()).toBe(script(0.2));
  await project.undo({});
  expect(tip()).toBe(script(0.2));
  await project.drop({ reference: 'digits@v2' });
  expect(tip()).toBe(script(0.1));
  await project.undo({});
  expect(tip()).toBe(script(0.2));
});

test('parameters go on to come from the same training script, for as long as it is one', async () => {
  const trains = (name: string) =>
    `import torch\n${name} = 0.1\nfor epoch in range(3):\n    loss.backward()\n`;
  const workspace = sandbox.repository({
    'cairn.yaml': 'models:\n  digits:\n    artifacts: [w.pt]\n',
    'src/train.py': trains('LR'),
  });
  await workspace.initialize();
  const project = await workspace.open();
  const parameters = async () => (await project.status({})).models[0]?.changes.parameters;
  const first = await project.commit({ message: 'first' });
  expect(first.version.parameterOrigins).toEqual({ LR: 'src/train.py:2' });
  // It looks more like one: it saves what it trained.
  workspace.write({ 'train.py': `${trains('OTHER')}torch.save(model)\noptimizer.step()\n` });
  expect(await parameters()).toEqual([]);
  workspace.write({ 'src/train.py': 'X = 0.1\n' });
  expect(await parameters()).toMatchObject([{ key: 'LR' }, { key: 'OTHER' }]);
});
