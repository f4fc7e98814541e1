import type { Activity } from '../core/progress';
import type { Project } from '../operations/project';

/** The verbs of a project that can be asked for by name: all its methods but `close`. */
export type Verb = {
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

type AnyVerb = (...given: readonly unknown[]) => Promise<unknown>;

/** Calls a verb by its name with the request it takes. @throws Error for a name that is no verb */
export function callVerb(
  project: Project,
  verb: string,
  request: unknown,
  activity: Activity,
): Promise<unknown> {
  if (!Object.hasOwn(verbs, verb)) throw new Error(`"${verb}" is no verb of a project`);
  // The caller's types are the contract's own (the proxy in the extension is made from `Project`).
  const called = project[verb as Verb] as AnyVerb;
  const given = verbs[verb as Verb] === 'request' ? [request, activity] : [activity];
  return called.apply(project, given);
}
