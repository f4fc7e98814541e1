import type { LineCounts } from '../core/comparison';
import type { Activity } from '../core/progress';
import type { Creator } from '../core/version';
import type { RawChange } from './indexEntries';
import type { PastFiles } from './pastFiles';
import type { RecordedCode } from './recordedTree';
import type { Standing } from './references';

export type ChangeStatus = 'added' | 'deleted' | 'modified' | 'renamed';

export interface TreeChange {
  readonly path: string;
  readonly status: ChangeStatus;
  /** The old path of a rename. */
  readonly from?: string;
}

export interface TreeEntry {
  readonly path: string;
  /** `100644`, `100755`, `120000`, `160000`. */
  readonly mode: string;
  readonly oid: string;
}

export interface LeftOut {
  readonly path: string;
  readonly why:
    | 'secret'
    | 'large-file'
    | 'large-directory'
    | 'environment'
    | 'nested-repository'
    | 'unreadable';
  readonly bytes?: number;
  readonly files?: number;
}

/** How the working files differ from the tree they are compared with. Paths are byte paths. */
export interface Differences {
  /** Entries that are other ones in the index already; `null` for what is not there any more. */
  readonly known: ReadonlyMap<string, PathEntry | null>;
  /** What is to be read again, with the entries of the index. */
  readonly changed: readonly RawChange[];
  /** What is in no index yet. */
  readonly added: readonly string[];
}

export interface PathEntry {
  readonly mode: string;
  readonly oid: string;
}

/** What the working files are beside HEAD, before anything of it is written. */
export interface Look {
  /** HEAD's tree. */
  readonly base: string;
  /** What it takes to make the tree without the index; `null` where only the whole index tells. */
  readonly differences: Differences | null;
  /** Whether there may be any difference at all. */
  readonly differs: boolean;
  readonly leftOut: readonly LeftOut[];
}

export interface SnapshotRequest {
  /**
   * Whether a path (relative, forward slashes) belongs to the code. While that is found out, Git
   * lists what there is.
   */
  readonly isCode: ((path: string) => boolean) | Promise<(path: string) => boolean>;
  /**
   * Paths that never enter (artifacts of any model): HEAD's entry stays. Left out: `isCode` has
   * none of them.
   */
  readonly isArtifact?: (path: string) => boolean;
  /** `true`: objects go to a scratch directory that is removed by `Snapshot.dispose`, the repository gains nothing. */
  readonly scratch: boolean;
  /** What was seen a moment ago: where HEAD still means that tree, nothing is looked at again. */
  readonly seen?: Look | null;
}

/** What HEAD means: the commit, `null` before the first; the branch (`main`), `null` when detached. */
export type Head = Pick<Standing, 'commit' | 'branch'>;

/** A tree of HEAD with the code paths replaced by the working files. */
export interface Snapshot {
  readonly tree: string;
  /** What HEAD meant when it was taken. */
  readonly head: Head;
  readonly leftOut: readonly LeftOut[];
  /** Whether any code path differs from HEAD. */
  readonly dirty: boolean;
  /** Paths that differ between two trees; both may be scratch. Renames found (50 %). */
  compare(from: string, to: string): Promise<TreeChange[]>;
  /** Lines added and removed by new path; `null` for what has no lines. */
  countLines(from: string, to: string): Promise<Map<string, LineCounts | null>>;
  entries(tree: string): Promise<TreeEntry[]>;
  dispose(): Promise<void>;
}

export interface RefUpdate {
  readonly ref: string;
  /** `null`: must not exist. */
  readonly from: string | null;
  /** `null`: delete. */
  readonly to: string | null;
}

/** Refs locked by Git and found movable (conflicts and hooks checked); nothing has moved yet. */
export interface PreparedRefs {
  commit(): Promise<void>;
  abort(): Promise<void>;
}

export interface CommitObject {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

/** What of the user's is under way in a worktree. */
export type BusyState = 'merge' | 'rebase' | 'cherry-pick' | 'revert' | 'am' | 'bisect';

/**
 * The user's repository, looked at and written beside, never through HEAD, index, stash or files.
 * Paths are relative to the root, with forward slashes. Names that are no UTF-8 are in a snapshot's
 * tree when Git tracks them, and in no answer here: nobody above could write them.
 */
export interface Repository {
  /** The worktree's top. */
  readonly root: string;
  readonly gitDirectory: string;
  readonly commonDirectory: string;
  /** A stable name of this worktree: `main`, or `worktrees/<name>` of a linked one. */
  readonly worktree: string;
  /** The same repository, whose configuration is read once: for as long as one verb takes. */
  settled(): Repository;
  head(): Promise<Head>;
  /** The user's, else one made from the system's user and host. */
  identity(): Promise<Creator>;
  /** A merge, rebase, cherry-pick, revert, `am` or bisect of the user's that is under way. */
  busy(): Promise<BusyState | null>;
  /**
   * Begins to list the working files: the next look, or snapshot in a scratch directory, takes what
   * was begun. Nobody has to; `forgo` ends it then. Both promises only tell how far Git is, for who
   * would keep this thread busy.
   */
  begin(): { readonly listing: Promise<void>; readonly comparing: Promise<void> };
  /** Ends a listing that was begun and not taken. */
  forgo(): Promise<void>;
  /** Looks at the working files as a snapshot does, ahead of one; nothing stays of it on the disk. */
  look(request: Pick<SnapshotRequest, 'isCode' | 'isArtifact'>, activity?: Activity): Promise<Look>;
  /** @throws Failure `filter-failed` */
  snapshot(request: SnapshotRequest, activity?: Activity): Promise<Snapshot>;
  /**
   * The tree of code that was recorded beside Git, and whether it differs from HEAD's; `null` where
   * it cannot be made any more.
   */
  recordedTree(code: RecordedCode): Promise<{ tree: string; dirty: boolean } | null>;
  /** HEAD's commits, newest first, with their times in milliseconds since the epoch. */
  commitTimes(): Promise<{ oid: string; at: number }[]>;
  /** The same of one commit; `null` where it is not here. */
  commitTime(oid: string): Promise<number | null>;
  /** The commit that a tag's object means; `null` where it means none. */
  commitOf(oid: string): Promise<string | null>;
  compareTrees(from: string, to: string): Promise<TreeChange[]>;
  /** Lines added and removed by new path; `null` for what has no lines. */
  countLines(from: string, to: string): Promise<Map<string, LineCounts | null>>;
  treeOf(commit: string): Promise<string>;
  entries(tree: string): Promise<TreeEntry[]>;
  /** One file, or some of its lines, through many commits. */
  readonly past: PastFiles;
  /** Raw bytes of a blob. @throws Failure `unreadable` over `limit` bytes (default 512 MiB) */
  blob(oid: string, limit?: number): Promise<Buffer>;
  /**
   * The bytes a checkout would write for the entry at its path: smudge filters, line ends,
   * encodings; a link's target. With `tree` (that the entry is from) by the attributes that the
   * tree has, else by those of the working files.
   * @throws Failure `filter-failed`, `filter-missing` (also when a pointer comes out)
   */
  smudged(entry: TreeEntry, tree?: string): Promise<Buffer>;
  /** The same for many entries, in a few processes altogether. The order may be another one. */
  smudgedAll(
    entries: readonly TreeEntry[],
    tree?: string,
  ): AsyncIterable<readonly [TreeEntry, Buffer]>;
  /** The paths whose working files are what the entries say (mode too), after the clean filters. */
  unchanged(entries: readonly TreeEntry[]): Promise<Set<string>>;
  /** An unreferenced commit object, signed where the user signs commits. */
  commitTree(request: {
    tree: string;
    parents: readonly string[];
    message: string;
    /** Author and committer. */
    author: Creator;
    /** ISO 8601. */
    at: string;
  }): Promise<string>;
  /** @throws Failure `branch-name-blocked`, `branch-moved`, `ref-locked`, `ref-refused` */
  prepareRefs(updates: readonly RefUpdate[], reason: string): Promise<PreparedRefs>;
  /** Where a reference (`refs/heads/…`) points to. */
  ref(name: string): Promise<string | null>;
  /** Refs under a prefix (`refs/heads/cairn/`) → object ids, sorted by name. */
  refs(prefix: string): Promise<Map<string, string>>;
  /** The commits from the first one to the tip, oldest first, first parents only. */
  firstParents(tip: string): AsyncIterable<CommitObject>;
  commitObject(oid: string): Promise<CommitObject | null>;
  /** Many of them in one process, in the order asked for; `null` for what is no commit here. */
  commitObjects(oids: readonly string[]): AsyncIterable<readonly [string, CommitObject | null]>;
  /** The directory of the worktree (this one included) that has the branch checked out. */
  checkedOutIn(branch: string): Promise<string | null>;
  /** The last value of a configuration key; `null` where it is not set. */
  config(key: string): Promise<string | null>;
  /** Which of the paths Git ignores; what it tracks never is. */
  ignored(paths: readonly string[]): Promise<Set<string>>;
  /** Paths Git tracks (in the index), relative to the root. */
  tracked(): Promise<Set<string>>;
}
