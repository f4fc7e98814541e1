/**
 * The ground: what the project needs from the machine (disk, processes, clock, randomness,
 * hashing), as small interfaces and their Node versions. It promises that every write passes one
 * seam where tests let it fail, and that every error of the operating system arrives as a `Failure`,
 * injected or real. It must not know what is stored, run or recorded: no model, no version, no Git
 * beyond the name of its command.
 */
export {
  type DirectoryEntry,
  type Disk,
  type FileFacts,
  isSameState,
  type ReadHandle,
  type WriteHandle,
} from './disk';
export { errnoOf } from './diskErrors';
export { type OpenedReader, openFileReader, sectionReader } from './fileReader';
export { nodeHashing } from './nodeMachine';
export { type NodePlatformOptions, nodePlatform } from './nodePlatform';
export type { Clock, Hash, Hashing, Platform, Randomness } from './platform';
export type {
  Conversation,
  ForegroundResult,
  Processes,
  ProcessRequest,
  ProcessResult,
} from './processes';
export type { RangeReader } from './rangeReader';
export { type Fault, openSeam, type WriteCall, type WriteKind, type WriteSeam } from './seam';
export { startThread, type Thread, thisThread, threadsAtOnce } from './thread';
