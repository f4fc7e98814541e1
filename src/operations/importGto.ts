import type { Rooms } from './rooms';

/** What GTO's tags say of a commit: `digits v1.2.0`, `digits at prod`. */
export type GtoTags = ReadonlyMap<string, readonly string[]>;

/** One tag: a version that is registered, or a stage that is assigned; or either taken back. */
interface Event {
  readonly artifact: string;
  readonly what: string;
  readonly isStage: boolean;
  readonly isTakenBack: boolean;
  readonly counter: number;
  readonly commit: string;
}

const registration = /^(.+)@(v\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)(!?)(?:#(\d+))?$/;
const assignment = /^([^#@]+)#([A-Za-z][\w-]*)(!?)(?:#(\d+))?$/;

/**
 * GTO: `name@v1.2.0[!][#n]` registers, `name#stage[!][#n]` assigns, with `!` it is taken back; of
 * several that speak of one commit the one with the highest counter counts
 * (https://github.com/iterative/gto).
 */
export async function readGto({ repository }: Rooms): Promise<GtoTags> {
  const events: Event[] = [];
  for (const [ref, oid] of await repository.refs('refs/tags/')) {
    const name = ref.slice('refs/tags/'.length);
    const version = registration.exec(name);
    const match = version ?? assignment.exec(name);
    const commit = match === null ? null : await repository.commitOf(oid);
    if (match === null || commit === null) continue;
    const [, artifact = '', what = '', mark, counter] = match;
    const isTakenBack = mark === '!';
    const number = counter === undefined ? 0 : Number(counter);
    events.push({
      ...{ artifact, what, isStage: version === null, isTakenBack, commit },
      counter: number,
    });
  }
  return textsByCommit(standing(events));
}

/** The last word on each version and stage of each commit, but for what is taken back. */
function standing(events: readonly Event[]): Event[] {
  const last = new Map<string, Event>();
  for (const event of events) {
    const key = `${event.artifact}\n${event.what}\n${event.commit}`;
    const known = last.get(key);
    const isLater = known === undefined || event.counter > known.counter;
    // Without counters only the taking back is ever later.
    if (isLater || (event.counter === known.counter && event.isTakenBack)) last.set(key, event);
  }
  return [...last.values()].filter(({ isTakenBack }) => !isTakenBack);
}

/** A stage is where it was last assigned; elsewhere it was. */
function textsByCommit(events: readonly Event[]): GtoTags {
  const found = new Map<string, string[]>();
  const newest = new Map<string, number>();
  for (const { artifact, what, counter, isStage } of events) {
    const key = `${artifact}\n${what}`;
    if (isStage) newest.set(key, Math.max(newest.get(key) ?? 0, counter));
  }
  for (const { artifact, what, counter, isStage, commit } of events) {
    const isThere = newest.get(`${artifact}\n${what}`) === counter;
    const text = isStage
      ? `${artifact} ${isThere ? 'at' : 'was at'} ${what}`
      : `${artifact} ${what}`;
    found.set(commit, [...(found.get(commit) ?? []), text]);
  }
  return found;
}
