import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Platform } from '../../platform';
import type { Desk } from '../desk';
import { withModule } from './searchPath';

const setting = 'python.enabled';
/** What debugging Python is called: by Microsoft's extension now, and before. */
const debuggers = ['debugpy', 'python'];

/** The folder that holds the module `cairn`. */
function moduleFolder({ context }: Desk): string {
  return path.join(context.extensionUri.fsPath, 'python');
}

function isEnabled(): boolean {
  return vscode.workspace.getConfiguration('cairn').get<boolean>(setting) !== false;
}

/** Lets `import cairn` work in the window's terminals and debug sessions, as the setting says. */
export function offerModule(desk: Desk): vscode.Disposable {
  const folder = moduleFolder(desk);
  applyToTerminals(desk, folder);
  const provider: vscode.DebugConfigurationProvider = {
    resolveDebugConfiguration(_, configuration) {
      if (!isEnabled()) return configuration;
      const env = (configuration.env ?? {}) as Record<string, string>;
      const present = env.PYTHONPATH ?? desk.platform.environment.PYTHONPATH;
      return { ...configuration, env: { ...env, PYTHONPATH: withModule(present, folder) } };
    },
  };
  return vscode.Disposable.from(
    ...debuggers.map((type) => vscode.debug.registerDebugConfigurationProvider(type, provider)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`cairn.${setting}`)) applyToTerminals(desk, folder);
    }),
  );
}

function applyToTerminals({ context, platform }: Desk, folder: string): void {
  const collection = context.environmentVariableCollection;
  if (!isEnabled()) {
    collection.delete('PYTHONPATH');
    return;
  }
  const present = platform.environment.PYTHONPATH;
  const value = present ? `${path.delimiter}${folder}` : folder;
  // Setting it again would mark every open terminal as outdated.
  if (collection.get('PYTHONPATH')?.value === value) return;
  const options = { applyAtProcessCreation: true, applyAtShellIntegration: true };
  if (present) collection.append('PYTHONPATH', value, options);
  else collection.replace('PYTHONPATH', value, options);
}

/**
 * Writes a `.pth` file into an interpreter that a person chooses, after asking: for notebooks, whose
 * kernels see no environment of ours (site module of Python, "path configuration files").
 */
export async function makeImportWork(desk: Desk): Promise<string | null> {
  const interpreter = await desk.prompts().file({
    id: 'python.interpreter',
    title: 'The Python that the notebook runs on (bin/python of its environment)',
  });
  if (interpreter === undefined) return null;
  const site = await siteOf(desk.platform, interpreter);
  if (site === null) {
    await desk.prompts().tell({
      id: 'python.none',
      kind: 'warning',
      message: `${interpreter} has no site-packages beside it.`,
      actions: [],
    });
    return null;
  }
  const file = path.join(site, 'cairn-vscode.pth');
  const chosen = await desk.prompts().confirm({
    id: 'python.confirm',
    message: 'Make "import cairn" work in this Python?',
    detail: `A file that names the extension's folder is written: ${file}. Deleting it takes this back.`,
    actions: ['Write'],
  });
  if (chosen !== 'Write') return null;
  const line = new TextEncoder().encode(`${moduleFolder(desk)}\n`);
  await desk.platform.disk.writeWhole(file, line);
  return file;
}

/** `lib/python3.11/site-packages`, or `Lib/site-packages` on Windows, of the interpreter's prefix. */
async function siteOf({ disk }: Platform, interpreter: string): Promise<string | null> {
  const bin = path.dirname(interpreter);
  const prefix = /^(?:bin|scripts)$/i.test(path.basename(bin)) ? path.dirname(bin) : bin;
  const versions = (await disk.list(path.join(prefix, 'lib'))) ?? [];
  const candidates = [
    ...versions
      .filter(({ name }) => /^python3\.\d+$/.test(name))
      .map(({ name }) => path.join(prefix, 'lib', name, 'site-packages')),
    path.join(prefix, 'Lib', 'site-packages'),
  ];
  for (const candidate of candidates) {
    if ((await disk.followedFacts(candidate))?.kind === 'directory') return candidate;
  }
  return null;
}
