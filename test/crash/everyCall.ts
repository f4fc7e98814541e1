import { expect } from 'vitest';
import { Failure } from '../../src/core/failure';
import type { Project } from '../../src/operations';
import type { Workspace } from '../operations/sandbox';
import {
  type FaultMode,
  FaultySeam,
  faultModes,
  ProcessKilled,
  thrownBy,
} from '../platform/faultySeam';
import { type CrashSite, type State, stateOf } from './crashSite';

/** Every call in every mode, with what follows; otherwise every call once, the modes by turns. */
const deep = process.env.CAIRN_FAULTS === 'all';
const codes = ['EIO', 'ENOSPC', 'EBUSY'] as const;

type Verb = (project: Project) => Promise<unknown>;

interface Fault {
  readonly at: number;
  readonly mode: FaultMode;
  readonly code: string;
}

/** What a verb makes of a repository when nothing fails. */
interface Outcome {
  readonly before: State;
  readonly after: State;
}

/**
 * Fails every call that a verb makes of the write seam, each on a fresh copy of the repository, and
 * looks each time at what is left: opened again, the project is sound, and all of it is as it was
 * before the verb, or as it is after it.
 */
export async function failEverywhere(site: CrashSite, template: Workspace, verb: Verb) {
  const outcome = await outcomeOf(site, template, verb);
  for (const mode of faultModes) {
    if (!deep && mode !== faultModes[0]) continue;
    for (let at = 1; await survives(site, template, verb, outcome, faultAt(at, mode)); at += 1);
  }
}

function faultAt(at: number, mode: FaultMode): Fault {
  const turn = faultModes[at % faultModes.length] ?? mode;
  const code = codes[Math.floor(at / faultModes.length) % codes.length] ?? 'EIO';
  return { at, mode: deep ? mode : turn, code };
}

export async function outcomeOf(
  site: CrashSite,
  template: Workspace,
  verb: Verb,
): Promise<Outcome> {
  const workspace = site.sandbox.copy(template);
  const project = await site.open(workspace);
  const before = await stateOf(workspace, project);
  await verb(project);
  const after = await stateOf(workspace, project);
  expect(after).not.toEqual(before);
  await project.close();
  site.remove(workspace);
  return { before, after };
}

/** One fault and its end; `false` when the verb needs fewer calls. */
async function survives(
  site: CrashSite,
  template: Workspace,
  verb: Verb,
  outcome: Outcome,
  fault: Fault,
): Promise<boolean> {
  const workspace = site.sandbox.copy(template);
  const seam = new FaultySeam();
  const project = await site.open(workspace, seam);
  seam.arm(fault);
  const thrown = await thrownBy(() => verb(project));
  const call = seam.calls.at(fault.mode === 'once' ? fault.at - 1 : -1);
  const { fired } = seam;
  seam.disarm();
  await project.close();
  if (fired === 0) {
    expect(thrown).toBe(null);
    return false;
  }
  const told = `${fault.mode} ${fault.code} at call ${fault.at}: ${call?.kind} ${call?.target}`;
  expect(thrown === null || isTold(thrown), `${told}\n${(thrown as Error)?.stack}`).toBe(true);
  await isWhole(
    site,
    workspace,
    thrown === null ? [outcome.after] : [outcome.before, outcome.after],
    told,
  );
  site.remove(workspace);
  return true;
}

/** A failure with a code, or the fault itself; anything else is a bug that the fault brought out. */
function isTold(thrown: unknown): boolean {
  if (thrown instanceof Failure || thrown instanceof ProcessKilled) return true;
  return thrown instanceof Error && 'code' in thrown && thrown.message.endsWith('made by the test');
}

/** Opened again, the project is sound and in one of the states. */
export async function isWhole(
  site: CrashSite,
  workspace: Workspace,
  allowed: readonly State[],
  told: string,
): Promise<void> {
  const project = await site.open(workspace);
  try {
    const { problems } = await project.verify({ full: true });
    expect(problems, told).toEqual([]);
    const state = await stateOf(workspace, project);
    const same = allowed.some((one) => JSON.stringify(one) === JSON.stringify(state));
    if (!same) expect(state, told).toEqual(allowed.at(-1));
  } finally {
    await project.close();
  }
}
