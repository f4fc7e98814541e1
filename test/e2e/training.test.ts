import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { scenario } from './scenario';
import { setParameter, weights } from './trainedProject';

/** The example's own training where there is Python, else a script that leaves other weights. */
function trainingCommand(project: string): string {
  if (spawnSync('python3', ['--version']).status === 0) {
    setParameter(project, 'EPOCHS', '1');
    return 'python3 train.py';
  }
  writeFileSync(path.join(project, 'next.tmp'), weights(32, 8));
  return 'mv next.tmp models/digits.safetensors';
}

scenario('a training in a terminal is noticed', async ({ workbench, project }) => {
  const command = trainingCommand(project);
  await workbench.terminal('cairn log', /v4.*Back to a low/);
  await workbench.screenshotEveryTheme('terminal');
  await workbench.terminal(`${command} && echo do""ne`, /^done/);
  const text = 'training ended, 1 model file changed: Commit v5';
  await workbench.statusBarItem(`Cairn: ${text}`).waitFor();
  // In this terminal the example's `import cairn` found the module.
  if (command.startsWith('python3')) {
    await workbench.unfold('Runs');
    await workbench.row('Runs', /step 1 · .* finished/).waitFor();
  }
  await workbench.row('Versions', text).waitFor();
  await workbench.screenshotEveryTheme('training-ended');
  await workbench.statusBarItem(text).click();
  await workbench.answer('One more epoch');
  await workbench.row('Versions', 'One more epoch').waitFor();
});
