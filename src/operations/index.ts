/**
 * The verbs: everything Cairn does, one verb a file, used alike by the command line and the
 * editor. It promises that a verb that fails leaves the project as it was or to be finished at the
 * next opening, and that nothing a version names is lost. It must not know who asks, nor say what a
 * person should do about a failure.
 */
export {
  compareFiles,
  type FileComparison,
  type MetadataChange,
  type TensorChange,
  type TensorSide,
} from './compareFiles';
export { discover } from './discover';
export { type InitializeRequest, initializeProject } from './initialize';
export { type Inspection, type InspectRequest, inspectFile } from './inspect';
export { type OpenOptions, openProject } from './openProject';
export type * from './project';
export { rebuildProject } from './rebuildProject';
export { runTraining, type TrainingRequest, type TrainingResult } from './runCommand';
export { type ScanRequest, type ScanResult, scanFiles } from './scan';
export { tensorHistogram } from './tensorHistogram';
