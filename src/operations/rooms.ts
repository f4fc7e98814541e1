import type { ArtifactStore } from '../artifacts';
import type { ProjectConfiguration } from '../core/configuration';
import { Failure, whyUnwritable } from '../core/failure';
import type { Repository } from '../git';
import type { History } from '../history';
import type { Platform } from '../platform';
import type { FileMemory } from './fileMemory';

/** The rooms of one opened project, wired: what every verb gets. */
export interface Rooms {
  readonly platform: Platform;
  readonly repository: Repository;
  readonly history: History;
  readonly store: ArtifactStore;
  /** `<git common dir>/cairn`. */
  readonly home: string;
  /** Nothing may be written: an untrusted workspace, or a place where nothing can be. */
  readonly readOnly: boolean;
  /** How long to wait for the writer's lock; left out: the history's own patience. */
  readonly lockMilliseconds?: number;
  /** Digests of files read in this session or at a commit. */
  readonly memory: FileMemory;
  /** `cairn.yaml` as it is now. */
  configuration(): Promise<ProjectConfiguration>;
}

/** @throws Failure `workspace-untrusted`, or `disk-failed`, `disk-full` where nothing can be written */
export function requireWritable(rooms: Pick<Rooms, 'readOnly' | 'history'>, verb: string): void {
  const { unwritable } = rooms.history;
  if (unwritable !== null) throw whyUnwritable(unwritable.data, unwritable);
  if (rooms.readOnly) throw new Failure('workspace-untrusted', { verb });
}

/** The branch that carries a model's versions. */
export function branchOf(model: string): string {
  return `refs/heads/cairn/${model}`;
}

/** The ref that keeps a backup's objects alive. */
export function backupRef(model: string, number: number): string {
  return `refs/cairn/backups/${model}/${number}`;
}

/** A version's path on this disk: record paths are relative and have forward slashes. */
export function pathIn(rooms: Pick<Rooms, 'repository'>, relative: string): string {
  return `${rooms.repository.root}/${relative}`;
}
