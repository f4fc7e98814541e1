import * as vscode from 'vscode';
import { isFailure } from '../../core/failure';
import type { Project } from '../../operations/project';
import type { Projects } from '../project/projects';
import { addressParts, parseAddress, type VersionAddress } from './versionAddress';

export const scheme = 'cairn';
/** A file of a version larger than this is not opened in an editor. */
const largestFile = 64 * 1024 * 1024;
/** Bytes of files that are kept: a diff asks for each of its files several times. */
const keptBytes = 96 * 1024 * 1024;

/** The address of a file of a version, for VS Code's diff, image and notebook editors. */
export function versionUri(root: string, reference: string, path: string): vscode.Uri {
  return vscode.Uri.from({ scheme, ...addressParts({ reference, path, root }) });
}

/** The files of versions as a read-only file system: `cairn:/digits@v3.1/train.py`. */
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
    const address = addressOf(uri);
    const times = { ctime: 0, mtime: 0 };
    if (address.path !== '') {
      const bytes = await this.find(uri, address);
      if (bytes !== null) return { type: vscode.FileType.File, size: bytes.length, ...times };
    }
    await this.entries(uri, address);
    return { type: vscode.FileType.Directory, size: 0, ...times };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const bytes = await this.find(uri, addressOf(uri));
    if (bytes === null) throw vscode.FileSystemError.FileNotFound(uri);
    return bytes;
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return [...(await this.entries(uri, addressOf(uri)))];
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

  private async find(uri: vscode.Uri, address: VersionAddress): Promise<Uint8Array | null> {
    const key = uri.toString();
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const { reference, path } = address;
    const bytes = await this.ask(uri, address, (project) =>
      project.readFile({ reference, path, limit: largestFile }),
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
    address: VersionAddress,
  ): Promise<Map<string, vscode.FileType>> {
    const { reference, path } = address;
    const files = await this.ask(uri, address, (project) => project.codeOf({ reference }));
    const below = path === '' ? '' : `${path}/`;
    const found = new Map<string, vscode.FileType>();
    for (const file of files) {
      if (!file.path.startsWith(below)) continue;
      const [name, ...rest] = file.path.slice(below.length).split('/');
      const type = rest.length === 0 ? vscode.FileType.File : vscode.FileType.Directory;
      if (name !== undefined) found.set(name, type);
    }
    if (found.size === 0 && path !== '') throw vscode.FileSystemError.FileNotFound(uri);
    return found;
  }

  private async ask<T>(
    uri: vscode.Uri,
    { root }: VersionAddress,
    question: (project: Project) => Promise<T>,
  ): Promise<T> {
    if (this.projects.at(root) === null) await this.projects.find();
    const session = this.projects.at(root);
    if (session === null) throw vscode.FileSystemError.Unavailable(uri);
    try {
      return await question(session.project);
    } catch (thrown) {
      if (isFailure(thrown, 'no-such-version') || isFailure(thrown, 'no-such-model')) {
        throw vscode.FileSystemError.FileNotFound(uri);
      }
      throw thrown;
    }
  }
}

function addressOf(uri: vscode.Uri): VersionAddress {
  const address = parseAddress(uri.path, uri.query);
  if (address === null) throw vscode.FileSystemError.FileNotFound(uri);
  return address;
}
