import type { Activity } from '../../core/progress';
import type { Project } from '../../operations/project';
import type { OpenedProject } from '../../wire/engine';
import type { EngineClient } from './engineClient';

type Verb = {
  [K in keyof Project]: Project[K] extends (...given: never[]) => unknown ? K : never;
}[Exclude<keyof Project, 'close'>];

/** What a verb's first argument is. Total: a verb that the contract gains must be named here. */
const verbs: Readonly<Record<Verb, 'request' | 'activity' | 'nothing'>> = {
  status: 'request',
  commit: 'request',
  planCommit: 'request',
  update: 'request',
  planUpdate: 'request',
  log: 'request',
  show: 'request',
  revisions: 'request',
  compare: 'request',
  rollback: 'request',
  undo: 'request',
  drop: 'request',
  operations: 'request',
  verify: 'request',
  gc: 'request',
  storage: 'request',
  rebuild: 'activity',
  overview: 'nothing',
  curves: 'request',
  codeOf: 'request',
  readFile: 'request',
  parameterHistory: 'request',
  parameterDetail: 'request',
  lineHistory: 'request',
  modelFiles: 'nothing',
  takeIn: 'request',
  runs: 'request',
  run: 'request',
  runCurves: 'request',
  commitRun: 'request',
  deleteRun: 'request',
  stopRun: 'request',
  importHistory: 'request',
  stamp: 'nothing',
};

/**
 * Opens a project on the engine's thread; what comes back is used like the project itself. After
 * a crash of the engine the next call opens it there again.
 * @throws Failure `not-a-project`, `not-a-repository` and what else opening fails with
 */
export async function openOnEngine(
  engine: EngineClient,
  directory: string,
  readOnly: boolean,
): Promise<Project> {
  const open = async () => {
    const opened = (await engine.ask({ kind: 'open', directory, readOnly })) as OpenedProject;
    return { ...opened, generation: engine.generation };
  };
  const { root, home, ...first } = await open();
  let opened: { project: number; generation: number } = first;
  let reopening: Promise<{ project: number; generation: number }> | null = null;

  const isOpen = () => engine.running && opened.generation === engine.generation;
  const current = async (): Promise<number> => {
    if (isOpen()) return opened.project;
    reopening ??= open().finally(() => {
      reopening = null;
    });
    opened = await reopening;
    return opened.project;
  };
  const call = async (verb: Verb, request: unknown, activity?: Activity) =>
    engine.ask({ kind: 'call', project: await current(), verb, request }, activity);

  const methods = Object.fromEntries(
    (Object.keys(verbs) as Verb[]).map((verb) => [
      verb,
      (first: unknown, second?: Activity) =>
        verbs[verb] === 'activity'
          ? call(verb, undefined, first as Activity | undefined)
          : call(verb, first, second),
    ]),
  ) as unknown as Pick<Project, Verb>;
  const close = async () => {
    if (isOpen()) await engine.ask({ kind: 'close', project: opened.project });
  };
  return Object.freeze({ root, home, ...methods, close });
}
