/**
 * Model files: what they are, told by their content, and what their headers say. It promises that
 * nothing in a file is executed, that what a file claims of its sizes is checked before anything is
 * allocated, and that a torn file is told from a whole one where the format allows it. It must not
 * know of versions, of where files lie or of who asks: it is given bytes at offsets.
 */
export { byteLayoutOf, type CompanionBytes, companionBytes, soundLayout } from './byteLayout';
export { identifyModel } from './identify';
export type { Beside, ModelContents } from './modelContents';
export type {
  MetadataValue,
  ModelFormat,
  ModelHeader,
  TensorInfo,
  TensorPlace,
} from './modelHeader';
export { readModel } from './readModel';
export { modelEvidence, roleOf } from './role';
export { type ModelScan, scanModel } from './scanModel';
export { isPlain, type TensorFiles, tensorBytes, tensorDigest } from './tensorBytes';
export type { TensorJob } from './tensorJobs';
export { openKernel } from './tensorKernel';
export { runJobs } from './tensorPool';
export { comparable, type Stretch, stretchSums } from './tensorSums';
export { tensorDoubles } from './tensorWidening';
