import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type Scenario, scenario } from './scenario';
import { train, weights } from './trainedProject';

type Windowed = Pick<Scenario, 'workbench' | 'project' | 'cli'>;

const box = /What changed in this version/;

// One window for every way to a version: opening one takes longer than using it.
scenario(
  'working changes are seen, and committed in every way',
  async ({ workbench, project, cli }) => {
    await showsWorkingChanges({ workbench, project, cli });
    await commitsFromSourceControl({ workbench, project, cli });
    await showsWhatTheCommandLineCommits({ workbench, project, cli });
  },
);

async function showsWorkingChanges({ workbench, project }: Windowed) {
  await workbench.openFile('train.py');
  await workbench.replaceInEditor('SEED = 7', 'SEED = 8');
  await workbench.page.keyboard.press('ControlOrMeta+S');
  const changes = workbench.row('Versions', 'Working changes');
  await changes.filter({ hasText: '1 parameter, 1 code file' }).waitFor();
  writeFileSync(path.join(project, 'models/digits.safetensors'), weights(32, 55));
  await changes.filter({ hasText: '1 model file, 1 parameter' }).waitFor();
  await workbench.expand('Versions', 'Working changes');
  await workbench.row('Versions', 'models/digits.safetensors').waitFor();
  await workbench.screenshotEveryTheme('working-changes');
  const [, ...rows] = await workbench.rows('Versions');
  expect(rows.slice(0, 4).map(({ label, description }) => `${label}: ${description}`)).toEqual([
    'Working changes: 1 model file, 1 parameter, 1 code file',
    'models/digits.safetensors: modified · 9.9 kB',
    'SEED: 7 → 8',
    'train.py: modified',
  ]);
}

async function commitsFromSourceControl({ workbench, project }: Windowed) {
  train(project, { settings: { SEED: '8' }, epochs: 15, correct: 350, units: 32, seed: 5 });
  await workbench.openView('Source Control');
  // Whether Git's provider stands above ours or below is chance.
  await workbench.fold('Graph');
  for (const group of ['Model Files', 'Parameters', 'Code']) {
    await workbench.scmRow(group).waitFor();
  }
  await workbench.typeCommitMessage(box, 'Another seed');
  await workbench.screenshotEveryTheme('source-control');
  await workbench.page.keyboard.press('ControlOrMeta+Enter');
  await workbench.page.locator('.scm-view').getByText(box).waitFor();
  await workbench.openView('Cairn');
  const fifth = workbench.row('Versions', /^v5/);
  await fifth.filter({ hasText: 'val_accuracy 0.9749' }).waitFor();

  train(project, { settings: { SEED: '9' }, epochs: 15, correct: 351, units: 32, seed: 6 });
  await workbench.openView('Source Control');
  await workbench.typeCommitMessage(box, 'And another');
  await workbench.scmAction('Cairn', 'Commit Version');
  await workbench.page.locator('.scm-view').getByText(box).waitFor();
  await workbench.openView('Cairn');
  const sixth = workbench.row('Versions', /^v6/);
  await sixth.filter({ hasText: 'And another' }).waitFor();
  await workbench.statusBarItem('Cairn: digits v6 · 0.9777').waitFor();
}

async function showsWhatTheCommandLineCommits({ workbench, project, cli }: Windowed) {
  train(project, { settings: { SEED: '10' }, epochs: 15, correct: 349, units: 32, seed: 7 });
  cli('commit', '-m', 'From a terminal');
  await workbench.row('Versions', 'From a terminal').waitFor();
  await workbench.statusBarItem('Cairn: digits v7').waitFor();
}
