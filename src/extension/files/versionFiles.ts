import * as vscode from 'vscode';
import { isFailure } from '../../core/failure';
import type { Projects } from '../project/projects';
import type { ProjectSession } from '../project/session';
import { addressParts, parseAddress } from './versionAddress';

export const scheme = 'cairn';
/** A file of a version larger than this is not opened in an editor. */
const largestFile = 64 * 1024 * 1024;
/** Bytes of files that are kept: a diff asks for each of its files several times. */
const keptBytes = 96 * 1024 * 1024;

/** The address of a version of a working file, for VS Code's diff, image and notebook editors. */
export function versionUri(file: vscode.Uri, reference: string): vscode.Uri {
  return vscode.Uri.from({ scheme, ...addressParts({ reference, place: file.path }) });
}

/** A file of a version in the project that holds it; `path` is empty for the top folder. */
interface Place {
  readonly session: ProjectSession;
  readonly reference: string;
  readonly path: string;
}

/** The files of versions, read-only: `cairn:/home/ada/digits/train.py?digits@v3.1`. */
export class VersionFiles implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly kept = new Map<string, Uint8Array>();
  private size = 0;

  constructor(private readonly projects: Projects) {}

  /** Revisions never change, so there is nothing to watch. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const place = await this.locate(uri);
    const times = { ctime: 0, mtime: 0 };
    if (place.path !== '') {
      const bytes = await this.find(uri, place);
      if (bytes !== null) return { type: vscode.FileType.File, size: bytes.length, ...times };
    }
    await this.entries(uri, place);
    return { type: vscode.FileType.Directory, size: 0, ...times };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const bytes = await this.find(uri, await this.locate(uri));
    if (bytes === null) throw vscode.FileSystemError.FileNotFound(uri);
    return bytes;
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return [...(await this.entries(uri, await this.locate(uri)))];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  private async find(uri: vscode.Uri, place: Place): Promise<Uint8Array | null> {
    const key = uri.toString();
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const { session, reference, path } = place;
    const bytes = await found(uri, () =>
      session.project.readFile({ reference, path, limit: largestFile }),
    );
    if (bytes !== null) this.keep(key, bytes);
    return bytes;
  }

  /** The oldest go first once there are too many bytes. */
  private keep(key: string, bytes: Uint8Array): void {
    this.kept.set(key, bytes);
    this.size += bytes.length;
    for (const [oldest, its] of this.kept) {
      if (this.size <= keptBytes || oldest === key) break;
      this.kept.delete(oldest);
      this.size -= its.length;
    }
  }

  private async entries(
    uri: vscode.Uri,
    { session, reference, path }: Place,
  ): Promise<Map<string, vscode.FileType>> {
    const files = await found(uri, () => session.project.codeOf({ reference }));
    const below = path === '' ? '' : `${path}/`;
    const entries = new Map<string, vscode.FileType>();
    for (const file of files) {
      if (!file.path.startsWith(below)) continue;
      const [name, ...rest] = file.path.slice(below.length).split('/');
      const type = rest.length === 0 ? vscode.FileType.File : vscode.FileType.Directory;
      if (name !== undefined) entries.set(name, type);
    }
    if (entries.size === 0 && path !== '') throw vscode.FileSystemError.FileNotFound(uri);
    return entries;
  }

  /** Editors are brought back before the project is found: then it is looked for first. */
  private async locate(uri: vscode.Uri): Promise<Place> {
    const address = parseAddress(uri.path, uri.query);
    if (address === null) throw vscode.FileSystemError.FileNotFound(uri);
    const file = vscode.Uri.from({ scheme: 'file', path: address.place });
    if (this.projects.holding(file) === null) await this.projects.find();
    const session = this.projects.holding(file);
    if (session === null) throw vscode.FileSystemError.Unavailable(uri);
    return { session, reference: address.reference, path: session.recordPath(file) ?? '' };
  }
}

async function found<T>(uri: vscode.Uri, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (thrown) {
    if (isFailure(thrown, 'no-such-version') || isFailure(thrown, 'no-such-model')) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    throw thrown;
  }
}
