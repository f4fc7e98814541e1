import { Failure, throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import type { History, HistoryWriter, KnownFile } from '../history';
import { type FileFacts, isSameState, type Platform } from '../platform';

/**
 * A file as young as this when it was read may change again without its times telling: two ticks
 * of the kernel's clock, and more where the file system keeps whole seconds only (FAT, HFS+).
 */
const raciness = 50_000_000n;
const coarseRaciness = 2_500_000_000n;
const second = 1_000_000_000n;
const pieceLength = 1 << 20;

/**
 * Spares reading files that were read before: size, modification and change time and inode
 * stand for the bytes, unless the file was too young when it was read (Git's racy rule).
 */
export class FileMemory {
  private readonly seen = new Map<string, KnownFile>();
  private readonly unsaved = new Set<KnownFile>();

  constructor(
    private readonly platform: Platform,
    private readonly history: History,
    private readonly worktree: string,
  ) {}

  /** The digest of a file with these facts, if it was read before; `null` otherwise. */
  recall(path: string, facts: FileFacts): string | null {
    const known = this.seen.get(path) ?? this.history.knownFile(this.worktree, path);
    if (known === null || known === undefined) return null;
    const settled = known.readAt - newest(facts) > racinessOf(facts);
    return settled && isSameState(known, facts) ? known.sha256 : null;
  }

  /** Paths in the project whose files had these bytes when they were last read. */
  pathsOf(sha256: string): string[] {
    const seen = [...this.seen.values()].filter((known) => known.sha256 === sha256);
    const paths = seen.map(({ path }) => path);
    return [...new Set([...paths, ...this.history.knownPaths(this.worktree, sha256)])];
  }

  /** Remembers a file that was just read: in this session, and with the next transaction for good. */
  note(path: string, facts: FileFacts, sha256: string): void {
    const { size, modified, changed, inode } = facts;
    const readAt = BigInt(this.platform.clock.now().getTime()) * 1_000_000n;
    const known = { worktree: this.worktree, path, size, modified, changed, inode, sha256, readAt };
    this.seen.set(path, known);
    this.unsaved.add(known);
  }

  /** Writes down what this session learnt. What is not written is only read again. */
  save(writer: Pick<HistoryWriter, 'rememberFile'>): void {
    for (const known of this.unsaved) writer.rememberFile(known);
    this.unsaved.clear();
  }

  /**
   * The SHA-256 of a file's bytes, read only when it is not known.
   * @throws Failure `no-such-file`, `file-changed`, `disk-failed`
   */
  async digest(path: string, absolute: string, activity?: Activity): Promise<string> {
    const facts = await this.platform.disk.followedFacts(absolute);
    if (facts === null) throw new Failure('no-such-file', { path });
    const known = this.recall(path, facts);
    if (known !== null) return known;
    const sha256 = await this.read(path, absolute, facts, activity);
    this.note(path, facts, sha256);
    return sha256;
  }

  private async read(
    path: string,
    absolute: string,
    facts: FileFacts,
    activity?: Activity,
  ): Promise<string> {
    const handle = await this.platform.disk.openRead(absolute);
    if (handle === null) throw new Failure('no-such-file', { path });
    try {
      const hash = this.platform.hashing.sha256();
      const piece = new Uint8Array(pieceLength);
      let done = 0;
      // A file that grows faster than it is read would never end.
      for (let length = 1; length > 0 && done <= facts.size; done += length) {
        throwIfCancelled(activity?.signal);
        length = await handle.read(piece, done);
        hash.update(piece.subarray(0, length));
        activity?.progress?.({ phase: 'checking', path, done, total: facts.size, unit: 'bytes' });
      }
      const after = await handle.facts();
      if (after.size !== facts.size || after.modified !== facts.modified)
        throw new Failure('file-changed', { path });
      return hash.digest();
    } finally {
      await handle.close();
    }
  }
}

function newest(facts: FileFacts): bigint {
  return facts.modified > facts.changed ? facts.modified : facts.changed;
}

function racinessOf({ modified }: FileFacts): bigint {
  return modified % second === 0n ? coarseRaciness : raciness;
}
