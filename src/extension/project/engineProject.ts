import type { Activity } from '../../core/progress';
import type { Project } from '../../operations/project';
import { type Verb, verbArguments } from '../../operations/verbTable';
import type { OpenedProject } from '../../wire/engine';
import type { EngineClient } from './engineClient';

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
  const { root, home, unwritable, ...first } = await open();
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
    (Object.keys(verbArguments) as Verb[]).map((verb) => [
      verb,
      (first: unknown, second?: Activity) =>
        verbArguments[verb] === 'activity'
          ? call(verb, undefined, first as Activity | undefined)
          : call(verb, first, second),
    ]),
  ) as unknown as Pick<Project, Verb>;
  const close = async () => {
    if (isOpen()) await engine.ask({ kind: 'close', project: opened.project });
  };
  return Object.freeze({ root, home, unwritable, ...methods, close });
}
