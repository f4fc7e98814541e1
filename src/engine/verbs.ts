import type { Activity } from '../core/progress';
import type { Project } from '../operations/project';
import { type Verb, verbArguments } from '../operations/verbTable';

type AnyVerb = (...given: readonly unknown[]) => Promise<unknown>;

/** Calls a verb by its name with the request it takes. @throws Error for a name that is no verb */
export function callVerb(
  project: Project,
  verb: string,
  request: unknown,
  activity: Activity,
): Promise<unknown> {
  if (!Object.hasOwn(verbArguments, verb)) throw new Error(`"${verb}" is no verb of a project`);
  // The caller's types are the contract's own (the proxy in the extension is made from `Project`).
  const called = project[verb as Verb] as AnyVerb;
  const given = verbArguments[verb as Verb] === 'request' ? [request, activity] : [activity];
  return called.apply(project, given);
}
