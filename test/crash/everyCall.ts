import { expect } from 'vitest';
import { Failure } from '../../src/core/failure';
import { initializeProject, openProject, type Project } from '../../src/operations';
import type { WriteCall } from '../../src/platform';
import type { Workspace } from '../operations/sandbox';
import {
  type FaultMode,
  FaultySeam,
  faultModes,
  likelyCode,
  ProcessKilled,
  thrownBy,
} from '../platform/faultySeam';
import { type CrashSite, deep, type State, stateOf } from './crashSite';
import { ForgetfulDisk, type Loss, losses, removeGraveyard } from './forgetfulDisk';

type Verb = (project: Project) => Promise<unknown>;

/** Something that is done to a repository, and may end badly at any of its calls. */
interface Trial {
  readonly site: CrashSite;
  readonly template: Workspace;
  /** Calls `arm` when the calls begin that may fail. */
  readonly work: (workspace: Workspace, seam: FaultySeam, arm: () => void) => Promise<void>;
  /** Done once more, with nothing failing, before the project is looked at. */
  readonly repeat?: (workspace: Workspace) => Promise<unknown>;
  /** What may be found after a failure, and (the last of them) must be found after none. */
  readonly allowed: readonly State[];
}

/** What the quick form tries: of each call `each` of the modes, which take turns. */
interface Share {
  readonly modes: readonly FaultMode[];
  readonly each: number;
  /** Only calls of this kind and place, where the rest of the verb is another test's. */
  readonly among?: RegExp;
}

/** The deep form tries all of them. */
export const usual: Share = { modes: faultModes, each: 2 };
/** For a verb whose steps are those of another one: its calls take turns. */
export const inTurns: Share = { modes: faultModes, each: 1 };
export const onlyKilled: Share = { modes: ['killed'], each: 1 };
/** For power: what a verb returned stays; how it gets there is another test's. */
export const onlyEnded: Share = { modes: [], each: 0 };

interface Fault {
  readonly at: number;
  readonly mode: FaultMode;
  readonly code: string;
  readonly short: number;
}

/**
 * Fails every call that a verb makes of the write seam, each on a fresh copy of the repository, and
 * looks each time at what is left: opened again, the project is sound, and all of it is as it was
 * before the verb, or as it is after it.
 * @param share what the quick form tries
 */
export async function failEverywhere(
  site: CrashSite,
  template: Workspace,
  verb: Verb,
  share: Share = usual,
): Promise<void> {
  const allowed = await beforeAndAfter(site, template, verb);
  await tryEverywhere({ site, template, allowed, work: onProject(site, verb) }, share);
}

/**
 * Takes the power away at each different call that a verb makes, and once it has returned: opened
 * again, the project is sound, and as it was before the verb or after it; what had returned stays.
 * @param share what the quick form tries besides the end
 */
export async function losePowerEverywhere(
  site: CrashSite,
  template: Workspace,
  verb: Verb,
  share: Share = onlyKilled,
): Promise<void> {
  const allowed = await beforeAndAfter(site, template, verb);
  const trial = { site, template, allowed, work: onProject(site, verb) };
  const calls = await callsOf(trial);
  const faults = deep ? calls.map((_, index) => ({ at: index + 1 })) : fewFaults(calls, share);
  const points = [...faults.map(({ at }) => at), calls.length + 1];
  for (const [turn, at] of points.entries()) {
    const first = turn % losses.length;
    const tried = deep || at > calls.length ? losses : losses.slice(first, first + 1);
    for (const loss of tried) await survivesLoss(trial, at, loss, verb);
  }
}

async function survivesLoss(trial: Trial, at: number, loss: Loss, verb: Verb): Promise<void> {
  const { site, allowed } = trial;
  const workspace = site.sandbox.copy(trial.template);
  const graveyard = `${workspace.root}-lost`;
  const disk = new ForgetfulDisk(graveyard);
  const seam = new FaultySeam();
  const real = site.platform(seam);
  const project = await openProject({ ...real, disk: disk.over(real.disk) }, workspace.root);
  seam.arm({ at, mode: 'killed' });
  const thrown = await thrownBy(() => verb(project));
  const told = `${loss} lost at call ${at}: ${seam.calls[at - 1]?.kind} ${seam.calls[at - 1]?.target}`;
  const ended = seam.fired === 0;
  expect(thrown === null, told).toBe(ended);
  await thrownBy(() => project.close());
  disk.lose(loss, chances(at));
  const state = await lookAt(site, workspace, told);
  const among = ended ? allowed.slice(-1) : allowed;
  const same = among.some((one) => JSON.stringify(one) === JSON.stringify(state));
  if (!same) expect(state, told).toEqual(allowed.at(-1));
  site.remove(workspace);
  removeGraveyard(graveyard);
}

/** Numbers from 0 to 1, the same ones each time (a linear congruential generator). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The same for making a project. Begun again after a failure, it ends as if nothing had been. */
export async function failInitializing(site: CrashSite, template: Workspace): Promise<void> {
  const initialize = (workspace: Workspace) => initializeProject(site.platform(), workspace.root);
  const after = await stateAfter(site, template, initialize);
  const work: Trial['work'] = async (workspace, seam, arm) => {
    arm();
    await initializeProject(site.platform(seam), workspace.root);
  };
  await tryEverywhere({ site, template, work, repeat: initialize, allowed: [after] }, inTurns);
}

/** The same for finishing what a verb left that was killed: opening, however often, must end it. */
export async function failRecovering(site: CrashSite, template: Workspace): Promise<State> {
  const after = await stateAfter(site, template, async () => undefined);
  const work: Trial['work'] = async (workspace, seam, arm) => {
    arm();
    const project = await site.open(workspace, seam);
    await project.close();
  };
  await tryEverywhere({ site, template, work, allowed: [after] }, inTurns);
  return after;
}

/** Kills a verb at the first call that is looked for, and gives the repository that it leaves. */
export async function killedAt(
  site: CrashSite,
  template: Workspace,
  verb: Verb,
  isMeant: (call: WriteCall) => boolean,
): Promise<Workspace> {
  const workspace = site.sandbox.copy(template);
  const seam = new FaultySeam();
  const project = await site.open(workspace, seam);
  let met = false;
  const only = (call: WriteCall) => {
    met ||= isMeant(call);
    return met;
  };
  seam.arm({ at: 1, mode: 'killed', only });
  expect(await thrownBy(() => verb(project))).toBeInstanceOf(ProcessKilled);
  await project.close();
  return workspace;
}

function onProject(site: CrashSite, verb: Verb): Trial['work'] {
  return async (workspace, seam, arm) => {
    const project = await site.open(workspace, seam);
    arm();
    try {
      await verb(project);
    } finally {
      await project.close();
    }
  };
}

async function beforeAndAfter(
  site: CrashSite,
  template: Workspace,
  verb: Verb,
): Promise<readonly State[]> {
  const before = await stateAfter(site, template, async () => undefined);
  const after = await stateAfter(site, template, async (workspace) => {
    const project = await site.open(workspace);
    await verb(project);
    await project.close();
  });
  expect(after).not.toEqual(before);
  return [before, after];
}

async function stateAfter(
  site: CrashSite,
  template: Workspace,
  work: (workspace: Workspace) => Promise<unknown>,
): Promise<State> {
  const workspace = site.sandbox.copy(template);
  await work(workspace);
  const state = await lookAt(site, workspace, 'nothing failed');
  site.remove(workspace);
  return state;
}

async function tryEverywhere(trial: Trial, share: Share): Promise<void> {
  const calls = await callsOf(trial);
  const faults = deep ? everyFault(calls) : fewFaults(calls, share);
  expect(faults.length).toBeGreaterThan(0);
  for (const fault of faults) await survives(trial, fault);
}

/** What the work asks of the seam when nothing fails. */
async function callsOf({ site, template, work }: Trial): Promise<string[]> {
  const workspace = site.sandbox.copy(template);
  const seam = new FaultySeam();
  await work(workspace, seam, () => seam.disarm());
  site.remove(workspace);
  return seam.calls.map((call) => nameOf(call, workspace));
}

/** What a call does, without what differs from one file or one run to another. */
function nameOf({ kind, target }: WriteCall, workspace: Workspace): string {
  const place = target
    .replaceAll(workspace.root, '')
    .replace(/-c \S+ /g, '')
    .replace(/\b[0-9a-f]{8,}\b/g, '#')
    .replace(/(artifacts\/(?:recipes\/)?)[0-9a-f]{2}\b/, '$1#');
  return kind.startsWith('disk.') && place.startsWith('/') && !place.startsWith('/.git/')
    ? `${kind} ${/\.cairn-/.test(place) ? 'staged' : 'working'} file`
    : `${kind} ${place}`;
}

function everyFault(calls: readonly string[]): Fault[] {
  return faultModes.flatMap((mode) =>
    calls.map((call, index) => faultAt(call, index, mode, index)),
  );
}

/** @param turn other turns, other errors of those that the call meets in life */
function faultAt(call: string, index: number, mode: FaultMode, turn: number): Fault {
  const kind = call.split(' ', 1)[0] as WriteCall['kind'];
  return { at: index + 1, mode, code: likelyCode(kind, turn), short: (turn % 2) * 7 };
}

/** Each different call in its modes; one that comes often at its first, its middle or its last time. */
function fewFaults(calls: readonly string[], { modes, each, among = /./ }: Share): Fault[] {
  const times = Map.groupBy(calls.keys(), (index) => calls[index] ?? '');
  const chosen = [...times].filter(([call]) => among.test(call));
  return chosen.flatMap(([, indexes], which) =>
    Array.from({ length: each }, (_, turn) => {
      const mode = modes[(which + turn) % modes.length] ?? 'once';
      const time = (which + turn) % 3;
      const index = indexes[Math.round(((indexes.length - 1) * time) / 2)] ?? 0;
      return faultAt(calls[index] ?? '', index, mode, which + turn);
    }),
  );
}

/** One fault and its end. */
async function survives(trial: Trial, fault: Fault): Promise<void> {
  const { site, allowed } = trial;
  const workspace = site.sandbox.copy(trial.template);
  const seam = new FaultySeam();
  const thrown = await thrownBy(() => trial.work(workspace, seam, () => seam.arm(fault)));
  const told = description(fault, seam);
  const { fired } = seam;
  seam.disarm();
  const stray = strayFiles(workspace);
  if (fired === 0) expect(thrown).toBe(null);
  else {
    expect(isTold(thrown), `${told}\n${thrown instanceof Error ? thrown.stack : ''}`).toBe(true);
    await trial.repeat?.(workspace);
    const state = await lookAt(site, workspace, told);
    const among = thrown === null ? allowed.slice(-1) : allowed;
    const same = among.some((one) => JSON.stringify(one) === JSON.stringify(state));
    if (!same) expect(state, told).toEqual(allowed.at(-1));
    // A verb that failed by itself, and changed nothing, has also cleared up by itself.
    const unchanged = thrown !== null && JSON.stringify(state) !== JSON.stringify(allowed.at(-1));
    if (unchanged && fault.mode === 'once') expect(stray, told).toEqual([]);
  }
  site.remove(workspace);
}

function strayFiles(workspace: Workspace): string[] {
  return Object.keys(workspace.files()).filter((path) => /(?:^|\/)\.cairn-/.test(path));
}

function description({ at, mode, code }: Fault, seam: FaultySeam): string {
  const passes = mode === 'once' || mode === 'late';
  const where = seam.calls[passes ? at - 1 : seam.calls.length - seam.fired];
  return `${mode} ${code} at call ${at}: ${where?.kind} ${where?.target}`;
}

/** Nothing, a failure with a code, or the fault itself; anything else is a bug that it brought out. */
function isTold(thrown: unknown): boolean {
  if (thrown === null || thrown instanceof Failure || thrown instanceof ProcessKilled) return true;
  return thrown instanceof Error && 'code' in thrown && thrown.message.endsWith('made by the test');
}

/** Opens the project, which finishes what is unfinished, and reads its state; it must be sound. */
async function lookAt(site: CrashSite, workspace: Workspace, told: string): Promise<State> {
  const project = await site.open(workspace);
  try {
    const { problems } = await project.verify({ full: true });
    expect(problems, told).toEqual([]);
    return await stateOf(workspace, project);
  } finally {
    await project.close();
  }
}
