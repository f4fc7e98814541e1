import { Failure } from '../core/failure';
import { parseVersionMessage } from '../core/versionMessage';
import { fullReference } from './resolve';
import { branchOf, type Rooms } from './rooms';

/**
 * Makes sure that the model's branch is where the history left it. Versions that came in with a
 * fast-forward (a pull) are taken over; anything else is refused, because a commit on top would
 * leave versions behind.
 * @returns where it is; `null` where there is none
 * @throws Failure `branch-moved`
 */
export async function adoptBranch(rooms: Rooms, model: string): Promise<string | null> {
  const tip = await rooms.repository.ref(branchOf(model));
  const last = rooms.history.tip(model);
  if (tip === last || tip === null) return tip;
  const newer = await commitsSince(rooms, tip, last);
  if (newer === null)
    throw new Failure('branch-moved', { branch: branchOf(model), expected: last, found: tip });
  const by = await rooms.repository.identity();
  const at = rooms.platform.clock.now().toISOString();
  const missing = await missingOf(rooms, newer);
  rooms.history.transaction((writer) => {
    for (const { record } of newer) {
      const known = rooms.history.find(model, 'version', record.number, record.revision);
      if (known === null) writer.addRecord({ record, curves: [] });
      else if (fullReference(known) !== fullReference(record))
        throw new Failure('branch-moved', { branch: branchOf(model), expected: last, found: tip });
      else writer.setWithdrawn(fullReference(record), record.withdrawn ?? null);
    }
    writer.setTip(model, tip);
    const detail = {
      versions: newer.map(({ record }) => fullReference(record)),
      heads: newer.map(({ logHead }) => logHead),
      elsewhere: missing,
    };
    writer.appendOperation({ kind: 'adopt', at, by, reason: '', version: null, detail });
  });
  return tip;
}

type Adopted = NonNullable<ReturnType<typeof parseVersionMessage>>;

/** Version commits after `last`, oldest first; `null` when the branch does not lead back to it. */
async function commitsSince(
  rooms: Rooms,
  tip: string,
  last: string | null,
): Promise<Adopted[] | null> {
  const newer: Adopted[] = [];
  let seen = last === null;
  for await (const commit of rooms.repository.firstParents(tip)) {
    if (commit.oid === last) seen = true;
    else if (seen) {
      const message = parseVersionMessage(commit.message, commit.oid);
      if (message !== null) newer.push(message);
    }
  }
  return seen ? newer : null;
}

async function missingOf(rooms: Rooms, newer: readonly Adopted[]): Promise<string[]> {
  const missing: string[] = [];
  for (const { record } of newer) {
    for (const { sha256, pointer } of record.files) {
      if (pointer !== true && !(await rooms.store.has(sha256))) missing.push(sha256);
    }
  }
  return missing;
}
