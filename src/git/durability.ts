import type { TextCommands } from './textCommands';

/**
 * Settings with which Git syncs what it writes (objects and references) to the disk before it says
 * that it is done. Git before 2.36 has another name for it, objects only; later ones warn of that.
 */
export async function durableSettings(text: TextCommands): Promise<readonly string[]> {
  const found = /(\d+)\.(\d+)/.exec(await text.run('version'));
  const [major, minor] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
  const current = major > 2 || (major === 2 && minor >= 36);
  // Everything but an index: ours are temporary.
  return current
    ? ['core.fsync=objects,derived-metadata,reference']
    : ['core.fsyncObjectFiles=true'];
}
