import type { RangeReader } from '../platform';
import { latin1 } from './bytes';
import { isNotorious, tierOf } from './pickleAllowed';
import { runPickle } from './pickleRun';
import { isPickled } from './pickleValue';
import { placeAt, type ScanTask } from './scanTask';

/** Pickles where none is expected: told from bytes that only happen to look like opcodes. */

const identifier = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

export interface Likeness {
  /** It comes to import something with a sensible name, and uses it or reaches its end. */
  readonly imports: boolean;
  /** It uses what it imports, or ends in a STOP, and nothing in it is what no pickler writes. */
  readonly clear: boolean;
  /** Nothing in it is what no pickler writes, and it ends in a STOP. */
  readonly sound: boolean;
  /** Behind its STOP, or where it was left. */
  readonly position: number;
  /** `module name` of all that it would import. */
  readonly names: readonly string[];
}

/** What bytes come to when they are taken as a pickle of at most `limit` opcodes. */
export async function pickleLikeness(
  reader: RangeReader,
  at: number,
  limit: number,
): Promise<Likeness> {
  const names = new Set<string>();
  let [hidden, used, odd] = [false, false, false];
  const end = await runPickle(
    reader,
    at,
    {
      global: ({ module, name }) => {
        if (identifier.test(module) && identifier.test(name)) names.add(`${module} ${name}`);
      },
      call: ({ callee }) => {
        used ||= isPickled(callee, 'global') || (hidden && isPickled(callee, 'unknown'));
      },
      odd: (what, opcode) => {
        odd = true;
        hidden ||= opcode.startsWith('EXT');
        used ||= names.size > 0 && what.startsWith('the name of what it imports');
      },
    },
    { limit },
  );
  const ended = end.ended === 'stop' || end.ended === 'torn';
  return {
    imports: (names.size > 0 || hidden) && (used || ended),
    clear: !odd && (used || end.ended === 'stop'),
    sound: !odd && end.ended === 'stop',
    position: end.position,
    names: [...names],
  };
}

/**
 * joblib puts the bytes of arrays between opcodes. Whoever unpickles such a file without joblib takes
 * those bytes for opcodes too: `known` is what the pickle imports as joblib reads it.
 */
export async function scanArraysAsOpcodes(
  task: ScanTask,
  at: number,
  known: ReadonlySet<string>,
): Promise<void> {
  const { imports, names } = await pickleLikeness(task.reader, at, 1_000_000);
  const more = names.filter((name) => {
    const [module = '', own = ''] = name.split(' ');
    return !known.has(name) && tierOf(module, own) === 'unknown';
  });
  if (!imports || more.length === 0) return;
  task.findings.add(
    'hidden-in-array',
    'dangerous',
    `What joblib takes for the values of an array imports ${more[0]?.replace(' ', '.')} when the file is loaded by pickle itself.`,
    placeAt(task, at),
  );
}

const sweepLength = 1 << 20;

/**
 * Behind the place where a pickle could not be followed: names to import that stand there plainly.
 * They cannot be judged in their order, so only the worst are told.
 */
export async function sweep(task: ScanTask, from: number): Promise<void> {
  const { reader, findings } = task;
  for (
    let at = from;
    at < Math.min(reader.size, from + 16 * sweepLength);
    at += sweepLength - 512
  ) {
    const text = latin1(await reader.read(at, Math.min(sweepLength, reader.size - at)));
    const plain = /[ci]([A-Za-z_][\w.]{0,80})\n([A-Za-z_][\w.]{0,80})\n/g;
    const stacked =
      /\x8c[\s\S]([A-Za-z_][\w.]{0,80})(?:\x94|q[\s\S])?\x8c[\s\S]([A-Za-z_][\w.]{0,80})(?:\x94|q[\s\S])?\x93/g;
    for (const match of [...text.matchAll(plain), ...text.matchAll(stacked)]) {
      const [, module = '', name = ''] = match;
      if (tierOf(module, name) !== 'unknown' || !isNotorious(module)) continue;
      findings.add(
        'dangerous-import',
        'dangerous',
        `Behind the damage the file names ${module}.${name}, which can run commands or reach files.`,
        placeAt(task, at + match.index),
      );
    }
  }
}
