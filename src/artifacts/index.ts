/**
 * Artifacts: the files of a version that Git does not carry, kept by the SHA-256 of their bytes. The
 * room promises that what was put in comes back exactly, that equal bytes lie here once, that what
 * `put` returned survives a crash, and that nothing half-written is ever seen. It must not know what
 * a file means, which version names it, or when it may go: others decide that and call `remove`.
 */
export type { ArtifactState, ArtifactStore, PutResult, StoredArtifact } from './store';
export { openArtifactStore } from './wholeFileStore';
