import { compareParameters } from '../core/parameters';
import { referenceTo, type VersionRecord, type Warning } from '../core/version';
import { replaceLiteral } from '../source';
import { workingParameters } from './gatherParameters';
import type { RollbackStep } from './rollbackSteps';
import { pathIn, type Rooms } from './rooms';

/** A source file larger than this is not edited. */
const sourceLimit = 4 * 1024 * 1024;

/**
 * Parameters that stand as literals in a script go back by themselves: the literal is replaced
 * where it stands, and the rest of the file stays as it is. What cannot be placed is warned of.
 */
export async function parameterSteps(
  rooms: Rooms,
  target: VersionRecord,
  warnings: Warning[],
): Promise<RollbackStep[]> {
  const working = await workingParameters(rooms, target.model, target.files);
  const texts = new Map<string, string>();
  for (const { key, to, status } of compareParameters(working.parameters, target.parameters)) {
    const path = scriptOf(working.origins[key] ?? target.parameterOrigins?.[key]);
    if (path === null) continue;
    const text = texts.get(path) ?? (await readSource(rooms, path));
    const replaced =
      text === null || to === undefined || status === 'deleted'
        ? null
        : replaceLiteral(text, key, to);
    if (replaced === null) warnings.push(notPlaced(path, key, target));
    else texts.set(path, replaced);
  }
  const encoder = new TextEncoder();
  return [...texts].map(([path, text]) => ({
    path,
    part: 'parameters',
    source: { kind: 'bytes', bytes: encoder.encode(text) },
  }));
}

function scriptOf(origin: string | undefined): string | null {
  const path = origin?.replace(/:\d+$/, '');
  return path?.endsWith('.py') === true ? path : null;
}

async function readSource(rooms: Rooms, path: string): Promise<string | null> {
  const bytes = await rooms.platform.disk.readSmall(pathIn(rooms, path), sourceLimit);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

function notPlaced(path: string, key: string, target: VersionRecord): Warning {
  return {
    code: 'parameter-not-placed',
    path,
    message: `${key} could not be set in ${path} as it was in ${referenceTo(target)}; set it by hand.`,
  };
}
