import { isFailure } from '../core/failure';
import type { Platform } from '../platform';
import { withoutNetwork } from './environment';
import type { GitRunner } from './gitRunner';
import type { Standing } from './references';
import { disposingOnError, openTemporaryIndex } from './temporaryIndex';
import type { Listing } from './treeWork';
import { type ListedParts, listParts } from './workingLook';

/** Where snapshots are taken. */
export interface SnapshotPlace {
  readonly platform: Platform;
  readonly git: GitRunner;
  /** Asks Git for it anew. `scratch`: nothing of it is to last. */
  ground(scratch: boolean): Promise<SnapshotGround>;
  /** What was begun ahead, whoever asks first. */
  begun(): BegunListing | null;
}

interface ListingOptions {
  /** Objects go to a scratch directory. */
  readonly scratch: boolean;
  /** Whether the user's index is needed. */
  readonly copied: boolean;
  readonly signal: AbortSignal | undefined;
}

/** What has to be known of a repository. */
export interface SnapshotGround {
  readonly head: Standing;
  /** The tree of HEAD, or the empty tree before the first commit. */
  readonly base: string;
  readonly unborn: boolean;
  /** Objects may be missing here that a remote has. */
  readonly partial: boolean;
  /** How durable what stays has to be. */
  readonly settings: readonly string[];
}

/** A listing in its temporary directory, which whoever has it disposes of. */
export interface OpenedListing {
  readonly listing: Listing;
  readonly head: Standing;
  /** What of it is under way already. */
  readonly parts?: ListedParts;
}

/** What was begun ahead, else a new one. @param asking what is known of the repository, where it was asked */
export async function openListing(
  place: SnapshotPlace,
  options: ListingOptions,
  asking?: Promise<SnapshotGround>,
): Promise<OpenedListing> {
  const begun = options.scratch && options.copied ? place.begun() : null;
  return (await begun?.take(options.signal)) ?? newListing(place, options, asking);
}

/** The temporary directory, and all that listing in it needs; Git answers while it is made. */
async function newListing(
  { platform, git, ground }: SnapshotPlace,
  { signal, ...options }: ListingOptions,
  asking = ground(options.scratch),
): Promise<OpenedListing> {
  // When the directory cannot be made, that is the failure to tell.
  asking.catch(() => undefined);
  const { temporary, found } = await openTemporaryIndex(platform, git.location, options);
  return disposingOnError(temporary, async () => {
    const { head, ...known } = await asking;
    const network = options.scratch ? withoutNetwork : {};
    const variables = { ...temporary.environment, ...network };
    const own = { temporary, indexFound: found, variables, signal };
    return { head, listing: { ...known, platform, git, ...own } };
  });
}

/**
 * A listing that is under way before anybody asks for one, in a scratch directory. It is taken once,
 * or dropped.
 */
export class BegunListing {
  readonly #ending = new AbortController();
  #opened: Promise<OpenedListing> | null;
  /** Resolves when Git lists what there is, or cannot. */
  readonly listing: Promise<void>;
  /** Resolves when it compares what is listed. */
  readonly comparing: Promise<void>;

  constructor(place: SnapshotPlace) {
    const options = { scratch: true, copied: true, signal: this.#ending.signal };
    this.#opened = newListing(place, options).then((opened) => ({
      ...opened,
      parts: listParts(opened.listing),
    }));
    // Whoever takes it hears of its failure.
    const nothing = () => undefined;
    this.listing = this.#opened.then(nothing, nothing);
    this.comparing = this.#opened.then(({ parts }) => parts?.names).then(nothing, nothing);
  }

  /** `null` where it was taken or dropped, or could not be begun: then a listing of one's own tells why. */
  async take(signal: AbortSignal | undefined): Promise<OpenedListing | null> {
    const opened = this.#opened;
    this.#opened = null;
    if (opened === null) return null;
    signal?.addEventListener('abort', () => this.#ending.abort(), { once: true });
    if (signal?.aborted === true) this.#ending.abort();
    try {
      return await opened;
    } catch (error) {
      if (isFailure(error)) return null;
      throw error;
    }
  }

  /** Ends it where nobody took it; nothing of it stays on the disk. */
  async drop(): Promise<void> {
    const opened = await this.take(undefined);
    if (opened === null) return;
    this.#ending.abort();
    await Promise.allSettled(Object.values(opened.parts ?? {}));
    await opened.listing.temporary.dispose();
  }
}
