import * as path from 'node:path';
import type { Desk } from '../desk';
import { shimFiles } from './shim';

/**
 * Makes `cairn` work in the window's terminals: writes the command into a folder of the
 * extension's own, once, and puts that folder on their PATH.
 */
export async function offerCommand(desk: Desk): Promise<void> {
  const { context, platform } = desk;
  const folder = path.join(context.globalStorageUri.fsPath, 'bin');
  const script = path.join(context.extensionUri.fsPath, 'dist', 'cli.js');
  await platform.disk.makeDirectory(folder);
  for (const { name, text, mode } of shimFiles(process.execPath, script)) {
    const file = path.join(folder, name);
    const bytes = new TextEncoder().encode(text);
    const there = await platform.disk.readSmall(file, 65_536);
    if (there === null || !Buffer.from(there).equals(bytes)) {
      await platform.disk.writeWhole(file, bytes, mode);
    }
  }
  const collection = context.environmentVariableCollection;
  const value = `${folder}${path.delimiter}`;
  collection.description = 'Adds the `cairn` command.';
  // Setting it again would mark every open terminal as outdated.
  if (collection.get('PATH')?.value === value) return;
  collection.prepend('PATH', value, {
    applyAtProcessCreation: true,
    applyAtShellIntegration: true,
  });
}
