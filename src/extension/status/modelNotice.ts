import { counted } from '../../core/labels';
import type { ModelStatus } from '../../operations/project';

/** What is known of one model file on disk. */
export interface FileState {
  readonly model: string;
  readonly path: string;
  readonly size: number;
  /** As the engine gives it; only compared. */
  readonly modified: number;
}

/** Model files by model that are new or not as they were. */
export function changedModelFiles(
  before: readonly FileState[],
  after: readonly FileState[],
): Map<string, string[]> {
  const known = new Map(before.map((file) => [`${file.model}\0${file.path}`, file]));
  const changed = new Map<string, string[]>();
  for (const file of after) {
    const was = known.get(`${file.model}\0${file.path}`);
    if (was !== undefined && was.size === file.size && was.modified === file.modified) continue;
    changed.set(file.model, [...(changed.get(file.model) ?? []), file.path]);
  }
  return changed;
}

/** How the change of a model's files came to be known. */
export type Cause = 'training' | 'file';

/** What the status bar and the tree say while a model's files differ from its current version. */
export interface ModelNotice {
  readonly model: string;
  readonly files: number;
  readonly cause: Cause;
  /** `v8`: what a commit would make. */
  readonly next: string;
}

/** The notice of a model, or `null` while no file of it differs. */
export function noticeOf(status: ModelStatus, cause: Cause, next: number): ModelNotice | null {
  const files = status.changes.artifacts.filter((change) => change.status !== 'deleted').length;
  return files === 0 ? null : { model: status.model, files, cause, next: `v${next}` };
}

/** `training ended, 1 model file changed: Commit v8`. */
export function noticeText(notice: ModelNotice): string {
  const ended = notice.cause === 'training' ? 'training ended, ' : '';
  return `${ended}${counted(notice.files, 'model file')} changed: Commit ${notice.next}`;
}
