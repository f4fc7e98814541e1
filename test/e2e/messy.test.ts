import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { makeMessyRepository } from './messyRepository';
import { scenario } from './scenario';

scenario('a messy repository is initialized from the welcome view', async ({ folder, open }) => {
  makeMessyRepository(folder);
  const workbench = await open({ folder });
  await workbench.view('Versions').getByRole('button', { name: 'Initialize' }).click();
  const found = await workbench.quickRows();
  expect(found.map((row) => row.replaceAll('\n', ' '))).toEqual([
    'segmenter1 file, 1.5 kB exports/segmenter.safetensors',
    'resnet181 file, 3.9 kB pretrained/resnet18.safetensors',
    'digits30 files, 82.3 kB checkpoints/epoch_*.safetensors',
  ]);
  await workbench.screenshotEveryTheme('initialize-models');
  await workbench.accept();
  await workbench.notification(/Cairn keeps/).waitFor();
  const configuration = readFileSync(path.join(folder, 'cairn.yaml'), 'utf8');
  expect(configuration).toContain('checkpoints/epoch_*.safetensors');
  expect(configuration).not.toContain('pretrained');
  await workbench.row('Versions', 'Working changes').waitFor();
  await workbench.screenshotEveryTheme('initialized');
  await workbench.notificationAction(/Cairn keeps/, 'Commit First Version');
  await workbench.pick('digits');
  await workbench.answer('Thirty epochs');
  await workbench.row('Versions', /^v1/).filter({ hasText: 'val_accuracy 0.9128' }).waitFor();
  await workbench.expand('Versions', /^v1/);
  await workbench.expand('Versions', /^Model Files/);
  await workbench.row('Versions', 'checkpoints/epoch_30.safetensors').waitFor();
  await workbench.notification(/digits v1 committed.*\.env/).waitFor();
  await workbench.screenshotEveryTheme('first-version');
});
