import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { Remedy } from '../../setup.mjs';
import { installExtension, startServer } from '../host/server.mjs';
import { goOnAsExample } from './exampleProject';
import { makeTrainedProject } from './trainedProject';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder in which the packaged extension is installed. */
    extensions: string;
    /** The server that all windows share which ask for nothing special. */
    server: { readonly url: string; readonly data: string };
    /** The installed extension's command line. */
    cli: string;
    /** A project with four versions, to copy. */
    trained: string;
    /** A project with the example's whole history, to copy. */
    example: string;
  }
}

/** Once for all tests: the package that CAIRN_VSIX names, a server with it, and a project. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const vsix = process.env['CAIRN_VSIX'];
  if (!vsix || !existsSync(vsix)) {
    throw new Remedy('There is no package to test: start these tests with `npm run test:e2e`.');
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-e2e-'));
  const data = path.join(folder, 'data');
  const extensions = path.join(folder, 'extensions');
  await installExtension({ data, extensions, vsix });
  const cli = installedCommandLine(extensions);
  const trained = path.join(folder, 'digits');
  const example = path.join(folder, 'example', 'digits');
  makeTrainedProject(trained, cli, () =>
    cpSync(trained, example, { recursive: true, preserveTimestamps: true }),
  );
  goOnAsExample(example, cli);
  const server = await startServer({ data, extensions, settings: {} });
  project.provide('extensions', extensions);
  project.provide('server', { url: server.url, data });
  project.provide('cli', cli);
  project.provide('trained', trained);
  project.provide('example', example);
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

function installedCommandLine(extensions: string): string {
  const installed = readdirSync(extensions).find((name) => name.startsWith('cairn.cairn-'));
  if (installed === undefined) throw new Error('The extension is not where it was installed.');
  return path.join(extensions, installed, 'dist', 'cli.js');
}
