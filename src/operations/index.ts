/**
 * The verbs: everything Cairn does, one verb a file, used alike by the command line and the
 * editor. It promises that a verb that fails leaves the project as it was or to be finished at the
 * next opening, and that nothing a version names is lost. It must not know who asks, nor say what a
 * person should do about a failure.
 */
export type {
  FileComparison,
  MetadataChange,
  TensorChange,
  TensorSide,
} from './compareFiles';
export type { InitializeRequest } from './initialize';
export type { Inspection, InspectRequest } from './inspect';
export type { OpenOptions } from './openProject';
export type * from './project';
export type { TrainingRequest, TrainingResult } from './runCommand';
export type { ScanRequest, ScanResult } from './scan';
export {
  compareFiles,
  discover,
  initializeProject,
  inspectFile,
  openProject,
  rebuildProject,
  runTraining,
  scanFiles,
  tensorHistogram,
} from './verbs';
export type * from './versionRequests';
