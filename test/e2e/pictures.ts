import { afterEach } from 'vitest';
import { Workbench } from './workbench';

/** A test that failed leaves a picture of its windows, named after it. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  const name = task.name.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 60);
  for (const workbench of Workbench.opened) await workbench.screenshot(`failed-${name}`);
});
