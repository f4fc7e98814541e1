import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, inject } from 'vitest';
import { cairn } from './trainedProject';
import { Workbench, type WorkbenchOptions } from './workbench';

export interface Scenario {
  /** An empty folder of this test's own. */
  readonly folder: string;
  /** A project with four versions of the model `digits`, of this test's own. */
  readonly project: string;
  /** A project with the example's whole history, of this test's own. */
  readonly example: string;
  /** Runs the command line in this test's project, from outside the window. */
  readonly cli: (...words: string[]) => string;
  /** Opens a window that is closed when the test is over. */
  readonly open: (options: WorkbenchOptions) => Promise<Workbench>;
  /** A window on that project, with the Cairn views open. */
  readonly workbench: Workbench;
}

/** A test with what it asks for: each has a folder and a window of its own. */
export const scenario = base.extend<Scenario>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs from here.
  folder: async ({}, use) => {
    const top = mkdtempSync(path.join(tmpdir(), 'cairn-scenario-'));
    await use(path.join(top, 'digits'));
    rmSync(top, { recursive: true, force: true, maxRetries: 5 });
  },
  project: async ({ folder }, use) => {
    cpSync(inject('trained'), folder, { recursive: true, preserveTimestamps: true });
    await use(folder);
  },
  example: async ({ folder }, use) => {
    cpSync(inject('example'), folder, { recursive: true, preserveTimestamps: true });
    await use(folder);
  },
  cli: async ({ folder }, use) => {
    await use((...words) => cairn(inject('cli'), folder, ...words));
  },
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs from here.
  open: async ({}, use) => {
    const opened: Workbench[] = [];
    await use(async (options) => {
      const workbench = await Workbench.open(options);
      opened.push(workbench);
      await workbench.openView('Cairn');
      return workbench;
    });
    for (const workbench of opened) await workbench.close();
  },
  workbench: async ({ project, open }, use) => {
    const workbench = await open({ folder: project });
    await workbench.row('Versions', /^v1/).waitFor();
    await use(workbench);
  },
});
