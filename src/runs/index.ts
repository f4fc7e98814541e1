/**
 * What training writes: parameters, metrics, curves and predictions, read from the files that
 * training code and its libraries leave. It promises bounded reading, that NaN and infinities are
 * kept and seen, and that what is malformed is refused with its file and line rather than guessed.
 * It must not know of versions, of which model a file belongs to, or where files are looked for.
 */
export { type CheckpointStep, checkpointStep } from './checkpointStep';
export { conventionalNames } from './conventionalNames';
export { type DvcPipeline, dvcLock, dvcPipeline, orNothing } from './dvcPipeline';
export type { ForeignRun } from './foreignRun';
export { isoFrom, singlePoints } from './foreignRun';
export { type JournalPart, readJournal } from './journal';
export type { JournalReading } from './journalEntries';
export { isSetting } from './metricNames';
export { type MetricPaths, type MetricReading, readMetrics } from './metrics';
export {
  isTellingTag,
  mlflowParameter,
  mlflowRunFolders,
  mlflowState,
  readMlflowRun,
} from './mlflowFiles';
export {
  deletedThere,
  mlflowRegistry,
  modelIn,
  type RegisteredVersion,
  textsByRun,
  withoutRun,
} from './mlflowRegistry';
export { isModelConfiguration, type ParameterReading, readParameters } from './parameters';
export { PointSet } from './points';
export { type PredictionReading, predictionsIn, readPredictions } from './predictions';
export { dataTable } from './table';
export { isEventFile, isEventPart, readTensorboardRun } from './tensorboard';
export { decodedText, type TextFile } from './textFile';
export {
  parametersIn,
  readDvcliveRun,
  readLightningRun,
  readLogFile,
  readTrainerRun,
  seriesIn,
} from './toolFiles';
export { readWandbRun } from './wandb';
