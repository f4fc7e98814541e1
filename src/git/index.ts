/**
 * Git: the user's repository as Cairn sees it. Snapshots of the working files, commit objects,
 * references that are prepared before they are published, and reading all of that back. It promises
 * that the user's HEAD, index, stash, configuration and working files stay byte for byte as they
 * were, whatever is asked, and that nothing is published but through `prepareRefs`. It must not
 * know what a model or a version is, nor what the messages of its commits say.
 */
export { initializeRepository } from './initialize';
export type { LineChange } from './lineLog';
export { openRepository } from './openRepository';
export type {
  BusyState,
  ChangeStatus,
  CommitObject,
  LeftOut,
  Look,
  PreparedRefs,
  RefUpdate,
  Repository,
  Snapshot,
  SnapshotRequest,
  TreeChange,
  TreeEntry,
} from './repository';
export { isPointer } from './smudging';
