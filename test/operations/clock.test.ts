import { afterEach, expect, test } from 'vitest';
import { nodePlatform } from '../../src/platform';
import { Sandbox, script } from './sandbox';

const sandbox = new Sandbox('clock');
afterEach(() => sandbox.close());

test('a clock that goes backwards changes no number, loses nothing and hides no edit', async () => {
  const workspace = sandbox.repository();
  await workspace.initialize();
  let now = Date.parse('2026-11-21T12:00:00.000Z');
  const clock = { ...nodePlatform().clock, now: () => new Date(now) };
  const platform = sandbox.platform({ clock });
  const numbers: number[] = [];
  for (const rate of [0.1, 0.2, 0.3]) {
    workspace.write({ 'train.py': script(rate) });
    workspace.train(rate * 10, rate);
    const { version } = await workspace.use(
      (project) => project.commit({ message: `rate ${rate}` }),
      platform,
    );
    numbers.push(version.number);
    now -= 86_400_000;
  }
  expect(numbers).toEqual([1, 2, 3]);
  await workspace.use(async (project) => {
    const { versions } = await project.log({ model: 'digits' });
    expect(versions.map(({ number }) => number)).toEqual([3, 2, 1]);
    expect((await project.show({ reference: '@latest' })).version.number).toBe(3);
    // Metrics of the second training are not taken for the first one's.
    expect(versions.map(({ metricOrigins }) => metricOrigins?.['val_accuracy']?.stale)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await project.rollback({ reference: 'digits@v1' });
    expect(workspace.read('train.py')).toBe(script(0.1));
    await project.undo({});
    expect(workspace.read('train.py')).toBe(script(0.3));
    expect((await project.verify({ full: true })).problems).toEqual([]);
  }, platform);
});
