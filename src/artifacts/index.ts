/**
 * Artifacts: the files of a version that Git does not carry, kept by the SHA-256 of their bytes. The
 * room promises that what was put in comes back exactly, that equal stretches (tensors, where it is
 * told of them) lie here once and changed ones small, that what `put` returned survives a crash, and
 * that nothing half-written is ever seen. It must not know what a file means, which version names
 * it, or when it may go: others decide that.
 */
export { openArtifactStore } from './chunkStore';
export type {
  ArtifactState,
  ArtifactStore,
  Collected,
  PutHints,
  PutResult,
  StoredArtifact,
} from './store';
