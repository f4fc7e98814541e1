import { Failure } from '../core/failure';
import type { FileRole } from '../core/version';
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
  const facts = await platform.disk.followedFacts(path);
  if (facts === null) throw new Failure('no-such-file', { path });
  if (facts.kind !== 'file') throw new Failure('unreadable', { path, why: 'it is no file' });
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

/** Identifies each file once, however often it is asked for. */
export class Identifier {
  readonly #known = new Map<string, Promise<IdentifiedFile>>();

  constructor(private readonly platform: Platform) {}

  identify(path: string): Promise<IdentifiedFile> {
    const known = this.#known.get(path) ?? identifyFile(this.platform, path);
    this.#known.set(path, known);
    return known;
  }
}
