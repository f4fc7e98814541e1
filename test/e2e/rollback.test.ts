import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type Scenario, scenario } from './scenario';
import { weights } from './trainedProject';

// One window for both: opening one takes longer than using it.
scenario(
  'the working files go back to a version, and forth, and in parts',
  async ({ workbench, project }) => {
    await goesBackAndForth({ workbench, project });
    await goesBackInParts({ workbench, project });
  },
);

async function goesBackAndForth({ workbench, project }: Pick<Scenario, 'workbench' | 'project'>) {
  const read = (name: string) => readFileSync(path.join(project, name));
  const model = 'models/digits.safetensors';
  writeFileSync(path.join(project, model), weights(32, 77));
  const script = read('train.py');
  await workbench.rowAction('Versions', /^v1/, 'Roll Back…');
  await workbench.tab('Roll Back to v1').waitFor();
  const panel = workbench.webview();
  for (const part of ['Code', 'Parameters', 'Model Files', 'Data']) {
    await panel.getByRole('checkbox', { name: part }).waitFor();
  }
  await workbench.screenshotEveryTheme('rollback');
  await panel.getByRole('button', { name: 'Roll Back' }).click();
  const done = workbench.notification('Rolled back to v1');
  await done.waitFor();
  expect(read(model)).toEqual(weights(16, 1));
  expect(read('train.py').toString()).toContain('LEARNING_RATE = 0.01\n');
  await workbench.row('Versions', 'Backups').waitFor();
  await workbench.screenshotEveryTheme('rolled-back');

  await done.getByRole('button', { name: 'Undo' }).click();
  await workbench.notification(/is undone/).waitFor();
  expect(read(model)).toEqual(weights(32, 77));
  expect(read('train.py')).toEqual(script);
}

async function goesBackInParts({ workbench, project }: Pick<Scenario, 'workbench' | 'project'>) {
  const read = (name: string) => readFileSync(path.join(project, name));
  const script = read('train.py');
  await workbench.command('Cairn: Roll Back');
  await workbench.screenshotEveryTheme('rollback-pick');
  await workbench.pick('v2');
  const panel = workbench.webview();
  for (const part of ['Code', 'Parameters']) {
    await panel.getByRole('checkbox', { name: part }).click();
  }
  await panel.locator('.plan[aria-busy=false]').waitFor();
  await workbench.screenshotEveryTheme('rollback-part');
  await panel.getByRole('textbox').fill('v4 is too slow');
  await panel.getByRole('button', { name: 'Roll Back' }).click();
  await workbench.notification('Rolled back to v2').waitFor();
  expect(read('models/digits.safetensors')).toEqual(weights(16, 2));
  expect(read('train.py')).toEqual(script);
}
