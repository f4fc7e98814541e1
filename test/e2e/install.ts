import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { Remedy } from '../../setup.mjs';
import { installExtension } from '../host/server.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder in which the packaged extension is installed. */
    extensions: string;
  }
}

/** Installs the package that CAIRN_VSIX names, once for all tests. */
export async function setup(project: TestProject): Promise<() => void> {
  const vsix = process.env['CAIRN_VSIX'];
  if (!vsix || !existsSync(vsix)) {
    throw new Remedy('There is no package to test: start these tests with `npm run test:e2e`.');
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-e2e-'));
  const extensions = path.join(folder, 'extensions');
  await installExtension({ data: path.join(folder, 'data'), extensions, vsix });
  project.provide('extensions', extensions);
  return () => rmSync(folder, { recursive: true, force: true });
}
