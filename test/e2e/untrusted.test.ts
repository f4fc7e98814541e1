import { expect } from 'vitest';
import { scenario } from './scenario';

scenario('a folder that is not trusted is only read', async ({ project, open }) => {
  const workbench = await open({ folder: project, untrusted: true });
  await workbench.row('Versions', /^v1/).waitFor();
  await workbench
    .view('Versions')
    .getByText('This folder is not trusted: Cairn only reads.')
    .waitFor();
  await workbench.screenshotEveryTheme('untrusted');
  await workbench.command('Cairn: Commit Version');
  await workbench.notification(/not trusted/).waitFor();
  await workbench.screenshotEveryTheme('untrusted-refused');
  await workbench.rowAction('Versions', /^v4/, 'Compare with Previous');
  await workbench.webview().getByRole('heading', { name: 'Overview' }).waitFor();
  await expect.poll(() => workbench.rows('Versions')).toHaveLength(5);
});
