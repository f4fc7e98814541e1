import { Failure } from '../core/failure';
import type { ArtifactRecord, FileRole } from '../core/version';
import { identifyModel, type ModelHeader, modelEvidence, roleOf } from '../formats';
import { type FileFacts, openFileReader, type Platform } from '../platform';

/** What a file on disk is: its header, and what the header says of it. */
export interface IdentifiedFile {
  readonly format: ModelHeader['format'];
  readonly complete: boolean;
  readonly role: FileRole;
  readonly header: ModelHeader;
  readonly evidence: ReturnType<typeof modelEvidence>;
  /** Of the file when its header was read. */
  readonly facts: FileFacts;
}

/** Reads the header of a file on disk, a bounded read. @throws Failure `no-such-file`, `unreadable` */
export async function identifyFile(platform: Platform, path: string): Promise<IdentifiedFile> {
  return readHeader(platform, path, await factsOfFile(platform, path));
}

async function factsOfFile(platform: Platform, path: string): Promise<FileFacts> {
  const facts = await platform.disk.followedFacts(path);
  if (facts === null) throw new Failure('no-such-file', { path });
  if (facts.kind !== 'file') throw new Failure('unreadable', { path, why: 'it is no file' });
  return facts;
}

async function readHeader(
  platform: Platform,
  path: string,
  facts: FileFacts,
): Promise<IdentifiedFile> {
  const reader = await openFileReader(platform.disk, path);
  try {
    const header = await identifyModel(reader, path);
    const { format, complete } = header;
    return {
      format,
      complete,
      role: roleOf(path, format),
      header,
      evidence: modelEvidence(path, header),
      facts,
    };
  } finally {
    await reader.close();
  }
}

/** What of a file's header is needed to take the file. */
export interface KnownHeader
  extends Pick<IdentifiedFile, 'complete' | 'role' | 'facts'>,
    Pick<ModelHeader, 'why' | 'pointer'> {
  readonly format: string;
}

/** Says of a file what was recorded of the same bytes; `null` where its header has to be read. */
export type Recorded = (
  path: string,
  facts: FileFacts,
) => Pick<ArtifactRecord, 'role' | 'format'> | null;

/** Identifies each file once, however often it is asked for, and none whose bytes are recorded. */
export class Identifier {
  readonly #known = new Map<string, Promise<KnownHeader>>();

  /** @param recorded of absolute paths */
  constructor(
    private readonly platform: Platform,
    private readonly recorded: Recorded,
  ) {}

  /** @throws Failure `no-such-file`, `unreadable` */
  identify(path: string): Promise<KnownHeader> {
    const known = this.#known.get(path) ?? this.look(path);
    this.#known.set(path, known);
    return known;
  }

  private async look(path: string): Promise<KnownHeader> {
    const facts = await factsOfFile(this.platform, path);
    const recorded = this.recorded(path, facts);
    // What was torn was never recorded, and neither were a pointer's own bytes.
    if (recorded !== null) {
      const { role, format } = recorded;
      return { role, format, facts, complete: true, why: null, pointer: null };
    }
    const { header, ...identified } = await readHeader(this.platform, path, facts);
    return { ...identified, why: header.why, pointer: header.pointer };
  }
}
